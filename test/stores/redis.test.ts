import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../src/errors.ts'
import { redis } from '../../src/redis.ts'
import { idOf, sampleSession, T0 } from '../../src/testing/samples.ts'
import { type RedisServer, redisServer } from '../support/redis-server.ts'
import { describeWith } from '../support/services.ts'

describeWith('redis')('sessions in Redis', () => {
  let server: RedisServer
  let replica: RedisServer

  beforeAll(async () => {
    server = await redisServer()
    replica = await redisServer({ replicaOf: server })
  }, 30_000)
  afterAll(async () => {
    await Promise.all([replica.close(), server.close()])
  })

  async function opened(prefix: string, options: Parameters<typeof redis>[1] = {}) {
    const ports = redis(server.url(), { prefix, ...options })
    await ports.sessions.source.open()
    return ports
  }

  it('P1: what no replica confirms is not answered as done, to nobody who asks, and is once one does', async () => {
    const [one, two] = [await opened('confirmed', { replicas: 1 }), await opened('confirmed', { replicas: 1 })]
    await one.sessions.start(sampleSession('one'), null, T0)
    await two.sessions.find(idOf('one'))
    await replica.pause()
    try {
      const ending = (by: typeof one) => by.sessions.end(idOf('one'), 'signed_out', T0 + 1)
      await expect(ending(one)).rejects.toThrow(StoreUnavailable)
      // It has ended on the primary. Who finds nothing left to end has to wait for the replica all the same.
      await expect(ending(two)).rejects.toThrow(StoreUnavailable)
      await expect(ending(one)).rejects.toThrow(StoreUnavailable)
    } finally {
      replica.resume()
    }
    await expect
      .poll(() =>
        two.sessions.end(idOf('one'), 'signed_out', T0 + 2).then(
          ({ value }) => value,
          () => 'late',
        ),
      )
      .toBeNull()
    expect((await two.sessions.find(idOf('one')))?.endedAt).toBe(T0 + 1)
    await Promise.all([one, two].map(({ sessions }) => sessions.source.close()))
  })

  describe('indexes', () => {
    it('that lead to nothing any more go when somebody comes across them', async () => {
      const { sessions } = await opened('healing')
      for (const label of ['a', 'b', 'c']) await sessions.start(sampleSession(label), null, T0)
      await server.run('DEL', `{healing:0}:s:${idOf('b')}`)
      const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id).sort()
      const left = [idOf('a'), idOf('c')]
      expect(ids(await sessions.ofUser(idOf('owner'), 'active', 10))).toEqual(left)
      expect(ids((await sessions.list({}, null, 10, T0)).items)).toEqual(left)
      expect(ids((await sessions.endDue(T0 * 2, 2, T0)).value ?? [])).toEqual(left)
      const all = await Promise.all(
        ['all', `u:${idOf('owner')}`, 'd:0'].map((key) => server.run('ZRANGE', `{healing:0}:${key}`, '0', '-1')),
      )
      expect(all.join()).not.toContain(idOf('b'))
      await sessions.source.close()
    })

    it('P7: that were not finished end nothing twice', async () => {
      const { sessions } = await opened('unfinished')
      await sessions.start(sampleSession('a'), null, T0)
      const { value } = await sessions.end(idOf('a'), 'signed_out', T0 + 1)
      // As after a script that was cut off between the record and its indexes.
      await server.run('ZADD', `{unfinished:0}:u:${idOf('owner')}`, `${T0}`, idOf('a'))
      await server.run('ZADD', '{unfinished:0}:d:0', `${T0}`, idOf('a'))
      await server.run('ZADD', '{unfinished:0}:g', '0', '0')
      expect((await sessions.endDue(T0 + 9, 10, T0 + 9)).value).toEqual([])
      expect((await sessions.endOlder(1, 10, T0 + 9)).value).toEqual([])
      expect((await sessions.endOf(idOf('owner'), 'user_locked', T0 + 9, null)).value).toEqual([])
      expect(await sessions.find(idOf('a'))).toEqual(value)
      await sessions.source.close()
    })

    it('and records go by themselves some time after the absolute limit', async () => {
      const { sessions } = await opened('lasting')
      const { expiresAt } = sampleSession('a')
      await sessions.start(sampleSession('a'), null, T0)
      for (const key of [`s:${idOf('a')}`, `u:${idOf('owner')}`]) {
        const left = Number(await server.run('PTTL', `{lasting:0}:${key}`))
        expect(left).toBeGreaterThan(expiresAt - T0)
        expect(left).toBeLessThan(expiresAt - T0 + 401 * 86_400_000)
      }
      await sessions.source.close()
    })
  })

  it('P1: without memory sessions end, and none begins', async () => {
    const { sessions } = await opened('full')
    await sessions.start(sampleSession('a'), null, T0)
    await server.run('CONFIG', 'SET', 'maxmemory', '1')
    try {
      await expect(sessions.start(sampleSession('b'), null, T0)).rejects.toThrow(StoreUnavailable)
      expect((await sessions.end(idOf('a'), 'signed_out', T0 + 1)).value?.endedAt).toBe(T0 + 1)
      expect((await sessions.find(idOf('a')))?.endReason).toBe('signed_out')
    } finally {
      await server.run('CONFIG', 'SET', 'maxmemory', '0')
    }
    await sessions.source.close()
  })

  it('refuses a server that evicts, a replica, and another number of partitions', async () => {
    const open = (url: string, options = {}) => redis(url, { prefix: 'refused', ...options }).sessions.source.open()
    await open(server.url())
    await expect(open(server.url(), { partitions: 2 })).rejects.toThrow(
      /in 1 partitions: write partitions: 1, or another prefix/,
    )
    await expect(open(replica.url())).rejects.toThrow(/is a replica: name the primary/)
    await server.run('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
    try {
      await expect(open(server.url())).rejects.toThrow(/maxmemory-policy allkeys-lru\): set it to noeviction/)
    } finally {
      await server.run('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
    }
  })
})
