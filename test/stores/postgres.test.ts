import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigurationError, StoreUnavailable } from '../../src/index.ts'
import { type PostgresOptions, postgres } from '../../src/postgres.ts'
import type { Store } from '../../src/store.ts'
import { MIGRATIONS } from '../../src/stores/sql/migrations/list.ts'
import { migrate } from '../../src/stores/sql/postgres/migrate.ts'
import { settingsOf } from '../../src/stores/sql/postgres/settings.ts'
import { sampleEvent, sampleSession, sampleUser, T0 } from '../../src/testing/samples.ts'
import { type PostgresServer, postgresServer } from '../support/postgres-server.ts'
import { describeWith } from '../support/services.ts'
import { tcpProxy } from '../support/tcp-proxy.ts'
import { FORGERIES } from './forgeries.ts'
import { sourceOf } from './source-of.ts'

const ONE = sampleSession('one')

describeWith('postgres')('postgres()', () => {
  let server: PostgresServer
  let admin: pg.Client
  let count = 0
  const opened: Store[] = []

  beforeAll(async () => {
    server = await postgresServer()
    admin = await client(server.url())
  })
  afterAll(async () => {
    await Promise.all(opened.map((store) => sourceOf(store).close()))
    await admin.end()
    await server.close()
  })

  async function client(url: string): Promise<pg.Client> {
    const made = new pg.Client(url)
    made.on('error', () => {})
    await made.connect()
    return made
  }

  const newSchema = () => `own_${++count}`

  async function open(options: PostgresOptions = {}, url = server.url()): Promise<Store> {
    const store = postgres(url, { schema: newSchema(), ...options })
    await sourceOf(store).open()
    opened.push(store)
    return store
  }

  describe('opening', () => {
    it('makes the schema once, however many begin at once, and the next time finds it', async () => {
      const schema = newSchema()
      await Promise.all(Array.from({ length: 6 }, () => open({ schema, connections: 1 })))
      const { rows } = await admin.query(`SELECT number FROM ${schema}.migrations ORDER BY number`)
      expect(rows.map(({ number }) => Number(number))).toEqual(MIGRATIONS.map(({ number }) => number))
      const epochs = await admin.query(`SELECT epoch FROM ${schema}.feed_state`)
      expect(epochs.rows).toHaveLength(1)
    })

    it('leaves what is another program’s alone', async () => {
      const schema = newSchema()
      await admin.query(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.users (id INTEGER)`)
      await expect(open({ schema })).rejects.toThrow(/is another program's: name one of its own/)
      const { rows } = await admin.query(`SELECT relname FROM pg_class WHERE relnamespace = '${schema}'::regnamespace`)
      expect(rows).toEqual([{ relname: 'users' }])
    })

    it('refuses what a newer version wrote, and a migration that was changed; applies new ones all or none', async () => {
      const schema = newSchema()
      await open({ schema })
      const settings = settingsOf(server.url(), { schema, connections: 1, patience: 5000 })
      const [first, ...others] = MIGRATIONS
      if (!first) throw new Error('there is a first migration')
      await expect(migrate(settings, [{ ...first, postgres: `${first.postgres} ` }, ...others])).rejects.toThrow(
        /migration 1 \(first\) is not the one that was applied/,
      )
      const next = MIGRATIONS.length + 1
      const good = { number: next, name: 'more', sqlite: '', postgres: 'CREATE TABLE more (id TEXT)' }
      const bad = { number: next + 1, name: 'bad', sqlite: '', postgres: 'CREATE TABLE more (id TEXT)' }
      await expect(migrate(settings, [...MIGRATIONS, good, bad])).rejects.toThrow(StoreUnavailable)
      const { rows } = await admin.query(`SELECT to_regclass('${schema}.more') AS more`)
      expect(rows).toEqual([{ more: null }])
      await migrate(settings, [...MIGRATIONS, good])
      await expect(open({ schema })).rejects.toThrow(/was written by a newer version of this program \(schema \d+\)/)
    })

    it('never lets an event that is kept be changed', async () => {
      const schema = newSchema()
      const { audit } = await open({ schema })
      await audit.append([sampleEvent('a'), sampleEvent('b')])
      for (const change of FORGERIES) {
        const forged = admin.query(change.replace('audit', `${schema}.audit`))
        await expect(forged, change).rejects.toThrow('the audit log is never changed')
      }
      expect(await audit.after(0, 10)).toEqual([
        { position: 1, event: sampleEvent('a') },
        { position: 2, event: sampleEvent('b') },
      ])
    })

    it('LG-03: tells whoever starts it what to do, and never the password', async () => {
      const url = server.url()
      const wrong = url.replace(server.password, 'not-the-password')
      const thrown = await open({}, wrong).catch((error: Error) => error)
      expect(thrown).toBeInstanceOf(ConfigurationError)
      expect(String(thrown)).toMatch(/does not let this user in at 127\.0\.0\.1:\d+\/postgres: check name and password/)
      expect(JSON.stringify([String(thrown), (thrown as Error).stack])).not.toContain('not-the-password')
      await expect(open({}, server.url('nowhere'))).rejects.toThrow(/there is no such database at .*: create it/)
      await admin.query(`CREATE ROLE plain LOGIN PASSWORD 'plain'; REVOKE CREATE ON DATABASE postgres FROM PUBLIC`)
      const plain = url.replace(`postgres:${server.password}`, 'plain:plain')
      await expect(open({}, plain)).rejects.toThrow(/may not make tables in the schema own_\d+ at /)
      await expect(open({}, url.replace(String(server.port), '1'))).rejects.toThrow(/cannot be reached/)
    })
  })

  it('P1: an ending waits for the disk, and statements see what is committed, whatever the server’s defaults are', async () => {
    const url = await server.createDatabase()
    const name = new URL(url).pathname.slice(1)
    await admin.query(`ALTER DATABASE "${name}" SET synchronous_commit TO off`)
    await admin.query(`ALTER DATABASE "${name}" SET default_transaction_isolation TO 'serializable'`)
    const schema = newSchema()
    const store = await open({ schema, connections: 2 }, url)
    const inside = await client(url)
    await inside.query(`CREATE TABLE told (sync TEXT, isolation TEXT);
      CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO public.told VALUES (current_setting('synchronous_commit'), current_setting('transaction_isolation'));
        RETURN NULL; END $$;
      CREATE TRIGGER tell AFTER UPDATE ON ${schema}.sessions FOR EACH STATEMENT EXECUTE FUNCTION tell()`)
    await store.sessions.start(sampleSession('one'), null, T0)
    await store.sessions.end(sampleSession('one').id, 'signed_out', T0)
    const { rows } = await inside.query('SELECT sync, isolation FROM told')
    expect(rows).toEqual([{ sync: 'on', isolation: 'read committed' }])
    await inside.end()
  })

  it('RT-03: fifty refreshes at once over two connections', async () => {
    const store = await open({ connections: 2 })
    const session = sampleSession('one')
    await store.sessions.start(session, null, T0)
    const won = await Promise.all(
      Array.from({ length: 50 }, () => store.sessions.advance(session.id, session.digest, 0, 1, T0)),
    )
    expect(won.filter((one) => one !== null)).toHaveLength(1)
  })

  it('P3: closes when everything is answered that was asked before, also what waited for a connection', async () => {
    const store = await open({ connections: 1, patience: '5s' })
    await store.users.create(sampleUser('owner'), 'owner@example.com')
    const reads = Array.from({ length: 10 }, () => store.sessions.find(ONE.id))
    const writes = Array.from({ length: 10 }, (_, n) => store.sessions.start(sampleSession(`${n}`), null, T0))
    const all = Promise.all([...reads, ...writes])
    await sourceOf(store).close()
    await expect(all).resolves.toHaveLength(20)
    await expect(store.sessions.find(ONE.id)).rejects.toThrow(StoreUnavailable)
  })

  it('P7: verbs that change the same sessions in another order never wait for each other in a circle', async () => {
    const store = await open({ connections: 8 })
    const user = sampleUser('ada')
    await store.users.create(user, 'ada@example.org')
    const sessions = Array.from({ length: 150 }, (_, i) => sampleSession(`s${i}`, { userId: user.id }))
    await Promise.all(sessions.map((one) => store.sessions.start(one, null, T0)))
    for (let round = 0; round < 6; round += 1) {
      const used = (later: number) => sessions.map((one) => ({ ...one, lastActiveAt: T0 + round * 10 + later }))
      await Promise.all([0, 1, 2, 3, 4, 5].map((i) => store.sessions.touch(i % 2 ? used(i) : used(i).toReversed())))
    }
    await Promise.all([
      store.sessions.touch(sessions.toReversed().map((one) => ({ ...one, lastActiveAt: T0 + 100 }))),
      store.sessions.endOf(user.id, 'signed_out', T0, sessions[7]?.id ?? null),
      store.sessions.endDue(T0, 10, T0),
      store.sessions.endOlder(0, 10, T0),
    ])
    expect(server.log()).not.toContain('deadlock detected')
  })

  it.each([
    ['a use', (store: Store) => store.sessions.touch([{ ...ONE, lastActiveAt: T0 + 1 }])],
    ['a rotation', (store: Store) => store.sessions.advance(ONE.id, ONE.digest, 0, 1, T0)],
    ['new fields', (store: Store) => store.sessions.setFields(ONE.id, { note: 'new' })],
    ['an ending', (store: Store) => store.sessions.end(ONE.id, 'signed_out', T0)],
  ] as const)(
    'P1: who writes %s and hears nothing more holds up no ending for long, and goes on after it',
    async (_, write) => {
      const proxy = await tcpProxy({ to: { host: '127.0.0.1', port: server.port } })
      const schema = newSchema()
      const beside = await open({ schema, patience: '2s' })
      const cut = await open({ schema, connections: 1 }, proxy.through(server.url()))
      await beside.sessions.start(ONE, null, T0)
      await cut.sessions.find(ONE.id)
      const before = proxy.commands().executes
      proxy.freeze(true, 'toClient')
      const written = write(cut)
      await expect.poll(() => proxy.commands().executes).toBeGreaterThan(before)
      expect((await beside.sessions.end(ONE.id, 'user_locked', T0)).value).toMatchObject({ endReason: 'user_locked' })
      proxy.freeze(false)
      await written
      expect(await cut.sessions.find(ONE.id)).toMatchObject({ endReason: 'user_locked' })
      await proxy.close()
    },
  )

  it('LG-03: what a verb throws holds nothing of what it was given', async () => {
    const store = await open()
    const session = sampleSession('twice')
    await store.sessions.start(session, null, T0)
    await expect(store.sessions.start(session, null, T0)).rejects.toThrow('a session with this id exists already')
    const broken = { ...sampleSession('broken'), createdAt: 'yesterday-secret' as never }
    const thrown = (await store.sessions.start(broken, null, T0).catch((error: Error) => error)) as Error
    expect(thrown).toBeInstanceOf(StoreUnavailable)
    expect(JSON.stringify([thrown.message, thrown.stack, thrown.cause])).not.toContain('yesterday-secret')
    // And the connection is not left in the middle of it.
    expect(await store.sessions.find(session.id)).not.toBeNull()
  })
})

/** A server and stores that are taken down in the middle. */
describeWith('postgres')('a PostgreSQL server that goes and comes', () => {
  it('is unavailable while it is gone, and used again when it is back, by verbs and feed', {
    timeout: 30_000,
  }, async () => {
    const server = await postgresServer()
    const store = postgres(server.url(), { connections: 2, patience: '1s' })
    const source = sourceOf(store)
    try {
      await source.open()
      let woken = 0
      const cancel = source.feed.onAppend(() => {
        woken += 1
      })
      const { row, position, epoch } = await source.feed.register(null)
      await store.users.create(sampleUser('ada'), 'ada@example.org')
      await server.kill()
      await expect(store.users.find(sampleUser('ada').id)).rejects.toThrow(StoreUnavailable)
      await expect(store.users.endEveryone()).rejects.toThrow(StoreUnavailable)
      await expect(source.feed.read(row, position, 10)).rejects.toThrow(StoreUnavailable)
      await server.start()
      await expect
        .poll(() =>
          source.ping().then(
            () => true,
            () => false,
          ),
        )
        .toBe(true)
      await expect
        .poll(() =>
          source.feed.read(row, position, 10).then(
            (read) => read.epoch,
            () => null,
          ),
        )
        .toBe(epoch)
      expect((await store.users.find(sampleUser('ada').id)).user?.email).toBe(sampleUser('ada').email)
      woken = 0
      await store.users.endEveryone()
      await expect.poll(() => woken).toBeGreaterThan(0)
      expect((await source.feed.read(row, position, 10)).entries).toHaveLength(1)
      cancel()
    } finally {
      await source.close()
      await server.close()
    }
  })

  it('P1: ends the epoch when a node has read what the server does not know any more', {
    timeout: 30_000,
  }, async () => {
    const server = await postgresServer()
    const store = postgres(server.url(), { connections: 2 })
    const source = sourceOf(store)
    try {
      await source.open()
      await store.users.endEveryone()
      await server.stop('fast')
      await server.copyData('copy')
      await server.start()
      const { row, position, epoch } = await until(() => source.feed.register(null))
      await store.users.endEveryone()
      const { entries } = await source.feed.read(row, position, 10)
      await server.stop('fast')
      await server.restoreFrom('copy')
      await server.start()
      const [last] = entries
      if (!last) throw new Error('there is one')
      const read = await until(() => source.feed.read(row, { at: last.at, id: last.id }, 10))
      expect(read).toMatchObject({ lost: true, standing: 'unknown' })
      expect(read.epoch).not.toBe(epoch)
      expect(await source.feed.epoch()).toBe(read.epoch)
    } finally {
      await source.close()
      await server.close()
    }
  })

  it('P1 P3: asks no standby, and begins a new epoch when one has taken over', { timeout: 30_000 }, async () => {
    const server = await postgresServer()
    const store = postgres(server.url(), { connections: 2 })
    const source = sourceOf(store)
    try {
      await source.open()
      const { row, position, epoch } = await source.feed.register(null)
      await server.stop('fast')
      writeFileSync(join(server.data, 'standby.signal'), '')
      await server.start()
      await expect(store.users.find(sampleUser('ada').id)).rejects.toThrow(StoreUnavailable)
      await expect(source.feed.read(row, position, 10)).rejects.toThrow(StoreUnavailable)
      await expect(sourceOf(postgres(server.url())).open()).rejects.toThrow(/is a standby: name the primary/)
      const admin = new pg.Client(server.url())
      await admin.connect()
      await admin.query('SELECT pg_promote()')
      await admin.end()
      const read = await until(() => source.feed.read(row, position, 10))
      expect(read.epoch).not.toBe(epoch)
      expect(read.lost).toBe(false)
      expect((await until(() => store.users.find(sampleUser('ada').id))).user).toBeNull()
    } finally {
      await source.close()
      await server.close()
    }
  })
})

/** What is answered once the server is back. */
async function until<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask()
    } catch (error) {
      if (tries > 100) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
