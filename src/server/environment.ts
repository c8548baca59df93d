import { readFileSync } from 'node:fs'
import type { Config, LogLevel } from '../config.ts'
import { ConfigurationError } from '../index.ts'
import type { EventPattern } from '../webhooks.ts'
import { nearest } from './nearest.ts'
import { VARIABLES } from './variables.ts'

/** Environment variables by name; an empty one counts as absent. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What the environment says, in the shape of the file, and what it says in vain. */
export type FromEnvironment = { readonly config: Config; readonly warnings: readonly string[] }

/** Every `SALLYPORT_…` that means something. */
const OWN = Object.keys(VARIABLES).filter((name) => name.startsWith('SALLYPORT_'))

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const satisfies readonly LogLevel[]

/** @throws ConfigurationError naming the variable and what to write. */
export function fromEnvironment(env: Environment): FromEnvironment {
  const given = (name: string): string | undefined => env[name] || undefined
  const verifyEmail = truth(given('SALLYPORT_VERIFY_EMAIL'))
  const [smtpUrl, from] = [given('SMTP_URL'), given('MAIL_FROM')]
  const port = number('PORT', given('PORT'))
  const [idle, absolute] = [duration(given('SALLYPORT_IDLE')), duration(given('SALLYPORT_ABSOLUTE'))]
  const secret = secrets(given)
  const proxies = list(given('TRUSTED_PROXIES'))
  const origins = list(given('CORS_ORIGINS'))
  const logLevel = oneOf('LOG_LEVEL', given('LOG_LEVEL'), LOG_LEVELS)
  const signUp = oneOf('SALLYPORT_SIGN_UP', given('SALLYPORT_SIGN_UP'), ['open', 'closed'] as const)
  const strategy = given('SALLYPORT_STRATEGY') as Config['strategy']
  const [host, baseUrl] = [given('HOST'), given('SALLYPORT_URL')]
  const [database, data] = [given('DATABASE_URL'), given('SALLYPORT_DATA')]
  const [schema, connections] = [given('DATABASE_SCHEMA'), wholeNumber(given, 'DATABASE_CONNECTIONS', 1)]
  const redis = redisFrom(given)
  const webhook = webhookFrom(given)
  const metrics = { port: number('METRICS_PORT', given('METRICS_PORT')), token: given('METRICS_TOKEN') }
  return {
    config: {
      ...(port !== undefined && { port }),
      ...(host !== undefined && { host }),
      ...(baseUrl !== undefined && { baseUrl }),
      ...(secret !== undefined && { secret }),
      ...(strategy !== undefined && { strategy }),
      ...(database !== undefined && { database }),
      ...((schema ?? connections) !== undefined && {
        postgres: { ...(schema !== undefined && { schema }), ...(connections !== undefined && { connections }) },
      }),
      ...(Object.keys(redis).length > 0 && { redis }),
      ...(data !== undefined && { data }),
      ...(webhook && { webhooks: [webhook] }),
      ...(verifyEmail !== undefined && { verifyEmail }),
      ...((smtpUrl ?? from) !== undefined && {
        smtp: { ...(smtpUrl !== undefined && { url: smtpUrl }), ...(from !== undefined && { from }) },
      }),
      ...((metrics.port ?? metrics.token) !== undefined && {
        metrics: {
          ...(metrics.port !== undefined && { port: metrics.port }),
          ...(metrics.token !== undefined && { token: metrics.token }),
        },
      }),
      ...(signUp !== undefined && { signUp }),
      ...(logLevel !== undefined && { logLevel }),
      ...(proxies !== undefined && { trustedProxies: proxies }),
      ...(origins !== undefined && { cors: { origins } }),
      ...((idle ?? absolute) !== undefined && {
        timeouts: { ...(idle !== undefined && { idle }), ...(absolute !== undefined && { absolute }) },
      }),
    },
    warnings: unknown(env),
  }
}

function redisFrom(given: (name: string) => string | undefined): NonNullable<Config['redis']> {
  const [url, prefix] = [given('REDIS_URL'), given('REDIS_PREFIX')]
  const [partitions, replicas] = [wholeNumber(given, 'REDIS_PARTITIONS', 1), wholeNumber(given, 'REDIS_REPLICAS', 0)]
  return {
    ...(url !== undefined && { url }),
    ...(prefix !== undefined && { prefix }),
    ...(partitions !== undefined && { partitions }),
    ...(replicas !== undefined && { replicas }),
  }
}

/** One endpoint; several are written in the file. */
function webhookFrom(given: (name: string) => string | undefined): NonNullable<Config['webhooks']>[number] | undefined {
  const [url, secret] = [given('SALLYPORT_WEBHOOK_URL'), list(given('SALLYPORT_WEBHOOK_SECRET'))]
  const events = list(given('SALLYPORT_WEBHOOK_EVENTS')) as readonly EventPattern[] | undefined
  if (url === undefined && secret === undefined && events === undefined) return undefined
  if (url === undefined) throw new ConfigurationError('SALLYPORT_WEBHOOK_URL is missing: write where events are sent')
  return { url, secret: secret ?? [], ...(events && { events }) }
}

function unknown(env: Environment): readonly string[] {
  const strange = Object.keys(env).filter((name) => name.startsWith('SALLYPORT_') && !OWN.includes(name))
  return strange.map((name) => {
    const meant = nearest(name, OWN)
    return `${name} means nothing here${meant ? `: did you mean ${meant}?` : ''}`
  })
}

function secrets(given: (name: string) => string | undefined): readonly string[] | undefined {
  const [value, file] = [given('SALLYPORT_SECRET'), given('SALLYPORT_SECRET_FILE')]
  if (value !== undefined && file !== undefined) {
    throw new ConfigurationError('SALLYPORT_SECRET and SALLYPORT_SECRET_FILE are both set: keep one of them')
  }
  return list(file === undefined ? value : contents(file))
}

function contents(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown fault'
    throw new ConfigurationError(`SALLYPORT_SECRET_FILE cannot be read (${code}): name a file this process may read`, {
      cause,
    })
  }
}

/** Entries between commas or line ends. */
function list(value: string | undefined): readonly string[] | undefined {
  return value
    ?.split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

/** Bare digits are milliseconds, as in the options. */
function duration(value: string | undefined): `${number}ms` | undefined {
  if (value === undefined) return undefined
  return (/^\d+$/.test(value) ? `${value}ms` : value) as `${number}ms`
}

function number(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (!/^\d{1,5}$/.test(value)) throw new ConfigurationError(`${name} is '${value}': write a number from 1 to 65535`)
  return Number(value)
}

function wholeNumber(given: (name: string) => string | undefined, name: string, least: 0 | 1): number | undefined {
  const value = given(name)
  if (value === undefined) return undefined
  if (!/^(?:0|[1-9]\d{0,4})$/.test(value) || Number(value) < least) {
    throw new ConfigurationError(`${name} is '${value}': write a whole number from ${least}`)
  }
  return Number(value)
}

function oneOf<const T extends string>(name: string, value: string | undefined, known: readonly T[]): T | undefined {
  const found = known.find((one) => one === value)
  if (value !== undefined && found === undefined) {
    throw new ConfigurationError(`${name} is '${value}': write ${known.slice(0, -1).join(', ')} or ${known.at(-1)}`)
  }
  return found
}

function truth(value: string | undefined): boolean | undefined {
  return value === undefined ? undefined : !['0', 'false', 'no', 'off'].includes(value.toLowerCase())
}
