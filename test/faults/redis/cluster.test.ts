import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Auth } from '../../../src/auth.ts'
import type { Carrier } from '../../../src/carrier.ts'
import { systemClock } from '../../../src/clock.ts'
import { StoreUnavailable } from '../../../src/errors.ts'
import { redis } from '../../../src/redis.ts'
import { memory } from '../../../src/stores/memory/memory.ts'
import { type House, house, must } from '../../support/house.ts'
import { type RedisCluster, redisCluster } from '../../support/redis-cluster.ts'
import { describeWith } from '../../support/services.ts'
import { pause } from '../support/client.ts'

vi.mock('../../../src/credentials/password/argon2-threads.ts', () => import('../support/quick-argon2.ts'))

/** How long a Cluster may take to put a replica in the place of its master, and everything to go on after that, milliseconds. */
const FAILOVER_MS = 20_000

const PEOPLE = 24

describeWith('redis')('a Redis Cluster of three masters with a replica each', () => {
  let cluster: RedisCluster
  const houses: House[] = []

  beforeAll(async () => {
    cluster = await redisCluster(3, { replicas: 1, settings: { 'cluster-node-timeout': 2000 } })
    const people = memory()
    for (let i = 0; i < 2; i += 1) {
      const store = { ...people, ...redis(cluster.urls(), { partitions: 6, replicas: 1, patience: '2s' }) }
      houses.push(await house({ store, clock: systemClock as never }))
    }
  }, 60_000)
  afterAll(async () => {
    await Promise.all(houses.map((one) => one.close()))
    await cluster.close()
  })

  it('P1, P3, TE-10: a master is killed, its replica takes over, and what had ended stays ended', async () => {
    const nodes = houses.map(({ auth }) => auth) as [Auth, Auth]
    const [first] = houses as [House]
    const entered = await Promise.all(Array.from({ length: PEOPLE }, (_, i) => first.enter(`person-${i}`)))
    const over = entered.slice(0, PEOPLE / 2)
    const going = entered.slice(PEOPLE / 2)
    for (const { carrier } of over) expect((await nodes[0].signOut(carrier)).ended).toBe(true)

    async function answer(node: Auth, carrier: Carrier): Promise<'in' | 'out' | 'nothing'> {
      const result = await node.authenticate(carrier)
      if (result.ok) return 'in'
      return result.refusal.code === 'unavailable' ? 'nothing' : 'out'
    }

    for (const node of nodes) for (const { carrier } of going) expect(await answer(node, carrier)).toBe('in')

    await cluster.nodes[0]?.kill()
    const since = performance.now()
    const hasTaken = async () =>
      (await Promise.all(cluster.nodes.slice(3).map((one) => one.run('ROLE')))).some((role) =>
        role.startsWith('master'),
      )
    const settled = async () => {
      const taken = await hasTaken()
      for (const node of nodes) {
        for (const { carrier } of over) expect(await answer(node, carrier)).not.toBe('in')
        for (const { carrier } of going) {
          const said = await answer(node, carrier)
          expect(said).not.toBe('out')
          if (said !== 'in' || node.metrics().state !== 'leased') return false
        }
      }
      return taken
    }
    while (!(await settled())) {
      if (performance.now() - since > FAILOVER_MS) throw new Error('the nodes do not go on')
      await pause(100)
    }

    // Where there is nobody to confirm an ending, it is not done. Where somebody is again, it is.
    await cluster.nodes[0]?.start()
    for (const { carrier } of over) for (const node of nodes) expect(await answer(node, carrier)).toBe('out')
    for (const { carrier, signedIn } of going) {
      const who = must(await nodes[1].authenticate(carrier))
      expect(who.session.id).toBe(signedIn.session.id)
      await until(() => nodes[0].signOut(carrier))
      for (const node of nodes) expect(await answer(node, carrier)).toBe('out')
    }
  }, 90_000)
})

/** Who has just come back confirms nothing for a moment. */
async function until<T>(run: () => Promise<T>): Promise<T> {
  for (const since = performance.now(); ; ) {
    try {
      return await run()
    } catch (fault) {
      if (!(fault instanceof StoreUnavailable) || performance.now() - since > FAILOVER_MS) throw fault
      await pause(200)
    }
  }
}
