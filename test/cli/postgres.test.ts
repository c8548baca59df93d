import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, postgresServer } from '../support/postgres-server.ts'
import { describeWith } from '../support/services.ts'
import { program, type Ran } from './program.ts'
import { without } from './without.ts'

const PASSWORD = 'a long enough passphrase'
const SECRET = 'test-secret-0123456789-abcdefghijklmnop'
const DATABASE_PASSWORD = 'a-password-nobody-may-see'

const everything = (...all: readonly Ran[]) => all.map(({ stdout, stderr }) => stdout + stderr).join('\n')

describeWith('postgres')('over a PostgreSQL database', () => {
  let server: PostgresServer

  beforeAll(async () => {
    server = await postgresServer({ fsync: true })
    await query(server.url(), `CREATE ROLE auth LOGIN PASSWORD '${DATABASE_PASSWORD}'`)
  })
  afterAll(() => server.close())

  async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end()
    }
  }

  /** An empty database of a user who is nobody else's, and the environment with it. */
  async function environment() {
    const url = await server.createDatabase()
    const { pathname } = new URL(url)
    await query(url, `ALTER DATABASE ${pathname.slice(1)} OWNER TO auth`)
    const DATABASE_URL = `postgres://auth:${DATABASE_PASSWORD}@127.0.0.1:${server.port}${pathname}`
    return { env: { DATABASE_URL, SALLYPORT_SECRET: SECRET }, where: `127.0.0.1:${server.port}${pathname}` }
  }

  it('migrates, for several at once, and says what was done', async () => {
    const at = program()
    const { env, where } = await environment()
    const ran = await Promise.all([1, 2, 3].map(() => at.run(['migrate'], { env })))
    for (const { code, stdout, stderr } of ran) {
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(`${where} is up to date`)
    }
    expect(ran.map(({ stdout }) => stdout)).toContain(`${where} is up to date: its tables were made\n`)
    expect(await at.run(['migrate'], { env })).toEqual({ code: 0, stdout: `${where} is up to date\n`, stderr: '' })

    await query(env.DATABASE_URL, 'DELETE FROM sallyport.migrations WHERE number > 1; DROP TABLE sallyport.keys')
    const doctor = await at.run(['doctor'], { env })
    expect(doctor.stdout).toMatch(/^warn {2}the database lacks .*migration/m)
    expect(everything(...ran, doctor)).not.toContain(DATABASE_PASSWORD)
  })

  it('keeps what the command line makes, in a schema of its own if one is named, and nothing beside it', async () => {
    const at = program()
    const { env: shared, where } = await environment()
    const env = { ...shared, DATABASE_SCHEMA: 'tenant_a', DATABASE_CONNECTIONS: '2' }
    const run = (...args: readonly string[]) => at.run(args, { env, input: PASSWORD })
    const migrated = await run('migrate', '--json')
    expect(JSON.parse(migrated.stdout)).toEqual({
      ...{ database: 'postgres', where: `${where} (schema tenant_a)`, made: true, applied: null, upToDate: true },
    })
    const made = await run('users', 'create', '--email', 'ann@example.com', '--role', 'admin', '--password-stdin')
    const listed = await run('users', 'list')
    const service = await run('services', 'create', 'billing')
    const rotated = await run('keys', 'rotate')
    const doctor = await run('doctor')
    const all = [migrated, made, listed, service, rotated, doctor]
    expect(all.map(({ code, stderr }) => [code, stderr])).toEqual(all.map(() => [0, '']))
    expect(listed.stdout).toContain('ann@example.com')
    expect(doctor.stdout).not.toMatch(/^(?:bad|warn)/m)
    expect(doctor.stdout).toContain(`${where} (schema tenant_a) is PostgreSQL`)
    expect(doctor.stdout).toContain('the master secret opens the signing keys')
    expect(everything(...all)).not.toContain(DATABASE_PASSWORD)
    expect(readdirSync(at.folder)).toEqual([])
    expect(
      await query(env.DATABASE_URL, `SELECT nspname FROM pg_namespace WHERE nspname IN ('tenant_a', 'sallyport')`),
    ).toEqual([{ nspname: 'tenant_a' }])
  })

  it('P1: what the command line ends, no server accepts when it returns', async () => {
    const at = program()
    const { env } = await environment()
    const [first, second] = await Promise.all([at.serve(env), at.serve(env)])
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ email: 'ann@example.com', password: PASSWORD })
    const signedUp = await fetch(`${first.url}/auth/sign-up`, { method: 'POST', headers, body })
    const cookie = (signedUp.headers.get('set-cookie') ?? '').replace(/;.*/, '')
    const statuses = () =>
      Promise.all(
        [first, second].map(async ({ url }) => (await fetch(`${url}/auth/session`, { headers: { cookie } })).status),
      )
    expect(await statuses()).toEqual([200, 200])
    const ended = await at.run(['sessions', 'end', '--user', 'ann@example.com'], { env })
    expect([ended.code, await statuses()]).toEqual([0, [401, 401]])
    expect([await first.stop(), await second.stop()]).toEqual([0, 0])
    const said = [first, second].map(({ output }) => output.stdout + output.stderr).join('')
    expect(said).not.toContain(DATABASE_PASSWORD)
  })

  it('KM-08: refuses with one line, which holds no password', async () => {
    const at = program()
    const { env } = await environment()
    const run = (args: readonly string[], url: string) => at.run(args, { env: { ...env, DATABASE_URL: url } })
    const { DATABASE_URL: url } = env
    const wrong = url.replace(DATABASE_PASSWORD, `${DATABASE_PASSWORD}-wrong`)
    const away = url.replace(/@127.*\//, '@127.0.0.1:1/')
    const cases: readonly (readonly [Promise<Ran>, RegExp])[] = [
      [
        run(['serve'], wrong),
        /^sallyport: .* does not let this user in at 127\.0\.0\.1:\d+\/\w+: check name and password\n$/,
      ],
      [run(['migrate', '--json'], wrong), /^sallyport: .* does not let this user in at /],
      [run(['users', 'list'], away), /^sallyport: the PostgreSQL database cannot be reached: doctor says more\n$/],
      [run(['migrate'], away), /^sallyport: the PostgreSQL database cannot be reached: doctor says more\n$/],
      [run(['serve'], away), /^sallyport: the PostgreSQL database cannot be reached: doctor says more\n$/],
      [run(['migrate'], `"${url}"`), /^sallyport: DATABASE_URL names no file that can be: write postgres:/],
      [
        at.run(['migrate'], { env: { ...env, DATABASE_SCHEMA: 'A' } }),
        /^sallyport: DATABASE_SCHEMA: postgres\(\) schema/,
      ],
      [
        at.run(['migrate'], { env: { ...env, DATABASE_CONNECTIONS: 'all' } }),
        /^sallyport: DATABASE_CONNECTIONS is 'all'/,
      ],
    ]
    for (const [running, line] of cases) {
      const ran = await running
      expect(ran.stderr).toMatch(line)
      expect([ran.code, ran.stdout]).toEqual([1, ''])
      expect(ran.stderr).not.toContain(DATABASE_PASSWORD)
    }
    for (const [given, line] of [
      [wrong, /^bad {3}.* does not let this user in at /],
      [away, /^bad {3}127\.0\.0\.1:1\/\w+ cannot be looked at \(ECONNREFUSED\) — see whether the server runs/],
    ] as const) {
      const ran = await run(['doctor'], given)
      expect(ran.stdout).toMatch(line)
      expect([ran.code, ran.stderr]).toEqual([1, ''])
      expect(everything(ran)).not.toContain(DATABASE_PASSWORD)
    }
  })
})

describe('without the package pg', () => {
  it('says what to install, and needs it for nothing else', () => {
    const { at, main } = without('pg')
    const ran = (args: readonly string[], env: Record<string, string> = {}) => {
      const { PATH = '' } = process.env
      const options = { cwd: at, env: { PATH, ...env }, encoding: 'utf8' } as const
      const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], options)
      return { code: status, stdout, stderr }
    }
    const DATABASE_URL = 'postgres://auth:a-password-nobody-may-see@127.0.0.1:1/auth'
    const said = 'DATABASE_URL needs pg: npm install pg\n'
    expect(ran(['migrate'], { DATABASE_URL })).toEqual({ code: 1, stdout: '', stderr: `sallyport: ${said}` })
    expect(ran(['users', 'list'], { DATABASE_URL })).toEqual({ code: 1, stdout: '', stderr: `sallyport: ${said}` })
    expect(ran(['doctor'], { DATABASE_URL }).stdout).toMatch(/^bad +DATABASE_URL needs pg — npm install pg$/m)
    expect(ran(['users', 'list'])).toMatchObject({ code: 0, stdout: 'no users\n' })
  })
})
