import { join, resolve } from 'node:path'
import type { Config, LogLevel, StrategyName } from '../config.ts'
import { ConfigurationError, type Options } from '../index.ts'
import { fromFile, isWritten } from './config-file.ts'
import { type Database, databaseOf } from './database.ts'
import { type Environment, fromEnvironment, LOG_LEVELS } from './environment.ts'
import { exposedBy } from './exposed.ts'
import { type MailSettings, mailOf } from './mail.ts'
import { checkedMetrics, type MetricsSetting } from './metrics-access.ts'
import { missing } from './missing.ts'
import { checkedRedis, type Redis, redisOf } from './redis.ts'
import { developmentSecret, secretPath } from './secret.ts'

/** Everything the program goes by, checked as far as it can be without starting anything. */
export type Settings = {
  readonly production: boolean
  readonly port: number
  readonly host: string
  readonly data: string
  readonly database: Database
  /** Where sessions, denials, tickets and counters are, if not in the database. */
  readonly redis: Redis | null
  /** How messages leave; null where they do not. */
  readonly mail: MailSettings | null
  readonly logLevel: LogLevel
  /** Where `/metrics` is; null for nowhere. */
  readonly metrics: MetricsSetting | null
  readonly strategy: StrategyName
  readonly accept: readonly StrategyName[]
  /** What was written, where several say the same what counts, and nothing made up for the rest. It holds the secret. */
  readonly given: Config
  /** What it does not start without and has not, packages among it, as the messages that say so. */
  readonly lacking: readonly string[]
  /** Members of the configuration file that hold what should be in the environment: a secret, an address with a password. */
  readonly exposed: readonly string[]
  /** The file the secret is in, or will be; null when it is in none that is known. */
  readonly secretFile: string | null
  /**
   * For `createAuth`, but for the parts. The secret of development is made and kept here.
   * @throws ConfigurationError when production has no secret or no address
   */
  options(): Omit<Options, 'store' | 'strategy'>
  /** Lines for whoever started the program. */
  readonly warnings: readonly string[]
  /** A configuration fault with the variable it came by in front; any other as it is. */
  blame(fault: unknown): unknown
}

/** What the command line says. */
export type Flags = Pick<Config, 'port' | 'host' | 'strategy'>

/** The option that a message begins with, and the variables it may have come by. */
const VARIABLES: readonly (readonly [option: string, ...variables: string[]])[] = [
  ['secret', 'SALLYPORT_SECRET_FILE', 'SALLYPORT_SECRET'],
  ['baseUrl', 'SALLYPORT_URL'],
  ['timeouts.idle', 'SALLYPORT_IDLE'],
  ['timeouts.absolute', 'SALLYPORT_ABSOLUTE'],
  ['trustedProxies', 'TRUSTED_PROXIES'],
  ['cors.origins', 'CORS_ORIGINS'],
  ['postgres() schema', 'DATABASE_SCHEMA'],
  ['postgres() connections', 'DATABASE_CONNECTIONS'],
  ['redis() prefix', 'REDIS_PREFIX'],
  ['redis() partitions', 'REDIS_PARTITIONS'],
  ['redis() replicas', 'REDIS_REPLICAS'],
  ['redis() is', 'REDIS_URL'],
  ['webhooks[0].url', 'SALLYPORT_WEBHOOK_URL'],
  ['webhooks[0].secret', 'SALLYPORT_WEBHOOK_SECRET'],
  ['webhooks[0].events', 'SALLYPORT_WEBHOOK_EVENTS'],
  ['verifyEmail', 'SALLYPORT_VERIFY_EMAIL'],
]

const NO_SECRET = `SALLYPORT_SECRET is missing: write one made by: node -p "crypto.randomBytes(32).toString('base64url')"`
const NO_MAIL =
  'SMTP_URL is missing, and addresses are to be verified: write it with MAIL_FROM, or SALLYPORT_VERIFY_EMAIL=false'
const NO_URL =
  'SALLYPORT_URL is missing: write the address people reach this server at, such as https://auth.example.com'

/**
 * Reads the configuration: the command line before the environment before the file before the defaults. Nothing else in
 * the house looks at the environment.
 * @throws ConfigurationError that says in one line what to write
 */
export async function settings(
  flags: Flags = {},
  env: Environment = process.env,
  folder = process.cwd(),
): Promise<Settings> {
  const production = env.NODE_ENV === 'production'
  const { config: fromEnv, warnings } = fromEnvironment(env)
  const file = await fromFile(folder, env.SALLYPORT_CONFIG || undefined)
  const timeouts = { ...file.timeouts, ...fromEnv.timeouts }
  const postgres = { ...file.postgres, ...fromEnv.postgres }
  const redis = { ...checkedRedis(file.redis), ...fromEnv.redis }
  const smtp = { ...file.smtp, ...fromEnv.smtp }
  const metrics = { ...file.metrics, ...fromEnv.metrics }
  const given: Config = { ...file, ...fromEnv, ...flags, timeouts, postgres, redis, smtp, metrics }
  const {
    port = 3000,
    host,
    strategy = 'session',
    accept = [],
    database: url,
    data: dataPath,
    logLevel = 'info',
    secret,
    jwt: _jwt,
    hybrid: _hybrid,
    postgres: _postgres,
    metrics: _metrics,
    redis: { url: redisUrl, ...redisOptions } = {},
    smtp: _smtp,
    ...rest
  } = given
  checked({ port, logLevel, signUp: rest.signUp })
  checkedStrategies(strategy, accept)
  const data = resolve(folder, dataPath ?? '.data')
  const database = databaseOf(url ?? defaultFile(data), postgres, folder)
  const made = secret === undefined && !production ? secretPath(data) : null
  const mail = mailOf(given, production)
  const reach = checkedMetrics(metrics, port)
  const lacking = [
    ...(production ? [...lack(secret, NO_SECRET), ...lack(rest.baseUrl, NO_URL)] : []),
    ...(rest.verifyEmail && mail === null ? [NO_MAIL] : []),
    ...missing(neededBy(given, env, mail)),
  ]
  return {
    production,
    port,
    host: host ?? (production ? '0.0.0.0' : '127.0.0.1'),
    data,
    database,
    redis: redisUrl === undefined ? null : redisOf(redisUrl, redisOptions),
    mail,
    logLevel,
    metrics: reach,
    strategy,
    accept,
    given,
    lacking,
    exposed: exposedBy(file, isWritten(folder, env.SALLYPORT_CONFIG || undefined)),
    secretFile: env.SALLYPORT_SECRET_FILE ? resolve(env.SALLYPORT_SECRET_FILE) : made,
    options() {
      const [first] = lacking
      if (first !== undefined) throw new ConfigurationError(first)
      const { baseUrl = `http://localhost:${port}` } = rest
      return { ...rest, baseUrl, secret: secret ?? developmentSecret(data) }
    },
    warnings: [
      ...warnings,
      ...(database.kind === 'postgres'
        ? []
        : inVain(env, ['DATABASE_SCHEMA', 'DATABASE_CONNECTIONS'], 'the database is a file')),
      ...(mail === null ? inVain(env, ['MAIL_FROM'], 'there is no SMTP_URL') : []),
      ...(redisUrl === undefined
        ? inVain(env, ['REDIS_PREFIX', 'REDIS_PARTITIONS', 'REDIS_REPLICAS'], 'there is no REDIS_URL')
        : []),
    ],
    blame(fault) {
      if (!(fault instanceof ConfigurationError)) return fault
      const option = VARIABLES.find(([name]) => fault.message.startsWith(name))
      const variable = option?.slice(1).find((name) => env[name])
      return variable === undefined ? fault : new ConfigurationError(`${variable}: ${fault.message}`, { cause: fault })
    },
  }
}

/** Where the database lies unless `DATABASE_URL` says otherwise. */
export function isDefaultFile({ database, data }: Pick<Settings, 'database' | 'data'>): boolean {
  return database.kind === 'sqlite' && database.where === defaultFile(data)
}

function defaultFile(data: string): string {
  return join(data, 'sallyport.db')
}

/** What is said of a database that is another, or none. */
function inVain(env: Environment, names: readonly string[], why: string): readonly string[] {
  return names.filter((name) => env[name]).map((name) => `${name} has no effect: ${why}`)
}

/** Packages that only those install who configure what they are for. */
function neededBy(
  { database = '', redis, smtp, metrics, password }: Config,
  env: Environment,
  mail: MailSettings | null,
): readonly (readonly [who: string, name: string])[] {
  const written = (...names: readonly string[]) => names.find((name) => env[name])
  const isMeasured = metrics?.port !== undefined || metrics?.token !== undefined
  const [bcrypt] = (password?.imported ?? []).filter((kind) => kind.startsWith('$2'))
  return [
    ...(/^postgres(?:ql)?:/i.test(database) ? [['DATABASE_URL', 'pg'] as const] : []),
    ...(redis?.url === undefined ? [] : [['REDIS_URL', '@redis/client'] as const]),
    ...(smtp?.url === undefined || mail?.kind !== 'smtp'
      ? []
      : [[written('SMTP_URL') ?? 'smtp.url', 'nodemailer'] as const]),
    ...(isMeasured ? [[written('METRICS_PORT', 'METRICS_TOKEN') ?? 'metrics', 'prom-client'] as const] : []),
    ...(bcrypt === undefined ? [] : [[`password.imported has '${bcrypt}', which`, '@node-rs/bcrypt'] as const]),
  ]
}

function lack(value: unknown, message: string): readonly string[] {
  return value === undefined ? [message] : []
}

function checked({ port, logLevel, signUp }: Readonly<Record<string, unknown>>): void {
  if (!Number.isInteger(port) || Number(port) < 1 || Number(port) > 65_535) {
    throw new ConfigurationError(`PORT is ${JSON.stringify(port)}: write a number from 1 to 65535`)
  }
  if (!LOG_LEVELS.some((level) => level === logLevel)) {
    throw new ConfigurationError(`logLevel is '${logLevel}': write one of ${LOG_LEVELS.join(', ')}`)
  }
  if (signUp !== undefined && signUp !== 'open' && signUp !== 'closed') {
    throw new ConfigurationError(`signUp is '${signUp}': write open or closed`)
  }
}

const STRATEGIES: readonly unknown[] = ['session', 'jwt', 'hybrid'] satisfies readonly StrategyName[]

function checkedStrategies(strategy: unknown, accept: unknown): void {
  const known = 'session, jwt or hybrid'
  if (!STRATEGIES.includes(strategy))
    throw new ConfigurationError(`SALLYPORT_STRATEGY is '${strategy}': write ${known}`)
  if (!Array.isArray(accept)) throw new ConfigurationError(`accept is '${accept}': write a list of ${known}`)
  for (const name of accept) {
    if (!STRATEGIES.includes(name)) throw new ConfigurationError(`accept has '${name}': write ${known}`)
    if (name === strategy)
      throw new ConfigurationError(`accept has '${name}', which is the strategy already: remove it`)
  }
}
