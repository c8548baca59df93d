import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { describeWith } from '../../support/services.ts'
import { type Cluster, cluster } from '../cluster/cluster.ts'
import {
  breaks,
  isSlow,
  nodeIsKilled,
  nodeStandsStill,
  serverStandsStill,
  standsStill,
  toSessions,
} from '../cluster/faults.ts'
import { type Fault, trial } from '../cluster/trial.ts'

vi.mock('@node-rs/argon2', () => import('../support/quick-argon2.ts'))

const SEED = 20_261_301

/** What goes wrong, and whether requests have to be told so. */
const FAULTS: readonly (readonly [name: string, fault: (nodes: Cluster) => Fault, isTold: boolean])[] = [
  ['a node is killed amid endings, and another takes its place', nodeIsKilled, false],
  ['a node stands still for ten seconds', (nodes) => nodeStandsStill(nodes, 10_000), false],
  ['the way of a node to Redis breaks again and again', (nodes) => breaks(nodes, toSessions), true],
  ['the way of a node to Redis takes 200 ms in either direction', (nodes) => isSlow(nodes, toSessions), false],
  [
    'nothing comes from Redis to a node for eight seconds',
    (nodes) => standsStill(nodes, 'toClient', 8000, toSessions),
    true,
  ],
  [
    'the way of a node to Redis stands still for eight seconds',
    (nodes) => standsStill(nodes, 'both', 8000, toSessions),
    true,
  ],
  ['Redis stands still for five seconds', (nodes) => serverStandsStill(nodes, 5000, nodes.redis as never), true],
  ['the way of a node to PostgreSQL stands still for eight seconds', (nodes) => standsStill(nodes, 'both', 8000), true],
  ['PostgreSQL stands still for five seconds', (nodes) => serverStandsStill(nodes, 5000, nodes.server), true],
]

describeWith('postgres')('three nodes over PostgreSQL', () => {
  describeWith('redis')('and Redis', () => {
    let nodes: Cluster

    beforeAll(async () => {
      nodes = await cluster({ sessions: 'none' })
    })
    afterAll(() => nodes.close(), 60_000)

    it.each(FAULTS.map((fault, i) => [...fault, SEED + i] as const))(
      'P1, P3, TE-10: %s',
      async (_, fault, isTold, seed) => {
        const { wrong, unavailable } = await trial(nodes, { seed }, fault(nodes))
        expect(wrong).toEqual([])
        if (isTold) expect(unavailable).toBeGreaterThan(0)
      },
      120_000,
    )
  })
})
