import { type Child, child } from '../lib/child.ts'
import type { NodeSetup } from '../servers/cluster.ts'

const NODE = new URL('../servers/cluster.ts', import.meta.url)

/** So many nodes, each a process, over one schema of one database, and Redis where it has the sessions. */
export type Cluster = {
  readonly size: number
  /** Where its sessions are: `PostgreSQL` or `Redis`. */
  readonly kept: string
  readonly nodes: readonly Child[]
  stop(): Promise<void>
}

/**
 * @param redis its address, where it has the sessions
 * @param people how many are signed in, in the memory of every node
 */
export async function cluster(url: string, redis: string | null, size: number, people: number): Promise<Cluster> {
  const nodes = await Promise.all(Array.from({ length: size }, () => child(NODE)))
  const [first] = nodes as [Child, ...Child[]]
  const setup: NodeSetup = { url, redis, schema: `nodes_${size}` }
  await first.ask('open', setup)
  await first.ask('populate', people)
  await Promise.all(nodes.slice(1).map((node) => node.ask('open', setup)))
  for (const node of nodes) await node.ask('visit', people)
  return {
    size,
    kept: redis === null ? 'PostgreSQL' : 'Redis',
    nodes,
    stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))),
  }
}
