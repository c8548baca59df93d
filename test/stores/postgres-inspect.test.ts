import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { exportKey, generateKey, seal, sealing } from '../../src/crypto.ts'
import { ConfigurationError, StoreUnavailable } from '../../src/errors.ts'
import { purposeOf } from '../../src/keyring.ts'
import { inspectPostgres, postgres } from '../../src/postgres.ts'
import { isLocal } from '../../src/stores/sql/postgres/inspect.ts'
import { type PostgresServer, postgresServer } from '../support/postgres-server.ts'
import { describeWith } from '../support/services.ts'
import { sourceOf } from './source-of.ts'

const OPENSSL = 'openssl'
const hasOpenssl = spawnSync(OPENSSL, ['version']).status === 0

it('what stays on this machine is told from what does not', () => {
  const local = ['localhost', '127.0.0.1', '127.1.2.3', '::1', '/var/run/postgresql']
  const others = ['db.example', '127.example', 'localhost.example', '10.0.0.1', '::2', '1127.0.0.1']
  expect([...local, ...others].filter(isLocal)).toEqual(local)
})

const [NEW, OLD, OTHER] = ['the newest secret', 'the secret before', 'another secret']

describeWith('postgres')('a look at a PostgreSQL database', () => {
  let server: PostgresServer
  let admin: pg.Client

  beforeAll(async () => {
    server = await postgresServer({ settings: { wal_level: 'logical' } })
    admin = await connected(server.url())
    await admin.query(`CREATE ROLE auth LOGIN PASSWORD 'auth'; GRANT pg_read_all_data TO auth`)
  })
  afterEach(async () => {
    await admin.query('ALTER SYSTEM RESET ALL')
    await admin.query('SELECT pg_reload_conf()')
  })
  afterAll(async () => {
    await admin.end()
    await server.close()
  })

  async function connected(url: string, config: object = {}): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url, ...config })
    client.on('error', () => {})
    await client.connect()
    return client
  }

  async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
    const client = await connected(url)
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end()
    }
  }

  /** The same database, by a user who is nobody. */
  const asAuth = (url: string) => url.replace(/\/\/.*@/, '//auth:auth@')

  /** A database with a key sealed by each of these, and a removed one. */
  async function holding(...secrets: readonly string[]): Promise<string> {
    const url = await server.createDatabase()
    const store = postgres(url)
    await sourceOf(store).open()
    let after: string | null = null
    for (const [i, secret] of [...secrets, NEW].entries()) {
      const key = await generateKey('EdDSA')
      const sealed = seal(sealing([secret]), exportKey(key), purposeOf(key.kid))
      await store.keys.add({ kid: key.kid, alg: 'EdDSA', createdAt: i, signsFrom: i, sealed, removedAt: null }, after)
      after = key.kid
    }
    await store.keys.remove(after ?? '', 'EdDSA', 100)
    await sourceOf(store).close()
    return url
  }

  it('tells of the server, and nothing of what is not there; and makes nothing', async () => {
    const url = await server.createDatabase()
    const release = Number((await query(url, 'SHOW server_version_num'))[0]?.server_version_num)
    expect(await inspectPostgres(url, [NEW])).toEqual({
      server: {
        version: release,
        isRecovering: false,
        isLocal: true,
        isEncrypted: false,
        isVerified: false,
        isSuperuser: true,
        mayCreate: true,
        fsync: false,
        fullPageWrites: true,
        synchronousCommit: 'on',
        waitsForStandbys: false,
        standbys: 0,
        ahead: 0,
      },
      held: null,
    })
    expect(await query(url, `SELECT 1 FROM pg_namespace WHERE nspname = 'sallyport'`)).toEqual([])
    await query(url, 'CREATE SCHEMA sallyport')
    expect((await inspectPostgres(url, [NEW])).held).toBeNull()
  })

  it('KM-08: tells which secrets open the keys, leaving removed ones out', async () => {
    const url = await holding(OLD, NEW, OLD)
    const keys = async (...secrets: readonly string[]) => (await inspectPostgres(url, secrets)).held?.keys
    expect((await inspectPostgres(url, [NEW, OLD])).held).toEqual({
      pending: 0,
      keys: { kept: 3, opened: 3, byNewest: 1, newestAt: expect.any(Number) },
      people: { any: false, admins: 0 },
      policy: null,
    })
    expect(await keys(OLD, NEW)).toMatchObject({ kept: 3, opened: 3, byNewest: 2 })
    expect(await keys(NEW)).toMatchObject({ kept: 3, opened: 1, byNewest: 1 })
    expect(await keys(OTHER)).toMatchObject({ kept: 3, opened: 0, byNewest: 0 })
    expect(await keys()).toMatchObject({ kept: 3, opened: 0, byNewest: 0 })
  })

  it('counts migrations that are missing, also the one that makes the keys', async () => {
    const url = await holding(NEW)
    await query(url, 'DELETE FROM sallyport.migrations WHERE number > 1; DROP TABLE sallyport.keys')
    const { held } = await inspectPostgres(url, [NEW])
    expect(held?.pending).toBeGreaterThan(0)
    expect(held?.keys.kept).toBe(0)
  })

  it('refuses what is another program’s, or newer, and whom the server does not let in', async () => {
    const url = await server.createDatabase()
    await query(url, 'CREATE SCHEMA other; CREATE TABLE other.notes (text TEXT)')
    await expect(inspectPostgres(url, [], { schema: 'other' })).rejects.toThrow(
      /the schema other .* is another program's/,
    )
    const newer = await holding(NEW)
    await query(newer, `INSERT INTO sallyport.migrations VALUES (9999, 'later', '')`)
    await expect(inspectPostgres(newer, [])).rejects.toThrow(/newer version of this program \(schema 9999\)/)
    await expect(inspectPostgres(url.replace(/:[^:]*@/, ':wrong@'), [])).rejects.toThrow(ConfigurationError)
    await expect(inspectPostgres(url.replace(/@.*\//, '@127.0.0.1:1/'), [])).rejects.toThrow(StoreUnavailable)
    for (const beside of ['sslmode=verify-full', 'sslrootcert=/nowhere']) {
      await expect(inspectPostgres(`${url}?${beside}`, [])).rejects.toThrow(StoreUnavailable)
    }
  })

  it('tells what a user may who is nobody', async () => {
    const url = await holding(NEW)
    const other = await server.createDatabase()
    expect((await inspectPostgres(asAuth(url), [])).server).toMatchObject({ isSuperuser: false, mayCreate: false })
    expect((await inspectPostgres(asAuth(other), [])).server.mayCreate).toBe(false)
    await query(url, 'GRANT CREATE ON SCHEMA sallyport TO auth')
    await query(other, `GRANT CREATE ON DATABASE ${new URL(other).pathname.slice(1)} TO auth`)
    expect((await inspectPostgres(asAuth(url), [])).server.mayCreate).toBe(true)
    expect((await inspectPostgres(asAuth(other), [])).server.mayCreate).toBe(true)
  })

  it('sees standbys and whether commits wait for them, also by a user who may not see who they are', async () => {
    const url = await server.createDatabase()
    const seen = async () => (await inspectPostgres(asAuth(url), [])).server
    const standby = await connected(server.url(), { replication: 'true' })
    const { rows } = await standby.query('IDENTIFY_SYSTEM')
    // It answers when it ends.
    const streaming = standby.query(`START_REPLICATION PHYSICAL ${rows[0].xlogpos}`).catch(() => {})
    await expect.poll(async () => (await seen()).standbys).toBe(1)
    expect(await seen()).toMatchObject({ waitsForStandbys: false })
    await admin.query(`ALTER SYSTEM SET synchronous_standby_names = 'one'`)
    await admin.query('SELECT pg_reload_conf()')
    await expect.poll(async () => (await seen()).waitsForStandbys).toBe(true)
    await standby.end()
    await streaming
    await expect.poll(async () => (await seen()).standbys).toBe(0)
  })

  it('takes who follows a logical slot for no standby', async () => {
    const url = await server.createDatabase()
    await query(url, `CREATE PUBLICATION everything FOR ALL TABLES`)
    await query(url, `SELECT pg_create_logical_replication_slot('follower', 'pgoutput')`)
    const follower = await connected(url, { replication: 'database' })
    const options = `proto_version '1', publication_names 'everything'`
    const streaming = follower.query(`START_REPLICATION SLOT follower LOGICAL 0/0 (${options})`).catch(() => {})
    const followers = async () => (await query(server.url(), 'SELECT state FROM pg_stat_replication')).length
    await expect.poll(followers).toBe(1)
    expect((await inspectPostgres(url, [])).server.standbys).toBe(0)
    await follower.end()
    await streaming
  })

  it('tells what a crash would cost', async () => {
    const url = await server.createDatabase()
    await query(url, 'ALTER ROLE auth SET synchronous_commit TO off')
    expect((await inspectPostgres(asAuth(url), [])).server.synchronousCommit).toBe('off')
    await query(url, 'ALTER ROLE auth RESET ALL')
    await admin.query('ALTER SYSTEM SET full_page_writes TO off')
    await admin.query('SELECT pg_reload_conf()')
    await expect.poll(async () => (await inspectPostgres(url, [])).server.fullPageWrites).toBe(false)
  })

  it.skipIf(!hasOpenssl)('tells whether the way is encrypted, and who checks where it leads', async () => {
    const [key, certificate] = [join(server.data, 'server.key'), join(server.data, 'server.crt')]
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
    const named = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1']
    execFileSync(OPENSSL, [...made, ...named, '-keyout', key, '-out', certificate], { stdio: 'ignore' })
    const { uid, gid } = statSync(server.data)
    for (const path of [key, certificate]) chownSync(path, uid, gid)
    chmodSync(key, 0o600)
    await admin.query('ALTER SYSTEM SET ssl TO on')
    await admin.query('SELECT pg_reload_conf()')
    const way = async (asked: string) => {
      const { isEncrypted, isVerified } = (await inspectPostgres(server.url() + asked, [])).server
      return { isEncrypted, isVerified }
    }
    const checked = `?sslmode=verify-full&sslrootcert=${certificate}`
    await expect.poll(() => way(checked).catch(() => null)).toEqual({ isEncrypted: true, isVerified: true })
    expect(await way('?sslmode=no-verify')).toEqual({ isEncrypted: true, isVerified: false })
    expect(await way('')).toEqual({ isEncrypted: false, isVerified: false })
    await expect(way('?sslmode=verify-full')).rejects.toMatchObject({ cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } })
  })

  it('looks at a standby too', async () => {
    const url = await holding(NEW)
    await admin.end()
    await server.stop()
    const mark = join(server.data, 'standby.signal')
    writeFileSync(mark, '')
    try {
      await server.start()
      const { server: found, held } = await inspectPostgres(url, [NEW])
      expect(found).toMatchObject({ isRecovering: true, isSuperuser: true })
      expect(held?.keys).toMatchObject({ kept: 1, opened: 1, byNewest: 1 })
    } finally {
      await server.stop()
      rmSync(mark)
      await server.start()
      admin = await connected(server.url())
    }
  })
})
