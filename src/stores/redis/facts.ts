import { systemClock } from '../../clock.ts'
import type { Connection } from './connection.ts'
import { answerOf } from './errors.ts'
import { type Info, infoOf } from './server.ts'
import { type Address, nameOf } from './settings.ts'

/** A server, and how it is reached. What is null could not be asked: managed services do not tell their settings. */
export type RedisServer = {
  /** Host and port. */
  readonly where: string
  /** What it is called since its start (`run_id`). */
  readonly id: string
  /** As it is written: `7.0.15`. */
  readonly version: string
  readonly isValkey: boolean
  readonly isCluster: boolean
  readonly isReplica: boolean
  /** `maxmemory-policy`. */
  readonly policy: string
  /** Bytes. */
  readonly usedMemory: number
  /** Bytes; 0 where there is no limit. */
  readonly maxMemory: number
  readonly appendOnly: boolean
  /** `always`, `everysec` or `no`. */
  readonly appendFsync: string | null
  /** Whether snapshots are taken by themselves. */
  readonly snapshots: boolean | null
  /** Whether what was last written of the append-only file, and the last snapshot, got onto the disk. */
  readonly isWritten: boolean
  /** Replicas that are connected and have caught up. */
  readonly replicas: number
  /** `min-replicas-to-write`; 0 also where `min-replicas-max-lag` is 0, which switches it off. */
  readonly minReplicas: number | null
  /** `min-replicas-max-lag`, seconds. */
  readonly maxLag: number | null
  /** `hash-max-listpack-entries` and `hash-max-listpack-value`. */
  readonly listpack: { readonly entries: number; readonly value: number } | null
  /** How far its clock is ahead of this machine's, milliseconds, as far as the way there and back leaves no doubt. */
  readonly ahead: number | null
}

const ASKED = [
  ...['appendfsync', 'save', 'min-replicas-to-write', 'min-replicas-max-lag'],
  ...['hash-max-listpack-entries', 'hash-max-listpack-value'],
]

/** Asks a server about itself, and changes nothing. */
export async function serverOf(address: Address, to: Connection): Promise<RedisServer> {
  const info = await infoOf(to)
  const config = await configOf(to)
  const said = (name: string) => config?.get(name) ?? null
  const number = (name: string) => (config?.has(name) ? Number(config.get(name)) : null)
  const [entries, value] = [number('hash-max-listpack-entries'), number('hash-max-listpack-value')]
  const [least, maxLag] = [number('min-replicas-to-write'), number('min-replicas-max-lag')]
  // Told only where both are set.
  const isGuarded = info.has('min_slaves_good_slaves')
  return {
    where: nameOf(address),
    id: info.get('run_id') ?? nameOf(address),
    version: info.get('valkey_version') ?? info.get('redis_version') ?? 'unknown',
    isValkey: info.has('valkey_version'),
    isCluster: info.get('cluster_enabled') === '1',
    isReplica: info.get('role') !== 'master',
    policy: info.get('maxmemory_policy') ?? 'noeviction',
    usedMemory: Number(info.get('used_memory') ?? 0),
    maxMemory: Number(info.get('maxmemory') ?? 0),
    appendOnly: info.get('aof_enabled') === '1',
    appendFsync: said('appendfsync'),
    snapshots: config?.has('save') ? config.get('save') !== '' : null,
    isWritten: STATES.every((name) => (info.get(name) ?? 'ok') === 'ok'),
    replicas: replicasOf(info),
    minReplicas: isGuarded ? least : 0,
    maxLag,
    listpack: entries === null || value === null ? null : { entries, value },
    ahead: await aheadOf(to),
  }
}

const STATES = ['aof_last_write_status', 'aof_last_bgrewrite_status', 'rdb_last_bgsave_status'] as const

function replicasOf(info: Info): number {
  return [...info].filter(([name, value]) => /^slave\d+$/.test(name) && value.includes('state=online')).length
}

/** The answer, or null where the server does not take the command from this user. */
export async function allowed(to: Connection, ...command: readonly string[]): Promise<unknown> {
  try {
    return await to.send(command)
  } catch (error) {
    if (answerOf(error) === null) throw error
    return null
  }
}

async function configOf(to: Connection): Promise<ReadonlyMap<string, string> | null> {
  const answer = await allowed(to, 'CONFIG', 'GET', ...ASKED)
  return typeof answer === 'object' && answer !== null ? new Map(Object.entries(answer)) : null
}

async function aheadOf(to: Connection): Promise<number | null> {
  const before = systemClock.now()
  const answer = await allowed(to, 'TIME')
  const after = systemClock.now()
  if (!Array.isArray(answer)) return null
  const [seconds, micros] = answer.map(Number) as [number, number]
  const there = seconds * 1000 + Math.floor(micros / 1000)
  return there > after ? there - after : Math.min(0, there - before)
}
