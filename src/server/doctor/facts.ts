import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Config, StrategyName } from '../../config.ts'
import { ConfigurationError, type Setting, StoreUnavailable } from '../../index.ts'
import { inspectSqlite, type SqliteInspection } from '../../sqlite.ts'
import { isDefaultFile, type Settings } from '../config.ts'
import { keptSecret } from '../secret.ts'
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
  | { readonly state: 'found'; readonly found: SqliteInspection }
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
  /** The options as the library takes them, without those that would stop the start; null when too little is left. */
  readonly setting: Setting | null
  /** Where people reach the server, if that is an address it can have. */
  readonly origin: string | null
  readonly imported: readonly ImportedKey[]
  readonly guarded: readonly Guarded[]
  readonly database: Database
}

export async function gather(settings: Settings): Promise<Facts> {
  const { production, given, strategy, accept, lacking, warnings } = settings
  const secrets = secretsOf(settings)
  const { faults, faulty, setting, origin, imported } = await probe(settings)
  return {
    production,
    strategies: [strategy, ...accept],
    given,
    secrets,
    faults: [...lacking, ...faults],
    faulty,
    warnings,
    setting,
    origin,
    imported,
    guarded: guarded(settings),
    database: database(settings.file, secrets),
  }
}

function secretsOf({ given: { secret }, production, data }: Settings): readonly string[] {
  if (secret !== undefined) return typeof secret === 'string' ? [secret] : secret
  const kept = production ? null : keptSecret(data)
  return kept === null ? [] : [kept]
}

function guarded(settings: Settings): readonly Guarded[] {
  const { data, file, secretFile } = settings
  const folder = isDefaultFile(settings) ? data : dirname(file)
  const files = [file, `${file}-wal`, `${file}-shm`, ...(secretFile === null ? [] : [secretFile])]
  return [
    // A folder that others share may be entered by them; what is in it may still not be read.
    ...(folder === data ? [{ path: data, kind: 'folder', mode: modeOf(data) } as const] : []),
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

function database(file: string, secrets: readonly string[]): Database {
  try {
    const found = inspectSqlite(file, secrets)
    return found === null ? { state: 'absent' } : { state: 'found', found }
  } catch (fault) {
    if (fault instanceof ConfigurationError) return { state: 'refused', message: fault.message }
    if (!(fault instanceof StoreUnavailable)) throw fault
    return { state: 'refused', message: `${file} cannot be read now: try again when nothing else holds it` }
  }
}
