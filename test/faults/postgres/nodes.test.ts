import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { describeWith } from '../../support/services.ts'
import { type Cluster, cluster } from '../cluster/cluster.ts'
import { nodeIsBlocked, nodeIsKilled, nodeStandsStill, stopsAmidEndings } from '../cluster/faults.ts'
import { trial } from '../cluster/trial.ts'

vi.mock('../../../src/credentials/password/argon2-threads.ts', () => import('../support/quick-argon2.ts'))

const SEED = 20_261_201

describeWith('postgres')('one of three nodes', () => {
  let nodes: Cluster

  beforeAll(async () => {
    nodes = await cluster()
  })
  afterAll(() => nodes.close())

  it(`P1, P3, TE-10: is killed amid endings, and another takes its place (seed ${SEED})`, async () => {
    const { wrong } = await trial(nodes, { seed: SEED }, nodeIsKilled(nodes))
    expect(wrong).toEqual([])
  }, 120_000)

  it(`P1, P3, TE-10: stands still for ten seconds (seed ${SEED + 1})`, async () => {
    const { wrong, overtaken } = await trial(nodes, { seed: SEED + 1 }, nodeStandsStill(nodes, 10_000))
    expect(wrong).toEqual([])
    expect(overtaken).toBeGreaterThan(0)
  }, 120_000)

  it(`P1, P3, TE-10: has its event loop blocked for longer than a lease (seed ${SEED + 2})`, async () => {
    const { wrong } = await trial(nodes, { seed: SEED + 2 }, nodeIsBlocked(nodes, 4000))
    expect(wrong).toEqual([])
  }, 120_000)

  it(`TE-10: stands still amid endings, and holds nothing that others wait for (seed ${SEED + 3})`, async () => {
    const held: number[] = []
    const { wrong } = await trial(nodes, { seed: SEED + 3, users: 48 }, stopsAmidEndings(nodes, 10, held))
    expect(held).toEqual(Array(10).fill(0))
    expect(wrong).toEqual([])
  }, 120_000)
})
