import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { type RedisOptions, type RedisServer, redisServer } from './redis-server.ts'

export type RedisClusterOptions = Pick<RedisOptions, 'persistence' | 'settings'> & {
  /** Of each master. Default none. */
  readonly replicas?: number
  /** Whether all slots are closed as soon as one of them has nobody. Default true, as in Redis. */
  readonly requireFullCoverage?: boolean
}

/** Servers of their own that are one cluster, all with the same password. */
export type RedisCluster = {
  /** The masters, in the order of their slots, of which each has as many; then a replica of each, and so on. */
  readonly nodes: readonly RedisServer[]
  /** Of all nodes. */
  urls(): readonly string[]
  /** May be called twice. */
  close(): Promise<void>
}

/** What a node is to be in the end. `master` is an index among the nodes. */
type Part = { readonly slots: readonly [first: number, last: number] } | { readonly master: number }

const SLOTS = 16_384

/** How long the nodes may take to agree, milliseconds. */
const AGREE_MS = 20_000

/**
 * Starts the nodes and makes them one. Takes more than two seconds: so long no master lets itself be written to after
 * its start, whatever it is told.
 * @throws when they do not come up or do not agree, with how the nodes see it.
 */
export async function redisCluster(masters = 3, options: RedisClusterOptions = {}): Promise<RedisCluster> {
  const { persistence = 'none', replicas = 0, requireFullCoverage = true, settings } = options
  const parts = Array.from({ length: masters * (1 + replicas) }, (_, index) => part(index, masters))
  const password = randomBytes(12).toString('base64url')
  const started = await Promise.allSettled(
    parts.map(() =>
      redisServer({
        ...{ persistence, password, cluster: true },
        settings: {
          'cluster-node-timeout': 1000,
          'cluster-require-full-coverage': requireFullCoverage ? 'yes' : 'no',
          ...settings,
        },
      }),
    ),
  )
  const nodes = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))

  async function close(): Promise<void> {
    await Promise.all(nodes.map((one) => one.close()))
  }

  try {
    for (const one of started) if (one.status === 'rejected') throw one.reason
    await join(nodes, parts)
  } catch (error) {
    await close()
    throw error
  }

  return { nodes, urls: () => nodes.map((one) => one.url()), close }
}

function part(index: number, masters: number): Part {
  if (index >= masters) return { master: index % masters }
  const first = (of: number) => Math.floor((of * SLOTS) / masters)
  return { slots: [first(index), first(index + 1) - 1] }
}

async function join(nodes: readonly RedisServer[], parts: readonly Part[]): Promise<void> {
  const each = <T>(what: (node: RedisServer, part: Part, index: number) => Promise<T>) =>
    Promise.all(nodes.map((node, index) => what(node, parts[index] as Part, index)))

  const ids = await each(async (node, part, index) => {
    // Different from the start, so that they need not find out who is to give way.
    await node.run('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1))
    if ('slots' in part) await node.run('CLUSTER', 'ADDSLOTSRANGE', ...part.slots.map(String))
    return node.run('CLUSTER', 'MYID')
  })
  await each(async (node, _, index) => {
    for (const other of nodes.slice(index + 1)) await node.run('CLUSTER', 'MEET', '127.0.0.1', String(other.port))
  })
  await agreed(nodes, async (node) => {
    const known = lines(await node.run('CLUSTER', 'NODES'))
    return known.length === nodes.length && known.every((line) => ids.includes(line[0] as string) && isSettled(line))
  })
  await each(async (node, part) => {
    if ('master' in part) await node.run('CLUSTER', 'REPLICATE', ids[part.master] as string)
  })
  const followed = ids.map((_, index) => {
    const own = parts[index] as Part
    return 'master' in own ? ids[own.master] : '-'
  })
  await agreed(nodes, async (node) => {
    const known = lines(await node.run('CLUSTER', 'NODES'))
    const info = await node.run('CLUSTER', 'INFO')
    return (
      known.every((line) => isSettled(line) && line[3] === followed[ids.indexOf(line[0] as string)]) &&
      info.includes('cluster_state:ok') &&
      info.includes(`cluster_slots_ok:${SLOTS}`) &&
      !(await node.run('INFO', 'replication')).includes('master_link_status:down')
    )
  })
}

/** Of `CLUSTER NODES`: id, address, flags, master, ping, pong, epoch, link, slots. */
function lines(nodes: string): readonly (readonly string[])[] {
  return nodes
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
}

function isSettled([, , flags = '', , , , , link]: readonly string[]): boolean {
  return link === 'connected' && !/fail|handshake|noaddr/.test(flags)
}

async function agreed(nodes: readonly RedisServer[], sees: (node: RedisServer) => Promise<boolean>): Promise<void> {
  const end = performance.now() + AGREE_MS
  const late = new Set(nodes)
  while (late.size > 0) {
    for (const node of late) if (await sees(node)) late.delete(node)
    if (performance.now() > end) {
      const views = await Promise.all([...late].map((node) => node.run('CLUSTER', 'NODES')))
      throw new Error(`the nodes of the cluster do not agree:\n${views.join('\n')}`)
    }
    if (late.size > 0) await wait(25)
  }
}
