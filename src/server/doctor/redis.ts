import type { RedisInspection, RedisServer } from '../../redis.ts'
import { clock } from './clock.ts'
import type { Facts, Sessions } from './facts.ts'
import { bad, type Finding, fromMessage, ok, warn } from './finding.ts'
import { disk, memory } from './redis-data.ts'
import { replication } from './redis-replicas.ts'

const OLDEST = 7

type Found = Extract<Sessions, { state: 'found' }>

/** What the promises of endings need from Redis, where sessions are there (docs/operations.md). */
export function redis({ sessions }: Pick<Facts, 'sessions'>): readonly Finding[] {
  if (!sessions) return []
  if (sessions.state === 'refused') return [fromMessage(sessions.message)]
  const { found, options } = sessions
  return [
    ...way(found),
    ...cluster(sessions),
    ...data(sessions),
    ...found.servers.flatMap((server) => [
      ...kind(server),
      ...memory(server),
      ...disk(server),
      ...replication(server, options.replicas ?? 0),
      ...clock(server),
    ]),
  ]
}

function kind({ version, isValkey, isCluster, isReplica, where }: RedisServer): readonly Finding[] {
  const name = `${isValkey ? 'Valkey' : 'Redis'} ${version}`
  if (!isValkey && Number.parseInt(version, 10) < OLDEST) {
    return [bad(`${where} is ${name}`, `run version ${OLDEST} or newer, or Valkey`)]
  }
  if (isReplica && !isCluster) {
    const what = `${where} is a replica: it takes no writes, and what it answers may be old`
    return [bad(what, 'write the address of the primary')]
  }
  return [ok(`${where} is ${name}`)]
}

function way({ isLocal, isEncrypted, isOpen, servers: [{ where }] }: RedisInspection): readonly Finding[] {
  if (isLocal) return []
  const found: Finding[] = []
  if (isEncrypted) found.push(ok('the connection to Redis is encrypted, and its server proves who it is'))
  else {
    const what = `the connection to ${where} is not encrypted: who sits on the way can read and change all sessions`
    found.push(bad(what, 'write rediss:// in REDIS_URL, and have the server speak TLS'))
  }
  if (isOpen) {
    const what = `${where} lets in whoever has no password: they can make sessions for anybody`
    found.push(bad(what, 'write user default off in its ACL, or a requirepass, and a user of our own in REDIS_URL'))
  }
  return found
}

function cluster({ found, options, named }: Found): readonly Finding[] {
  const [first] = found.servers
  const gone = found.silent.map((where) =>
    warn(`${where} does not answer`, 'see whether it runs, and can be reached from here'),
  )
  if (!first.isCluster) {
    if (named === 1) return gone
    const what = `${first.where} is no Cluster, and REDIS_URL has ${named} addresses: one that is not the primary forgets or refuses`
    return [...gone, bad(what, 'write one address that always leads to the primary')]
  }
  const primaries = found.servers.filter(({ isReplica }) => !isReplica).length
  const findings: Finding[] = [...gone]
  if (found.isWhole === false) {
    findings.push(
      bad('nobody has some of the slots of the Cluster: what is there cannot be used', 'see redis-cli --cluster check'),
    )
  }
  if (named === 1) {
    const what = `REDIS_URL names one server of the Cluster, ${first.where}: while it is away, nothing can start`
    findings.push(warn(what, 'write several, with commas between them'))
  }
  if (primaries > 1 && (options.partitions ?? 1) === 1) {
    const what = `all is in one partition, so that one of ${primaries} servers of the Cluster has everything`
    findings.push(ok(what, `before there are sessions, write REDIS_PARTITIONS=${4 * primaries} to use all of them`))
  }
  return findings
}

function data({ found: { held, servers }, options }: Found): readonly Finding[] {
  const [{ where }] = servers
  if (!held) return [ok('there is nothing in Redis yet; the first start makes it')]
  if (!held.isOurs) {
    const instead = 'run that version, or write another REDIS_PREFIX, which signs everybody out'
    return [bad(`the data at ${where} is of another version of this program`, instead)]
  }
  const { partitions = 1 } = options
  if (held.partitions === partitions) return []
  const what = `the data at ${where} is in ${held.partitions} partitions, and ${partitions} are configured: no server starts`
  return [
    bad(
      what,
      `write REDIS_PARTITIONS=${held.partitions}, or another REDIS_PREFIX to begin anew, which signs everybody out`,
    ),
  ]
}
