import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Cluster, cluster } from '../faults/cluster/cluster.ts'
import { trial } from '../faults/cluster/trial.ts'
import { MORE, QUICK } from '../faults/redis/faults.ts'
import { describeWith } from '../support/services.ts'
import { SEED } from './seed.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const ROUNDS = 5
const USERS = 60

describeWith('postgres')('three nodes over PostgreSQL', () => {
  describeWith('redis')('and Redis', () => {
    let nodes: Cluster

    beforeAll(async () => {
      nodes = await cluster({ sessions: 'none' })
    })
    afterAll(() => nodes.close(), 60_000)

    describe.each(Array.from({ length: ROUNDS }, (_, i) => SEED + 100 * i))('P1, P3, TE-10: seed %i', (seed) => {
      it.each([...QUICK, ...MORE].map((one, i) => [one.name, one, seed + i] as const))(
        '%s',
        async (_, { fault, isTold }, own) => {
          const { wrong, unavailable } = await trial(nodes, { seed: own, users: USERS }, fault(nodes))
          expect(wrong).toEqual([])
          if (isTold) expect(unavailable).toBeGreaterThan(0)
        },
      )
    })
  })
})
