import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { describeWith } from '../../support/services.ts'
import { type Cluster, cluster } from '../cluster/cluster.ts'
import { breaks, isSlow, standsStill } from '../cluster/faults.ts'
import { trial } from '../cluster/trial.ts'

vi.mock('../../../src/credentials/password/argon2-threads.ts', () => import('../support/quick-argon2.ts'))

const SEED = 20_261_211

describeWith('postgres')('the way of one of three nodes to the database', () => {
  let nodes: Cluster

  beforeAll(async () => {
    nodes = await cluster()
  })
  afterAll(() => nodes.close())

  it(`P1, P3, TE-10: breaks again and again (seed ${SEED})`, async () => {
    const { wrong } = await trial(nodes, { seed: SEED }, breaks(nodes))
    expect(wrong).toEqual([])
  }, 120_000)

  it(`P1, P3, TE-10: takes 200 ms in either direction (seed ${SEED + 1})`, async () => {
    const { wrong } = await trial(nodes, { seed: SEED + 1 }, isSlow(nodes))
    expect(wrong).toEqual([])
  }, 120_000)

  it.each([
    ['toClient', SEED + 2],
    ['both', SEED + 3],
  ] as const)(
    'P1, P3, TE-10: stands still (%s) for eight seconds, and nobody has to wait for its end (seed %i)',
    async (direction, seed) => {
      const { wrong, unavailable } = await trial(nodes, { seed }, standsStill(nodes, direction, 8000))
      expect(wrong).toEqual([])
      expect(unavailable).toBeGreaterThan(0)
    },
    120_000,
  )
})
