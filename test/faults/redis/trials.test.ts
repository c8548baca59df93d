import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { describeWith } from '../../support/services.ts'
import { type Cluster, cluster } from '../cluster/cluster.ts'
import { trial } from '../cluster/trial.ts'
import { QUICK } from './faults.ts'

vi.mock('../../../src/credentials/password/argon2-threads.ts', () => import('../support/quick-argon2.ts'))

const SEED = 20_261_301

describeWith('postgres')('three nodes over PostgreSQL', () => {
  describeWith('redis')('and Redis', () => {
    let nodes: Cluster

    beforeAll(async () => {
      nodes = await cluster({ sessions: 'none' })
    })
    afterAll(() => nodes.close(), 60_000)

    it.each(QUICK.map((one, i) => [one.name, one, SEED + i] as const))(
      'P1, P3, TE-10: %s',
      async (_, { fault, isTold }, seed) => {
        const { wrong, unavailable } = await trial(nodes, { seed }, fault(nodes))
        expect(wrong).toEqual([])
        if (isTold) expect(unavailable).toBeGreaterThan(0)
      },
      120_000,
    )
  })
})
