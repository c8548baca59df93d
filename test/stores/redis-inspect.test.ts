import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ConfigurationError, StoreUnavailable } from '../../src/errors.ts'
import { inspectRedis, redis } from '../../src/redis.ts'
import { isLocal } from '../../src/stores/redis/inspect.ts'
import { folder } from '../cli/folder.ts'
import { freePort } from '../server/free-port.ts'
import { redisCluster } from '../support/redis-cluster.ts'
import { type RedisServer, redisServer } from '../support/redis-server.ts'
import { describeWith } from '../support/services.ts'

const OPENSSL = 'openssl'
const hasOpenssl = spawnSync(OPENSSL, ['version']).status === 0

it('what stays on this machine is told from what does not', () => {
  const local = ['localhost', '127.0.0.1', '127.1.2.3', '::1']
  const others = ['redis.example', '127.example', 'localhost.example', '10.0.0.1', '::2', '1127.0.0.1']
  expect([...local, ...others].filter(isLocal)).toEqual(local)
})

/** Makes what a store makes, for a prefix. */
async function made(url: string, options: Parameters<typeof redis>[1] = {}): Promise<void> {
  const { source } = redis(url, options).sessions
  await source.open()
  await source.close()
}

describeWith('redis')('a look at Redis', () => {
  let server: RedisServer

  beforeAll(async () => {
    server = await redisServer()
  })
  afterAll(() => server.close())

  const first = async (options = {}) => (await inspectRedis(server.url(), options)).servers[0]

  it('tells of the server, and nothing of what is not there; and makes nothing', async () => {
    const found = await inspectRedis(server.url())
    expect(found).toEqual({
      servers: [
        {
          where: `127.0.0.1:${server.port}`,
          id: expect.stringMatching(/^[0-9a-f]{40}$/),
          version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
          isValkey: expect.any(Boolean),
          isCluster: false,
          isReplica: false,
          policy: 'noeviction',
          usedMemory: expect.any(Number),
          maxMemory: 0,
          appendOnly: false,
          appendFsync: 'always',
          snapshots: false,
          isWritten: true,
          replicas: 0,
          minReplicas: 0,
          maxLag: 10,
          listpack: { entries: expect.any(Number), value: 64 },
          ahead: expect.any(Number),
        },
      ],
      silent: [],
      isWhole: null,
      isLocal: true,
      isEncrypted: false,
      isOpen: false,
      held: null,
    })
    expect(found.servers[0].usedMemory).toBeGreaterThan(100_000)
    expect(Math.abs(found.servers[0].ahead ?? 1000)).toBeLessThan(1000)
    expect(await server.run('DBSIZE')).toBe('0')
  })

  it('tells what the data was made for, and leaves it as it is', async () => {
    await made(server.url(), { prefix: 'four', partitions: 4 })
    const before = await server.run('DEBUG', 'DIGEST').catch(() => server.run('DBSIZE'))
    expect((await inspectRedis(server.url(), { prefix: 'four' })).held).toEqual({ partitions: 4, isOurs: true })
    expect((await inspectRedis(server.url(), { prefix: 'other' })).held).toBeNull()
    expect(await server.run('DEBUG', 'DIGEST').catch(() => server.run('DBSIZE'))).toBe(before)
    await server.run('HSET', '{newer:0}:feed', 'partitions', '1', 'layout', '999')
    expect((await inspectRedis(server.url(), { prefix: 'newer' })).held).toEqual({ partitions: 1, isOurs: false })
  })

  it('tells what is set while it runs', async () => {
    await server.run('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru', 'maxmemory', '100mb', 'appendonly', 'yes')
    await server.run('CONFIG', 'SET', 'appendfsync', 'everysec', 'save', '3600 1', 'hash-max-listpack-value', '16')
    await server.run('CONFIG', 'SET', 'min-replicas-to-write', '1', 'min-replicas-max-lag', '2')
    expect(await first()).toMatchObject({
      ...{ policy: 'allkeys-lru', maxMemory: 104_857_600, appendOnly: true, appendFsync: 'everysec', snapshots: true },
      ...{ listpack: { value: 16 }, minReplicas: 1, maxLag: 2 },
    })
    // Switched off by the other half.
    await server.run('CONFIG', 'SET', 'min-replicas-max-lag', '0')
    expect(await first()).toMatchObject({ minReplicas: 0 })
    await server.run('CONFIG', 'SET', 'min-replicas-max-lag', '10', 'min-replicas-to-write', '0', 'appendonly', 'no')
    await server.run('CONFIG', 'SET', 'maxmemory-policy', 'noeviction', 'maxmemory', '0', 'save', '')
  })

  it('tells what a user may know who may know little, and that the settings could not be asked for', async () => {
    const rights = ['~{sallyport:*', '+@read', '+info', '+ping', '-config', '-time', '+hello', '+client']
    await server.run('ACL', 'SETUSER', 'little', 'on', '>a-password-nobody-may-see', ...rights)
    const url = `redis://little:a-password-nobody-may-see@127.0.0.1:${server.port}`
    const { servers, isOpen } = await inspectRedis(url)
    expect(servers[0]).toMatchObject({
      ...{ policy: 'noeviction', appendOnly: false, appendFsync: null, snapshots: null, listpack: null, maxLag: null },
      // Seen without asking: it would tell of replicas otherwise.
      ...{ minReplicas: 0, ahead: null },
    })
    expect(isOpen).toBe(false)
    await server.run('ACL', 'SETUSER', 'default', 'nopass')
    try {
      expect((await inspectRedis(url)).isOpen).toBe(true)
      expect((await inspectRedis(`redis://127.0.0.1:${server.port}`)).isOpen).toBe(true)
    } finally {
      await server.run('ACL', 'SETUSER', 'default', 'resetpass', `>${server.password}`)
    }
  })

  it('KM-08: says why nobody answers or lets us in, and nothing of the password', async () => {
    const wrong = inspectRedis(server.url().replace(/:[^:]*@/, ':a-password-nobody-may-see@'))
    await expect(wrong).rejects.toThrow(ConfigurationError)
    await expect(wrong).rejects.toThrow(/^the Redis server does not let this user in at 127\.0\.0\.1:\d+: check name/)
    await expect(inspectRedis(`redis://127.0.0.1:${server.port}`)).rejects.toThrow(ConfigurationError)
    await expect(inspectRedis(`${server.url()}/999`)).rejects.toThrow(/leave the number at its end out$/)
    const away = inspectRedis('redis://:a-password-nobody-may-see@127.0.0.1:1')
    await expect(away).rejects.toMatchObject({ name: 'StoreUnavailable', cause: { code: 'ECONNREFUSED' } })
    for (const fault of [await wrong.catch(String), await away.catch((error) => `${error} ${error.stack}`)]) {
      expect(fault).not.toContain('nobody-may-see')
    }
  })

  it('gives up a server that stands still, also in its first answer', async () => {
    await server.pause()
    try {
      await expect(inspectRedis(server.url(), { patience: 300 })).rejects.toThrow(StoreUnavailable)
      const { source } = redis(server.url(), { patience: 300 }).sessions
      await expect(source.open()).rejects.toThrow(StoreUnavailable)
    } finally {
      server.resume()
    }
  })

  it('sees replicas, and looks at one', async () => {
    const replica = await redisServer({ replicaOf: server })
    try {
      await expect.poll(async () => (await first()).replicas).toBe(1)
      const { servers, held } = await inspectRedis(replica.url(), { prefix: 'four' })
      expect(servers[0]).toMatchObject({ isReplica: true, isCluster: false, replicas: 0 })
      expect(held).toEqual({ partitions: 4, isOurs: true })
    } finally {
      await replica.close()
    }
  })

  it('sees what a server with an append-only file keeps, and that it cannot be written', async () => {
    // A snapshot has no place to go to.
    const lasting = await redisServer({ persistence: 'aof', settings: { dbfilename: 'x'.repeat(300) } })
    try {
      const look = async () => (await inspectRedis(lasting.url())).servers[0]
      expect(await look()).toMatchObject({ appendOnly: true, appendFsync: 'always', snapshots: false, isWritten: true })
      await lasting.run('BGSAVE')
      await expect.poll(async () => (await look()).isWritten, { timeout: 10_000 }).toBe(false)
    } finally {
      await lasting.close()
    }
  })

  it.skipIf(!hasOpenssl)(
    'tells whether the way is encrypted, and goes no way whose end nobody vouches for',
    async () => {
      const at = folder()
      const [key, certificate, port] = [join(at, 'key'), join(at, 'crt'), await freePort()]
      const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
      const named = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
      execFileSync(OPENSSL, [...made, ...named, '-keyout', key, '-out', certificate], { stdio: 'ignore' })
      const tls = { 'tls-cert-file': certificate, 'tls-key-file': key, 'tls-ca-cert-file': certificate }
      const closed = await redisServer({ settings: { ...tls, 'tls-port': port, 'tls-auth-clients': 'no' } })
      try {
        const url = `rediss://:${closed.password}@127.0.0.1:${port}`
        await expect(inspectRedis(url)).rejects.toMatchObject({ cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } })
        const script = `
        import { inspectRedis } from ${JSON.stringify(join(import.meta.dirname, '../../src/redis.ts'))}
        const { isEncrypted, isLocal } = await inspectRedis(process.env.URL)
        console.log(isEncrypted, isLocal)`
        const ran = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
          ...{ env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate, URL: url }, encoding: 'utf8' },
        })
        expect([ran.stdout, ran.stderr]).toEqual(['true true\n', ''])
      } finally {
        await closed.close()
      }
    },
  )
})

describeWith('redis')('a look at a Redis Cluster', () => {
  it('finds the others, says who is silent and what nobody has, and follows to where the data is', async () => {
    const cluster = await redisCluster(3, { requireFullCoverage: false, settings: { 'cluster-node-timeout': 9000 } })
    try {
      const [one, two, three] = cluster.urls() as [string, string, string]
      const options = { partitions: 4 }
      const { source } = redis(
        ['redis://127.0.0.1:1', two].map((url) => withUser(url, two)),
        options,
      ).sessions
      // The first is away, which keeps nobody from starting.
      await source.open()
      await source.close()
      for (const url of [one, two, three]) {
        const found = await inspectRedis(url, options)
        expect(found.servers.map(({ where }) => where).sort()).toEqual(cluster.nodes.map(whereOf).sort())
        expect(found.servers.every(({ isCluster, isReplica }) => isCluster && !isReplica)).toBe(true)
        expect(found).toMatchObject({ silent: [], isWhole: true, held: { partitions: 4, isOurs: true } })
      }
      const away = await inspectRedis([withUser('redis://127.0.0.1:1', two), two], options)
      expect([away.servers.length, away.silent]).toEqual([3, ['127.0.0.1:1']])
      await cluster.nodes[0]?.run('CLUSTER', 'DELSLOTS', '0')
      expect((await inspectRedis(one)).isWhole).toBe(false)
    } finally {
      await cluster.close()
    }
  }, 60_000)
})

const whereOf = ({ port }: RedisServer) => `127.0.0.1:${port}`

const withUser = (url: string, like: string) => url.replace(/\/\/(?!.*@)/, `//:${new URL(like).password}@`)
