import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LARAVEL } from '../credentials/password/foreign-samples.ts'
import { type PostgresServer, postgresServer } from '../support/postgres-server.ts'
import { type RedisServer, redisServer } from '../support/redis-server.ts'
import { describeWith } from '../support/services.ts'
import { program } from './program.ts'

describeWith('postgres')('on a PostgreSQL server', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await postgresServer()
  })
  afterAll(() => server.close())

  async function asked(sql: string): Promise<readonly unknown[]> {
    const client = new pg.Client(server.url())
    await client.connect()
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end()
    }
  }

  it('bench measures in a schema of its own, which is gone afterwards, and leaves the one there is alone', async () => {
    const at = program()
    const env = { DATABASE_URL: server.url() }
    await at.run(['users', 'create', '--email', 'ann@example.com', '--password-stdin'], {
      env,
      input: 'a long enough passphrase',
    })
    const ran = await at.run(['bench', '--seconds', '1', '--json'], { env })
    expect(ran.code).toBe(0)
    expect(ran.stderr).toMatch(/^measuring in the schema sallyport_bench_[0-9a-f]{12} of /)
    expect(await asked(`SELECT nspname FROM pg_namespace WHERE nspname LIKE 'sallyport%'`)).toEqual([
      { nspname: 'sallyport' },
    ])
    expect(await asked('SELECT count(*)::int AS users FROM sallyport.users')).toEqual([{ users: 1 }])
  })

  it('users import makes accounts with their passwords and roles, each once', async () => {
    const rows = Array.from({ length: 1200 }, (_, i) => `user${i}@example.com,${LARAVEL}\n`)
    const at = program({ 'users.csv': `email,hash\n${rows.join('')}` })
    const env = { DATABASE_URL: server.url() }
    for (const [made, present] of [
      [1200, 0],
      [0, 1200],
    ]) {
      const ran = await at.run(['users', 'import', 'users.csv', '--json'], { env })
      expect([ran.code, JSON.parse(ran.stdout)]).toEqual([0, expect.objectContaining({ made, present, refused: 0 })])
    }
    const [counts] =
      await asked(`SELECT count(*)::int AS users, count(c.user_id)::int AS passwords, count(r.user_id)::int AS roles
      FROM sallyport.users u LEFT JOIN sallyport.credentials c ON c.user_id = u.id LEFT JOIN sallyport.user_roles r ON r.user_id = u.id
      WHERE email LIKE 'user%'`)
    expect(counts).toEqual({ users: 1200, passwords: 1200, roles: 1200 })
  })
})

describeWith('redis')('with sessions in Redis', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await redisServer({ persistence: 'aof' })
  })
  afterAll(() => redis.close())

  it('bench measures under a prefix of its own, which is gone afterwards, and leaves other keys alone', async () => {
    const at = program()
    const env = { REDIS_URL: redis.url() }
    await at.run(['migrate'], { env })
    await redis.run('SET', 'somebody else', 'stays')
    const keys = async () =>
      (await redis.run('KEYS', '*'))
        .split(/\s*\n/)
        .filter((key) => key !== '')
        .sort()
    const before = await keys()
    expect(before.length).toBeGreaterThan(1)
    const ran = await at.run(['bench', '--seconds', '1', '--json'], { env })
    expect([ran.code, ran.stderr]).toEqual([
      0,
      expect.stringMatching(/, and sallyport_bench_[0-9a-f]{12} in Redis at /),
    ])
    expect(await keys()).toEqual(before)
  })
})
