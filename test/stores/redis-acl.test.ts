import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inspectRedis, redis } from '../../src/redis.ts'
import { feedContract } from '../../src/testing/feed-contract.ts'
import { sampleSession, T0 } from '../../src/testing/samples.ts'
import { storeContract } from '../../src/testing/store-contract.ts'
import { rights } from '../../tools/fleet/redis.ts'
import { redisCluster } from '../support/redis-cluster.ts'
import { type RedisServer, redisServer } from '../support/redis-server.ts'
import { describeWith } from '../support/services.ts'
import { emptyRedis } from './redis-fixture.ts'

const RIGHTS = rights()
const PASSWORD = 'a-password-nobody-may-see'

/** The server, as the user has it who may do what docs/operations.md and compose/redis.sh say. */
async function owned(server: RedisServer): Promise<RedisServer> {
  await server.run('ACL', 'SETUSER', 'sallyport', 'on', `>${PASSWORD}`, ...RIGHTS)
  return { ...server, url: () => `redis://sallyport:${PASSWORD}@127.0.0.1:${server.port}` }
}

describeWith('redis')('a user who may do what is written and nothing else', () => {
  let server: RedisServer
  let own: RedisServer

  beforeAll(async () => {
    server = await redisServer()
    own = await owned(server)
  })
  afterAll(() => server.close())

  const two = () => emptyRedis([own], { partitions: 2 })
  storeContract({
    name: 'redis',
    api: { describe, it },
    make: () => two().make(),
    second: async (store) => two().another(store),
  })

  feedContract({
    name: 'redis',
    api: { describe, it },
    make: async () => {
      const { store, close } = await emptyRedis([own]).make()
      const { sessions } = store
      await sessions.source.open()
      let count = 0
      const append = async () => {
        const record = sampleSession(`appended-${count++}`)
        await sessions.start(record, null, T0)
        return (await sessions.setFields(record.id, { count })).position
      }
      return { feed: sessions.source.feed, append, close }
    },
  })

  it('can be looked at by doctor, but for the settings', async () => {
    const { servers } = await inspectRedis(own.url())
    expect(servers[0]).toMatchObject({ appendFsync: null, ahead: expect.any(Number) })
  })

  it('was not refused anything, and is allowed nothing that no part of the contract needs', async () => {
    const stats = await server.run('INFO', 'commandstats')
    const called = new Set([...stats.matchAll(/^cmdstat_(\S+?):calls=[1-9]/gm)].map(([, name]) => name))
    const granted = RIGHTS.filter((right) => right.startsWith('+')).map((right) => right.slice(1))
    // For replicas, a Cluster, and an address with a number.
    const beside = ['wait', 'cluster|slots', 'select']
    expect(granted.filter((name) => !called.has(name) && !beside.includes(name))).toEqual([])
    // Settings are asked for by doctor, and need not be told.
    const refused = [...stats.matchAll(/^cmdstat_(\S+?):.*rejected_calls=[1-9]/gm)].map(([, name]) => name)
    expect(refused).toEqual(['config|get'])
  })

  it('can neither read nor hear what is beside the prefix', async () => {
    const other = redis(own.url(), { prefix: 'other' }).sessions.source
    await expect(other.open()).rejects.toThrow(/may not do what is needed at .*: see the user in docs\/operations\.md/)
  })

  it('may have a database by its number', async () => {
    const { source } = redis(`${own.url()}/3`).sessions
    await source.open()
    await source.close()
  })
})

describeWith('redis')('such a user of a Cluster with replicas', () => {
  it('writes what a replica confirms, and is looked at', async () => {
    const cluster = await redisCluster(2, { replicas: 1, settings: { 'cluster-node-timeout': 9000 } })
    try {
      const urls = await Promise.all(cluster.nodes.map(async (node) => (await owned(node)).url()))
      const { sessions, denials } = redis(urls, { partitions: 4, replicas: 1 })
      await sessions.source.open()
      const record = sampleSession('one')
      expect(await sessions.start(record, null, T0)).toMatchObject({ started: true })
      await denials.deny({ sid: record.id, reason: 'signed_out', until: T0 + 1000 }, T0)
      await sessions.source.close()
      const { servers, isWhole } = await inspectRedis(urls[0] as string, { partitions: 4 })
      expect([servers.length, isWhole]).toEqual([2, true])
      expect(servers.map(({ replicas }) => replicas)).toEqual([1, 1])
    } finally {
      await cluster.close()
    }
  }, 60_000)
})
