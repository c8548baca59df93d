import { statSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { dirname } from 'node:path'
import type { Config, StrategyName } from '../../config.ts'
import { ConfigurationError, type Setting, StoreUnavailable, systemClock } from '../../index.ts'
import type { PostgresServer } from '../../postgres.ts'
import type { RedisInspection, RedisOptions } from '../../redis.ts'
import type { Settings } from '../config.ts'
import { type Held, inspect, inspectSessions } from '../inspect.ts'
import { keptSecret } from '../secret.ts'
import type { InForce } from './in-force.ts'
import { type ImportedKey, probe } from './probe.ts'

/** A file or folder that has secrets in it, and its rights as POSIX counts them. */
export type Guarded = {
  readonly path: string
  readonly kind: 'folder' | 'file'
  /** Null when it is not there, or the system has no such rights. */
  readonly mode: number | null
}

export type Database =
  | { readonly state: 'absent' }
  | { readonly state: 'found'; readonly found: Held }
  | { readonly state: 'refused'; readonly message: string }

/** What it is kept in, where that is a server; and where that is, for people. */
export type Server = PostgresServer & { readonly where: string }

/** Where sessions are, if not in the database. */
export type Sessions =
  | { readonly state: 'found'; readonly found: RedisInspection; readonly options: RedisOptions; readonly named: number }
  | { readonly state: 'refused'; readonly message: string }

/** Everything there is to judge. Nothing was started, made or changed to know it. */
export type Facts = {
  readonly production: boolean
  /** What is issued, then what is honoured besides. */
  readonly strategies: readonly [StrategyName, ...StrategyName[]]
  readonly given: Config
  /** Newest first; none when they are missing, or still to be made. */
  readonly secrets: readonly string[]
  /** Messages that would stop the start. */
  readonly faults: readonly string[]
  /** Members of the configuration that would stop the start. */
  readonly faulty: ReadonlySet<string>
  readonly warnings: readonly string[]
  /** Members of the configuration file that hold secrets. */
  readonly exposed: readonly string[]
  /** The address to listen on. */
  readonly host: string
  /** Where `/metrics` is; null for nowhere. */
  readonly metrics: Settings['metrics']
  /** The file of the database; null where it is a server. */
  readonly file: string | null
  /** What the machine has, bytes, and milliseconds since the epoch. */
  readonly machine: { readonly memory: number; readonly cores: number; readonly now: number }
  /** The options as the library takes them, without those that would stop the start; null when too little is left. */
  readonly setting: Setting | null
  /** What administrators have set, over the options; null where they have set nothing. */
  readonly inForce: InForce | null
  /** Where people reach the server, if that is an address it can have. */
  readonly origin: string | null
  readonly imported: readonly ImportedKey[]
  /** How messages leave; null where they do not. */
  readonly mail: Settings['mail']
  readonly guarded: readonly Guarded[]
  readonly database: Database
  /** Null when there is none, or none that lets us in. */
  readonly server: Server | null
  /** Null where they are in the database. */
  readonly sessions: Sessions | null
}

export async function gather(settings: Settings): Promise<Facts> {
  const { production, given, strategy, accept, lacking, warnings } = settings
  const secrets = secretsOf(settings)
  const seen = await looked(settings, secrets)
  const stored = seen.database.state === 'found' ? seen.database.found.policy : null
  const { faults, faulty, setting, origin, imported, inForce } = await probe(settings, stored)
  return {
    production,
    strategies: [strategy, ...accept],
    given,
    secrets,
    faults: [...lacking, ...faults],
    faulty,
    warnings,
    exposed: settings.exposed,
    host: settings.host,
    metrics: settings.metrics,
    file: settings.database.kind === 'sqlite' ? settings.database.where : null,
    machine: { memory: totalmem(), cores: availableParallelism(), now: systemClock.now() },
    setting,
    inForce,
    origin,
    imported,
    mail: settings.mail,
    guarded: guarded(settings),
    ...seen,
    sessions: await lookedAtSessions(settings),
  }
}

function secretsOf({ given: { secret }, production, data }: Settings): readonly string[] {
  if (secret !== undefined) return typeof secret === 'string' ? [secret] : secret
  const kept = production ? null : keptSecret(data)
  return kept === null ? [] : [kept]
}

function guarded(settings: Settings): readonly Guarded[] {
  const { data, database, secretFile } = settings
  const { kind, where } = database
  const files = [
    ...(kind === 'sqlite' ? [where, `${where}-wal`, `${where}-shm`] : []),
    ...(secretFile === null ? [] : [secretFile]),
  ]
  return [
    // A folder that others share may be entered by them; what is in it may still not be read.
    ...(files.some((path) => dirname(path) === data)
      ? [{ path: data, kind: 'folder', mode: modeOf(data) } as const]
      : []),
    ...files.map((path) => ({ path, kind: 'file', mode: modeOf(path) }) as const),
  ]
}

function modeOf(path: string): number | null {
  if (process.platform === 'win32') return null
  try {
    return statSync(path).mode & 0o777
  } catch {
    return null
  }
}

async function looked(settings: Settings, secrets: readonly string[]): Promise<Pick<Facts, 'database' | 'server'>> {
  try {
    const { held, server } = await inspect(settings, secrets)
    return {
      database: held === null ? { state: 'absent' } : { state: 'found', found: held },
      server: server && { ...server, where: settings.database.where },
    }
  } catch (fault) {
    return { database: { state: 'refused', message: databaseRefusal(fault, settings) }, server: null }
  }
}

async function lookedAtSessions(settings: Settings): Promise<Sessions | null> {
  const { redis } = settings
  try {
    const found = await inspectSessions(settings)
    return redis && found && { state: 'found', found, options: redis.options, named: redis.urls.length }
  } catch (fault) {
    const see = 'see whether the server runs, is the one of REDIS_URL, and is trusted if that begins with rediss:'
    return { state: 'refused', message: refusal(fault, settings, `${redis?.where} cannot be looked at`, see) }
  }
}

function databaseRefusal(fault: unknown, settings: Settings): string {
  const { kind, where } = settings.database
  if (kind === 'sqlite' && fault instanceof StoreUnavailable) {
    return `${where} cannot be read now: try again when nothing else holds it`
  }
  const see = 'see whether the server runs, is the one of DATABASE_URL, and is trusted if sslmode asks for that'
  return refusal(fault, settings, `${where} cannot be looked at`, see)
}

/** Why there was no looking at it. Of a fault its code at most: nothing in it may be of the address. */
function refusal(fault: unknown, { blame }: Settings, what: string, instead: string): string {
  if (fault instanceof ConfigurationError) {
    const blamed = blame(fault)
    return blamed instanceof Error ? blamed.message : fault.message
  }
  if (!(fault instanceof StoreUnavailable)) throw fault
  const { cause } = fault
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? ` (${cause.code})` : ''
  return `${what}${code}: ${instead}`
}
