import { type Auth, ConfigurationError, createAuth, memory, type Options, type Setting, session } from '../../index.ts'
import type { Settings } from '../config.ts'
import { strategyOf } from '../open.ts'
import { type InForce, inForce } from './in-force.ts'

/** What is known of a key that the operator brought, without the key. */
export type ImportedKey = {
  readonly kid: string
  readonly alg: string
  /** Of an RSA key. */
  readonly bits: number | null
}

type Probed = {
  readonly faults: readonly string[]
  /** Members of the configuration that would stop the start. */
  readonly faulty: ReadonlySet<string>
  readonly setting: Setting | null
  /** Where people reach the server, if that is an address it can have. */
  readonly origin: string | null
  readonly imported: readonly ImportedKey[]
  /** What administrators have set, over the options; null where they have set nothing. */
  readonly inForce: InForce | null
}

type Trial = { readonly auth: Auth } | { readonly message: string }

/** Options that others lean on: what is wrong with one of them would be said of every other. */
const FIRST = ['baseUrl', 'roles', 'mailer'] as const

/**
 * What the library says of the options: each beside ones that are good, so that all faults are told and not the first,
 * then all good ones together. Over an empty memory, so that nothing is opened.
 */
export async function probe(
  { given, strategy, accept, port, production, mail, blame }: Settings,
  stored: Readonly<Record<string, unknown>> | null,
): Promise<Probed> {
  const faults: string[] = []
  const faulty = new Set<string>()
  const noted = (trial: Trial, member?: string): trial is { readonly auth: Auth } => {
    if ('auth' in trial) return true
    if (member !== undefined) faulty.add(member)
    const fault = blame(new ConfigurationError(trial.message))
    faults.push(fault instanceof Error ? fault.message : trial.message)
    return false
  }
  const strategies = [strategy, ...accept].flatMap((name) => {
    const made = attempt(() => strategyOf(name, given))
    if (typeof made === 'function') return [made]
    faults.push(made.message)
    faulty.add(name)
    return []
  })
  const [issuing = session(), ...accepted] = strategies
  const { port: _port, host: _host, strategy: _strategy, accept: _accept, database: _database, ...others } = given
  const {
    data: _data,
    logLevel: _level,
    jwt: _jwt,
    hybrid: _hybrid,
    postgres: _postgres,
    redis: _redis,
    smtp: _smtp,
    ...options
  } = others
  const present = { ...options, ...(!production && { baseUrl: options.baseUrl ?? `http://localhost:${port}` }) }

  let company: Options = {
    store: memory(),
    strategy: issuing,
    baseUrl: 'https://app.example',
    ...(mail?.kind !== 'own' && { mailer: { send: async () => {} } }),
    secret: Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url'),
  }
  for (const name of FIRST) {
    const value = present[name]
    if (value !== undefined && noted(tried({ ...company, [name]: value }), name))
      company = { ...company, [name]: value }
  }
  const origin = company.baseUrl === present.baseUrl ? new URL(company.baseUrl).origin : null
  const rest = Object.entries(present).filter(([name]) => !(FIRST as readonly string[]).includes(name))
  const good = rest.filter(([name, value]) => noted(tried({ ...company, [name]: value }), name))
  const together = { ...company, ...Object.fromEntries(good), accept: accepted }
  const whole = tried(together)
  if (!noted(whole)) return { faults, faulty, setting: null, origin, imported: [], inForce: null }
  const policy = await inForce(together, stored)
  if (typeof policy === 'string') faults.push(`what administrators have set does not fit the configuration, ${policy}`)
  return {
    faults,
    faulty,
    setting: whole.auth.setting,
    origin,
    imported: await importedKeys(together),
    inForce: typeof policy === 'string' ? null : policy,
  }
}

function tried(options: Options): Trial {
  const auth = attempt(() => createAuth(options))
  return 'message' in auth ? auth : { auth }
}

function attempt<T extends object>(make: () => T): T | { readonly message: string } {
  try {
    return make()
  } catch (fault) {
    if (fault instanceof ConfigurationError) return { message: fault.message }
    throw fault
  }
}

/** Asked of a guard that has nothing else: only what can be published is looked at, so no secret leaves it. */
async function importedKeys({ keys, baseUrl, secret }: Options): Promise<readonly ImportedKey[]> {
  if (!keys?.import?.length) return []
  const auth = createAuth({ store: memory(), strategy: session(), baseUrl, secret, keys })
  try {
    const published = await auth.keys.published()
    const bits = new Map(published.map(({ kid, n }) => [kid, n === undefined ? null : modulusBits(n)]))
    const listed = await auth.keys.list()
    return listed.map(({ kid, alg }) => ({ kid, alg, bits: bits.get(kid) ?? null }))
  } finally {
    await auth.close()
  }
}

/** Of a modulus as a JWK has it (RFC 7518 section 6.3.1.1): no zero in front. */
function modulusBits(n: string): number {
  const bytes = Buffer.from(n, 'base64url')
  return bytes.length * 8 - Math.clz32(bytes[0] ?? 0) + 24
}
