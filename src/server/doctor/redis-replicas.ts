import type { RedisServer } from '../../redis.ts'
import { bad, type Finding, ok, warn } from './finding.ts'

/** Shorter than a lease, seconds. */
const MOST_LAG = 2

/** Whether an answered ending survives a failover, and an old primary stops answering. `wanted`: how many replicas confirm a change. */
export function replication(server: RedisServer, wanted: number): readonly Finding[] {
  const { where, replicas, isReplica } = server
  if (isReplica || (replicas === 0 && wanted === 0)) return []
  return [...confirmed(where, replicas, wanted), ...fenced(server)]
}

function confirmed(where: string, replicas: number, wanted: number): readonly Finding[] {
  if (wanted > replicas) {
    const who = wanted === 1 ? 'a replica has' : `${wanted} replicas have`
    const there = replicas === 0 ? 'none is' : replicas === 1 ? 'one is' : `${replicas} are`
    const what = `${who} to confirm each change, and ${there} connected to ${where}: nobody can sign in or out`
    return [bad(what, 'attach replicas, or write a lower REDIS_REPLICAS')]
  }
  if (wanted > 0) return [ok(`changes are confirmed by ${wanted} of the ${replicas} replicas of ${where}`)]
  const what = `${where} has replicas, and no change waits for one: a failover may lose endings that were answered`
  return [warn(what, 'write REDIS_REPLICAS=1, or never promote one that is behind (docs/operations.md)')]
}

/** Every script counts as one that writes: a primary without replicas that keep up refuses all of them then, reads too. */
function fenced({ where, replicas, minReplicas, maxLag }: RedisServer): readonly Finding[] {
  const instead = `write min-replicas-to-write 1 and min-replicas-max-lag ${MOST_LAG}`
  const trusted = 'after a failover, a server that still reaches the old primary goes on trusting it'
  if (minReplicas === 0) return [warn(`min-replicas-to-write of ${where} is 0: ${trusted}`, instead)]
  // Could not be asked; said with appendfsync.
  if (maxLag === null) return []
  if (maxLag <= MOST_LAG) {
    const isBySome = minReplicas !== null && minReplicas < replicas
    const hint = isBySome ? `with min-replicas-to-write ${replicas}, also when some of them stay beside it` : null
    return [ok(`${where} stops answering when it is cut off from its replicas`, hint)]
  }
  return [warn(`min-replicas-max-lag of ${where} is ${maxLag} s, longer than a lease: ${trusted}`, instead)]
}
