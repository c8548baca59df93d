import type { RedisServer } from '../../support/redis-server.ts'
import type { Cluster } from '../cluster/cluster.ts'
import {
  breaks,
  isSlow,
  nodeIsKilled,
  nodeStandsStill,
  serverStandsStill,
  standsStill,
  toSessions,
} from '../cluster/faults.ts'
import type { Fault } from '../cluster/trial.ts'

export type Named = {
  readonly name: string
  readonly fault: (nodes: Cluster) => Fault
  /** Whether requests have to be told that something is not there. */
  readonly isTold: boolean
}

/** What goes wrong with three nodes on PostgreSQL and Redis: on either side. */
export const QUICK: readonly Named[] = [
  { name: 'a node is killed amid endings, and another takes its place', fault: nodeIsKilled, isTold: false },
  {
    name: 'the way of a node to Redis breaks again and again',
    fault: (nodes) => breaks(nodes, toSessions),
    isTold: false,
  },
  {
    name: 'the way of a node to Redis stands still for eight seconds',
    fault: (nodes) => standsStill(nodes, 'both', 8000, toSessions),
    isTold: true,
  },
  {
    name: 'Redis stands still for five seconds',
    fault: (nodes) => serverStandsStill(nodes, 5000, nodes.redis as RedisServer),
    isTold: true,
  },
  {
    name: 'PostgreSQL stands still for five seconds',
    fault: (nodes) => serverStandsStill(nodes, 5000, nodes.server),
    isTold: true,
  },
]

export const MORE: readonly Named[] = [
  { name: 'a node stands still for ten seconds', fault: (nodes) => nodeStandsStill(nodes, 10_000), isTold: false },
  {
    name: 'the way of a node to Redis takes 200 ms in either direction',
    fault: (nodes) => isSlow(nodes, toSessions),
    isTold: false,
  },
  {
    name: 'nothing comes from Redis to a node for eight seconds',
    fault: (nodes) => standsStill(nodes, 'toClient', 8000, toSessions),
    isTold: true,
  },
  {
    name: 'the way of a node to PostgreSQL stands still for eight seconds',
    fault: (nodes) => standsStill(nodes, 'both', 8000),
    isTold: true,
  },
  {
    name: 'Redis stands still for twenty seconds',
    fault: (nodes) => serverStandsStill(nodes, 20_000, nodes.redis as RedisServer),
    isTold: true,
  },
]
