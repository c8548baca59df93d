import { ConfigurationError } from '../../errors.ts'
import type { Connection } from './connection.ts'
import type { Settings } from './settings.ts'

/** The oldest that has what the scripts need: flags, and channels that stay in their shard. */
const OLDEST = 7

/** What a server tells of itself, by name. */
export type Info = ReadonlyMap<string, string>

export async function infoOf(to: Connection): Promise<Info> {
  const text = String(await to.send(['INFO']))
  return new Map(
    text.split('\r\n').flatMap((line): [string, string][] => {
      const at = line.indexOf(':')
      return at < 1 || line.startsWith('#') ? [] : [[line.slice(0, at), line.slice(at + 1)]]
    }),
  )
}

/**
 * Looks at the servers that are there.
 * @throws ConfigurationError when the promises could not be kept on one of them; what went wrong with the last, when there is none.
 */
export async function checkServers(settings: Settings, servers: readonly Connection[]): Promise<void> {
  const looked = await Promise.allSettled(servers.map(infoOf))
  for (const one of looked) if (one.status === 'fulfilled') check(settings, one.value)
  const last = looked.at(-1)
  if (last?.status === 'rejected' && looked.every(({ status }) => status === 'rejected')) throw last.reason
}

function check({ where, database }: Settings, info: Info): void {
  const isValkey = info.has('valkey_version')
  const version = info.get('redis_version') ?? ''
  if (!isValkey && Number.parseInt(version, 10) < OLDEST) {
    throw new ConfigurationError(
      `the Redis server at ${where} is of version ${version}: ${OLDEST} or newer is needed, or Valkey`,
    )
  }
  const policy = info.get('maxmemory_policy') ?? 'noeviction'
  if (policy !== 'noeviction') {
    throw new ConfigurationError(
      `the Redis server at ${where} throws away what it has no room for (maxmemory-policy ${policy}): set it to noeviction, or denials are lost and who was signed out is let in`,
    )
  }
  const isCluster = info.get('cluster_enabled') === '1'
  if (!isCluster && info.get('role') !== 'master') {
    throw new ConfigurationError(`the Redis server at ${where} is a replica: name the primary`)
  }
  if (isCluster && database !== 0) {
    throw new ConfigurationError(
      `the Redis Cluster at ${where} has one database only: leave /${database} out of the address`,
    )
  }
}
