import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Auth } from '../../../src/auth.ts'
import type { Carrier } from '../../../src/carrier.ts'
import { systemClock } from '../../../src/clock.ts'
import { StoreUnavailable } from '../../../src/errors.ts'
import { redis } from '../../../src/redis.ts'
import { memory } from '../../../src/stores/memory/memory.ts'
import { type House, house } from '../../support/house.ts'
import { type RedisCluster, redisCluster } from '../../support/redis-cluster.ts'
import type { RedisServer } from '../../support/redis-server.ts'
import { describeWith } from '../../support/services.ts'
import { pause } from '../support/client.ts'

vi.mock('../../../src/credentials/password/argon2-threads.ts', () => import('../support/quick-argon2.ts'))

/** Keys that go to the other server at once: few, so that much is asked while some are here and some there. */
const STEP = 3

/** How long nodes may take to find everything in its new place, milliseconds. */
const SETTLE_MS = 20_000

const PEOPLE = 30

describeWith('redis')('a Redis Cluster', () => {
  let cluster: RedisCluster
  const houses: House[] = []

  beforeAll(async () => {
    cluster = await redisCluster(3)
    const people = memory()
    for (let i = 0; i < 2; i += 1) {
      const store = { ...people, ...redis(cluster.urls(), { partitions: 1, patience: '2s' }) }
      houses.push(await house({ store, clock: systemClock as never }))
    }
  }, 60_000)
  afterAll(async () => {
    await Promise.all(houses.map((one) => one.close()))
    await cluster.close()
  })

  it('P1, P3, TE-10: a slot moves to another master while it is used: nobody who is out comes in, and nobody who is in goes out', async () => {
    const nodes = houses.map(({ auth }) => auth) as [Auth, Auth]
    const [first] = houses as [House]
    const entered = await Promise.all(Array.from({ length: PEOPLE }, (_, i) => first.enter(`person-${i}`)))
    const carriers = entered.map(({ carrier }) => carrier)
    const over = new Set<Carrier>()
    /** Whose ending was asked for and not answered: anything may be true of them. */
    const unknown = new Set<Carrier>()
    const said = { in: 0, out: 0, nothing: 0 }

    async function answers(carrier: Carrier): Promise<readonly ('in' | 'out' | 'nothing')[]> {
      const results = await Promise.all(nodes.map((node) => node.authenticate(carrier)))
      return results.map((result) => (result.ok ? 'in' : result.refusal.code === 'unavailable' ? 'nothing' : 'out'))
    }

    async function look(carrier: Carrier): Promise<void> {
      for (const is of await answers(carrier)) {
        said[is] += 1
        if (over.has(carrier)) expect(is).not.toBe('in')
        else if (!unknown.has(carrier)) expect(is).not.toBe('out')
      }
    }

    /** What returned is true everywhere, also that it was over before. */
    async function end(node: Auth, carrier: Carrier): Promise<void> {
      try {
        await node.signOut(carrier)
        over.add(carrier)
        unknown.delete(carrier)
      } catch (fault) {
        expect(fault).toBeInstanceOf(StoreUnavailable)
        unknown.add(carrier)
      }
      await look(carrier)
    }

    let steps = 0
    let refused = 0
    const { slot, from, to } = await move(cluster, async () => {
      steps += 1
      await end(nodes[steps % 2] as Auth, carriers[steps % (PEOPLE / 2)] as Carrier)
      refused = Math.max(refused, unknown.size)
      for (const carrier of carriers.slice(steps % PEOPLE, (steps % PEOPLE) + 8)) await look(carrier)
    })
    expect(steps).toBeGreaterThan(20)
    expect(await from.run('CLUSTER', 'COUNTKEYSINSLOT', slot)).toBe('0')
    expect(Number(await to.run('CLUSTER', 'COUNTKEYSINSLOT', slot))).toBeGreaterThan(PEOPLE)
    expect(over.size).toBeGreaterThan(0)
    expect(refused).toBeGreaterThan(0)

    // Nobody has to do anything for them to go on.
    const since = performance.now()
    const goesOn = async () => (await answers(carriers.at(-1) as Carrier)).every((is) => is === 'in')
    while (nodes.some((node) => node.metrics().state !== 'leased') || !(await goesOn())) {
      if (performance.now() - since > SETTLE_MS) throw new Error('the nodes do not go on')
      await pause(50)
    }
    for (const carrier of carriers) await look(carrier)
    for (const carrier of carriers) await end(nodes[1], carrier)
    expect(over.size).toBe(PEOPLE)
    for (const carrier of carriers) expect(await answers(carrier)).toEqual(['out', 'out'])
    console.log(JSON.stringify({ steps, over: over.size, unknown: unknown.size, said }))
  }, 90_000)
})

/** Moves the slot of the first partition to a master that does not have it, a few keys at a time. `between`: after each step. */
async function move({ nodes }: RedisCluster, between: () => Promise<void>) {
  const [some] = nodes as [RedisServer]
  const slot = await some.run('CLUSTER', 'KEYSLOT', '{sallyport:0}:feed')
  const counts = await Promise.all(nodes.map((one) => one.run('CLUSTER', 'COUNTKEYSINSLOT', slot)))
  const at = counts.findIndex((count) => count !== '0')
  const from = nodes[at] as RedisServer
  const to = nodes[(at + 1) % nodes.length] as RedisServer
  const [source, target] = await Promise.all([from.run('CLUSTER', 'MYID'), to.run('CLUSTER', 'MYID')])

  await to.run('CLUSTER', 'SETSLOT', slot, 'IMPORTING', source)
  await from.run('CLUSTER', 'SETSLOT', slot, 'MIGRATING', target)
  await between()
  for (;;) {
    const keys = (await from.run('CLUSTER', 'GETKEYSINSLOT', slot, String(STEP)))
      .split('\n')
      .filter((key) => key !== '')
    if (keys.length === 0) break
    const there = ['127.0.0.1', String(to.port), '', '0', '5000', 'AUTH', to.password]
    await from.run('MIGRATE', ...there, 'KEYS', ...keys)
    await between()
  }
  await to.run('CLUSTER', 'SETSLOT', slot, 'NODE', target)
  await from.run('CLUSTER', 'SETSLOT', slot, 'NODE', target)
  await between()
  return { slot, from, to }
}
