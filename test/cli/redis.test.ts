import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RedisCluster, redisCluster } from '../support/redis-cluster.ts'
import { type RedisServer, redisServer } from '../support/redis-server.ts'
import { describeWith } from '../support/services.ts'
import { type Program, program, type Ran, type Server } from './program.ts'
import { without } from './without.ts'

const PASSWORD = 'a long enough passphrase'
const SECRET = 'test-secret-0123456789-abcdefghijklmnop'
const REDIS_PASSWORD = 'a-password-nobody-may-see'

const everything = (...all: readonly Pick<Ran, 'stdout' | 'stderr'>[]) =>
  all.map(({ stdout, stderr }) => stdout + stderr).join('\n')

/** Signs up, and answers with what carries the session. */
async function signedUp({ url }: Server): Promise<{ readonly cookie: string }> {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ email: 'ann@example.com', password: PASSWORD })
  const answer = await fetch(`${url}/auth/sign-up`, { method: 'POST', headers, body })
  expect(answer.status).toBe(201)
  return carried(answer)
}

async function signedIn({ url }: Server): Promise<{ readonly cookie: string }> {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ email: 'ann@example.com', password: PASSWORD })
  const answer = await fetch(`${url}/auth/sign-in`, { method: 'POST', headers, body })
  expect(answer.status).toBe(200)
  return carried(answer)
}

const carried = (answer: Response) => ({ cookie: (answer.headers.get('set-cookie') ?? '').replace(/;.*/, '') })

const status = async ({ url }: Server, headers: { readonly cookie: string }) =>
  (await fetch(`${url}/auth/session`, { headers })).status

async function signedOut(server: Server, headers: { readonly cookie: string }): Promise<number> {
  const origin = server.url
  return (await fetch(`${server.url}/auth/sign-out`, { method: 'POST', headers: { ...headers, origin } })).status
}

describeWith('redis')('with sessions in Redis', () => {
  let redis: RedisServer

  beforeAll(async () => {
    redis = await redisServer({ persistence: 'aof', password: REDIS_PASSWORD })
  })
  afterAll(() => redis.close())

  /** Where nothing is yet, neither in the file nor in Redis. */
  async function fresh(): Promise<{ readonly at: Program; readonly env: Record<string, string> }> {
    await redis.run('FLUSHALL')
    return {
      at: program(),
      env: { DATABASE_URL: 'sqlite:people.db', REDIS_URL: redis.url(), SALLYPORT_SECRET: SECRET },
    }
  }

  it('P1: signs up, in and out beside SQLite; both are named, and what the command line ends is over', async () => {
    const { at, env } = await fresh()
    const server = await at.serve(env)
    const people = join(at.folder, 'people.db')
    expect(server.output.stdout).toContain(
      `sessions are kept in Redis at 127.0.0.1:${redis.port}, and the rest in ${people}\n`,
    )
    const { parts } = await (await fetch(`${server.url}/readyz`)).json()
    expect(parts).toEqual({ 'store sqlite': true, 'store redis': true, feed: true })

    const first = await signedUp(server)
    const keys = await redis.run('KEYS', '*')
    expect(keys).toMatch(/^\{sallyport:0\}:s:/m)
    expect(keys.split('\n').filter((key) => !key.startsWith('{sallyport:0}:'))).toEqual([])
    expect(await status(server, first)).toBe(200)
    expect(await signedOut(server, first)).toBe(204)
    expect(await status(server, first)).toBe(401)

    const second = await signedIn(server)
    const listed = await at.run(['sessions', 'list', '--user', 'ann@example.com', '--json'], { env })
    expect(JSON.parse(listed.stdout).items).toHaveLength(1)
    const ended = await at.run(['sessions', 'end', '--user', 'ann@example.com'], { env })
    expect([ended, await status(server, second)]).toEqual([{ code: 0, stdout: '1 session ended\n', stderr: '' }, 401])

    const third = await signedIn(server)
    expect(await server.stop()).toBe(0)
    const again = await at.serve(env)
    expect(await status(again, third)).toBe(200)
    expect(await again.stop()).toBe(0)
    expect(everything(server.output, again.output, listed, ended)).not.toContain(REDIS_PASSWORD)
  })

  it('says at its start, by readyz and with 503 that Redis is away, and goes on when it is back', async () => {
    const { at, env } = await fresh()
    const server = await at.serve(env)
    const carrier = await signedUp(server)
    await redis.stop()
    try {
      await expect.poll(() => status(server, carrier), { timeout: 15_000 }).toBe(503)
      const ready = await fetch(`${server.url}/readyz`)
      const { parts } = await ready.json()
      expect([ready.status, parts['store sqlite'], parts['store redis']]).toEqual([503, true, false])
      for (const command of [['serve'], ['users', 'list'], ['migrate']]) {
        const { code, stderr } = await at.run(command, { env })
        expect([code, stderr]).toEqual([1, 'sallyport: the Redis server cannot be reached: doctor says more\n'])
      }
      const doctor = await at.run(['doctor'], { env })
      expect(doctor.stdout).toMatch(/^bad {3}127\.0\.0\.1:\d+ cannot be looked at \(ECONNREFUSED\) — see whether the/)
    } finally {
      await redis.start()
    }
    await expect.poll(() => status(server, carrier), { timeout: 15_000 }).toBe(200)
    expect(await server.stop()).toBe(0)
  })

  it('migrate makes the one up to date, and looks at the other', async () => {
    const { at, env } = await fresh()
    const where = `127.0.0.1:${redis.port}`
    const first = await at.run(['migrate'], { env })
    const people = join(at.folder, 'people.db')
    const line = `Redis at ${where} is of this version: there is nothing to migrate in it\n`
    expect(first).toEqual({ code: 0, stdout: `${people} is up to date: its tables were made\n${line}`, stderr: '' })
    const { stdout } = await at.run(['migrate', '--json'], { env })
    expect(JSON.parse(stdout)).toMatchObject({ database: 'sqlite', applied: 0, redis: { where, upToDate: true } })
    const split = await at.run(['migrate'], { env: { ...env, REDIS_PARTITIONS: '4' } })
    expect(split).toMatchObject({ code: 1, stdout: '' })
    expect(split.stderr).toMatch(
      /^sallyport: the Redis data at .* is in 1 partitions: write partitions: 1, or another prefix/,
    )
  })

  it('doctor tells what is wrong in Redis, in lines and as JSON, and makes nothing there', async () => {
    const { at, env } = await fresh()
    const look = async (more = {}) => at.run(['doctor'], { env: { ...env, ...more } })
    const good = await look()
    expect([good.code, good.stderr, await redis.run('DBSIZE')]).toEqual([0, '', '0'])
    expect(good.stdout).toContain(`ok    what 127.0.0.1:${redis.port} has answered is on its disk`)
    expect(good.stdout).toContain('there is nothing in Redis yet')
    expect(good.stdout).not.toMatch(/^(?:warn|bad)/m)
    await redis.run('CONFIG', 'SET', 'maxmemory-policy', 'volatile-ttl', 'appendfsync', 'everysec')
    try {
      const weak = await look({ REDIS_REPLICAS: '1' })
      expect([weak.code, weak.stderr]).toEqual([1, ''])
      expect(weak.stdout).toMatch(/^bad {3}a replica has to confirm each change, and none is connected/m)
      expect(weak.stdout).toMatch(/^bad {3}maxmemory-policy of .* is volatile-ttl: /m)
      expect(weak.stdout).toMatch(/^warn {2}appendfsync of .* is everysec: /m)
      const started = await at.run(['serve'], { env })
      expect(started.stderr).toMatch(/^sallyport: the Redis server at .* throws away .*: set it to noeviction, or/)
      const json = await at.run(['doctor', '--json'], { env })
      expect(JSON.parse(json.stdout).findings[0]).toEqual({
        level: 'bad',
        what: expect.stringContaining('maxmemory-policy'),
        instead: expect.stringContaining('noeviction'),
      })
      expect(everything(good, weak, started, json)).not.toContain(REDIS_PASSWORD)
    } finally {
      await redis.run('CONFIG', 'SET', 'maxmemory-policy', 'noeviction', 'appendfsync', 'always')
    }
  })

  it('KM-08: refuses with one line, which holds no password', async () => {
    const { at, env } = await fresh()
    const wrong = redis.url().replace(REDIS_PASSWORD, `${REDIS_PASSWORD}-wrong`)
    const cases: readonly (readonly [string, RegExp])[] = [
      [wrong, /^sallyport: the Redis server does not let this user in at 127\.0\.0\.1:\d+: check name and password\n$/],
      [`"${redis.url()}"`, /^sallyport: REDIS_URL is not the address of a Redis server: write redis:\/\/\S+, or .*\n$/],
      [`${redis.url()},redis://:other@b`, /^sallyport: REDIS_URL: redis\(\) is given addresses that differ in more/],
      [`${redis.url()}/99`, /^sallyport: the Redis server at .* does not have the database of the address: leave/],
    ]
    for (const [REDIS_URL, line] of cases) {
      const ran = await at.run(['users', 'list'], { env: { ...env, REDIS_URL } })
      expect([ran.code, ran.stdout]).toEqual([1, ''])
      expect(ran.stderr).toMatch(line)
      const doctor = await at.run(['doctor'], { env: { ...env, REDIS_URL } })
      expect([doctor.code, doctor.stderr]).toEqual([1, ''])
      expect(everything(ran, doctor)).not.toContain(REDIS_PASSWORD)
    }
  })
})

describeWith('redis')('with sessions in a Redis Cluster', () => {
  let cluster: RedisCluster

  beforeAll(async () => {
    cluster = await redisCluster(3, { settings: { 'cluster-node-timeout': 9000 } })
  }, 60_000)
  afterAll(() => cluster.close())

  it('P1: one server’s sign-out is true on the other, with sessions on every node', async () => {
    const at = program()
    const env = { REDIS_URL: cluster.urls().slice(1).join(','), REDIS_PARTITIONS: '6', SALLYPORT_SECRET: SECRET }
    const [first, second] = [await at.serve(env), await at.serve(env)]
    const carrier = await signedUp(first)
    expect(await status(second, carrier)).toBe(200)
    expect(await signedOut(first, carrier)).toBe(204)
    expect([await status(first, carrier), await status(second, carrier)]).toEqual([401, 401])
    const doctor = await at.run(['doctor'], { env: { ...env, REDIS_PARTITIONS: '1' } })
    for (const node of cluster.nodes) {
      expect(Number(await node.run('DBSIZE'))).toBeGreaterThan(0)
      expect(doctor.stdout).toMatch(new RegExp(`^bad {3}appendonly of 127.0.0.1:${node.port} is off`, 'm'))
    }
    expect(doctor.stdout).toMatch(/^bad {3}the data at .* is in 6 partitions, and 1 are configured/m)
    expect([await first.stop(), await second.stop()]).toEqual([0, 0])
  })
})

describe('without the package @redis/client', () => {
  it('says what to install, and needs it for nothing else', () => {
    const { at, main } = without('@redis/client')
    const ran = (args: readonly string[], env: Record<string, string> = {}) => {
      const { PATH = '' } = process.env
      const options = { cwd: at, env: { PATH, ...env }, encoding: 'utf8' } as const
      const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], options)
      return { code: status, stdout, stderr }
    }
    const REDIS_URL = `redis://:${REDIS_PASSWORD}@127.0.0.1:1`
    const said = 'REDIS_URL needs @redis/client: npm install @redis/client\n'
    expect(ran(['users', 'list'], { REDIS_URL })).toEqual({ code: 1, stdout: '', stderr: `sallyport: ${said}` })
    expect(ran(['doctor'], { REDIS_URL }).stdout).toMatch(
      /^bad +REDIS_URL needs @redis\/client — npm install @redis\/client$/m,
    )
    expect(ran(['users', 'list'])).toMatchObject({ code: 0, stdout: 'no users\n' })
  })
})
