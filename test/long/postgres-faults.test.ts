import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Cluster, cluster } from '../faults/cluster/cluster.ts'
import {
  breaks,
  isSlow,
  nodeIsBlocked,
  nodeIsKilled,
  nodeStandsStill,
  serverIsKilled,
  serverIsStopped,
  serverStandsStill,
  standsStill,
  stopsAmidEndings,
} from '../faults/cluster/faults.ts'
import { type Fault, trial } from '../faults/cluster/trial.ts'
import { describeWith } from '../support/services.ts'
import { SEED } from './seed.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const ROUNDS = 5
const USERS = 90

/** Longer than in the quick tests: pools are emptied, connections given up, rows of nodes removed that come back. */
const FAULTS: Readonly<Record<string, (nodes: Cluster) => Fault>> = {
  'a node is killed': nodeIsKilled,
  'a node stands still': (nodes) => nodeStandsStill(nodes, 20_000),
  'a node is blocked': (nodes) => nodeIsBlocked(nodes, 8000),
  'a node is stopped amid endings': (nodes) => stopsAmidEndings(nodes, 16, []),
  'the way of a node breaks': breaks,
  'the way of a node is slow': isSlow,
  'nothing reaches the database from a node': (nodes) => standsStill(nodes, 'toServer', 20_000),
  'nothing comes from the database to a node': (nodes) => standsStill(nodes, 'toClient', 20_000),
  'the way of a node stands still': (nodes) => standsStill(nodes, 'both', 20_000),
  'the database is stopped': (nodes) => serverIsStopped(nodes, 15_000),
  'the database is killed': serverIsKilled,
  'the database stands still': (nodes) => serverStandsStill(nodes, 20_000, nodes.server),
}

describeWith('postgres')('three nodes over PostgreSQL', () => {
  let nodes: Cluster

  beforeAll(async () => {
    nodes = await cluster()
  })
  afterAll(() => nodes.close(), 60_000)

  describe.each(Array.from({ length: ROUNDS }, (_, i) => SEED + 100 * i))('P1, P3, TE-10: seed %i', (seed) => {
    it.each(Object.keys(FAULTS).map((name, i) => [name, seed + i] as const))('%s (%i)', async (name, own) => {
      const fault = FAULTS[name] as (typeof FAULTS)[string]
      const { wrong } = await trial(nodes, { seed: own, users: USERS }, fault(nodes))
      expect(wrong).toEqual([])
    })
  })
})
