import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { describeWith } from '../../support/services.ts'
import { type Cluster, cluster } from '../cluster/cluster.ts'
import { serverIsKilled, serverIsStopped, serverStandsStill } from '../cluster/faults.ts'
import { trial } from '../cluster/trial.ts'

vi.mock('../../../src/credentials/password/argon2-threads.ts', () => import('../support/quick-argon2.ts'))

const SEED = 20_261_221

describeWith('postgres')('the database of three nodes', () => {
  let nodes: Cluster

  beforeAll(async () => {
    nodes = await cluster()
  })
  afterAll(() => nodes.close())

  it(`P1, P3, TE-10: is stopped, and started again after longer than a lease (seed ${SEED})`, async () => {
    const { wrong, unavailable } = await trial(nodes, { seed: SEED }, serverIsStopped(nodes, 4000))
    expect(wrong).toEqual([])
    expect(unavailable).toBeGreaterThan(0)
  }, 120_000)

  it(`P1, P3, P7, TE-10: is killed amid endings, and started again at once (seed ${SEED + 1})`, async () => {
    const { wrong } = await trial(nodes, { seed: SEED + 1 }, serverIsKilled(nodes))
    expect(wrong).toEqual([])
  }, 120_000)

  it(`P1, P3, TE-10: stands still for five seconds (seed ${SEED + 2})`, async () => {
    const { wrong, unavailable } = await trial(nodes, { seed: SEED + 2 }, serverStandsStill(nodes, 5000, nodes.server))
    expect(wrong).toEqual([])
    expect(unavailable).toBeGreaterThan(0)
  }, 120_000)
})
