import { mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { ConfigurationError, StoreUnavailable } from '../../src/errors.ts'
import { sqlite } from '../../src/sqlite.ts'
import { MIGRATIONS } from '../../src/stores/sql/migrations/list.ts'
import { type Connection, connection } from '../../src/stores/sql/sqlite/connection.ts'
import { openingFault } from '../../src/stores/sql/sqlite/errors.ts'
import { createFile } from '../../src/stores/sql/sqlite/file.ts'
import { migrate } from '../../src/stores/sql/sqlite/migrate.ts'
import { connect, disconnect } from '../../src/stores/sql/sqlite/open.ts'
import {
  idOf,
  sampleCredential,
  sampleEvent,
  sampleKey,
  sampleService,
  sampleSession,
  sampleTicket,
  sampleUser,
  T0,
} from '../../src/testing/samples.ts'
import { sourceOf } from './source-of.ts'
import { closed, folder, later, newFile, opened } from './sqlite-fixture.ts'

/** As SQLite numbers them. */
const [NORMAL, FULL] = [1, 2]

function edit(file: string, sql: string): void {
  const database = new DatabaseSync(file)
  database.exec(sql)
  database.close()
}

it('makes the file and those beside it for the owner alone', async () => {
  const file = newFile()
  const store = await opened(file)
  await store.users.create(sampleUser('ada'), 'ada@example.org')
  for (const name of [file, `${file}-wal`, `${file}-shm`]) expect(statSync(name).mode & 0o777).toBe(0o600)
})

it('has everything still when the file is opened again', async () => {
  const file = newFile()
  const before = await opened(file)
  const user = sampleUser('ada', { roles: ['user', 'admin'], fields: { locale: 'cs' } })
  const session = sampleSession('one', { userId: user.id })
  await before.users.create(user, 'ada@example.org')
  await before.users.endEveryone()
  await before.sessions.start(session, null, T0)
  await before.credentials.add(sampleCredential({ userId: user.id }))
  await before.denials.deny({ sid: idOf('gone'), reason: 'signed_out', until: T0 + 1 }, T0)
  await before.sessions.advance(session.id, session.digest, 0, 1, T0 + 1)
  await before.keys.add(sampleKey('a'), null)
  await before.keys.remove('b', 'EdDSA', T0 + 2)
  const keys = await before.keys.list()
  await before.services.add(sampleService('one'))
  await before.tickets.put(sampleTicket('t'))
  await before.audit.append([sampleEvent('e')])
  const tail = await sourceOf(before).feed.tail()
  await closed(before)

  const after = await opened(file)
  expect(await after.users.findByEmail('ada@example.org')).toEqual({ user, everyone: 1 })
  expect(await after.sessions.find(session.id)).toEqual({ ...session, counter: 1, rotatedAt: T0 + 1 })
  expect(await after.keys.list()).toEqual(keys)
  expect(keys).toHaveLength(2)
  expect(await after.services.list()).toEqual([sampleService('one')])
  expect(await after.credentials.list(user.id)).toEqual([sampleCredential({ userId: user.id })])
  expect(await after.denials.check(idOf('gone'))).toBe('signed_out')
  expect(await after.tickets.take(sampleTicket('t').digest, 'reset')).toEqual(sampleTicket('t'))
  expect((await after.audit.list({}, null, 10)).items).toEqual([sampleEvent('e')])
  expect(await sourceOf(after).feed.tail()).toBe(tail)
})

it('waits for the disk with every ending, and blocks for no lock', () => {
  const file = newFile()
  const { writing, reading, following, ...open } = connect(file, 1000, () => {})
  later(() => disconnect({ writing, reading, following, ...open }))
  const told = (from: Connection, pragma: string) => Object.values(from.one(`PRAGMA ${pragma}`, []) as object)[0]
  expect([told(writing, 'synchronous'), told(following, 'synchronous')]).toEqual([FULL, NORMAL])
  expect(told(writing, 'fullfsync')).toBe(1)
  expect(() => reading.exec('UPDATE installation SET everyone = 7')).toThrow(/readonly/)
  for (const each of [writing, reading, following]) {
    expect(told(each, 'journal_mode')).toBe('wal')
    expect(told(each, 'foreign_keys')).toBe(1)
    expect(told(each, 'busy_timeout')).toBeLessThanOrEqual(20)
  }
})

it('leaves no log beside the file when it was closed', async () => {
  const file = newFile()
  const store = await opened(file)
  await store.users.create(sampleUser('ada'), 'ada@example.org')
  await closed(store)
  expect(statSync(`${file}-wal`, { throwIfNoEntry: false })).toBeUndefined()
})

it('is not answered before open() nor after close(), which waits for what was asked before', async () => {
  const store = sqlite(newFile())
  await expect(store.users.find(idOf('ada'))).rejects.toThrow(StoreUnavailable)
  await expect(store.users.endEveryone()).rejects.toThrow(/is not open: call open\(\)/)
  const source = sourceOf(store)
  await expect(source.ping()).rejects.toThrow(StoreUnavailable)
  await expect(source.feed.register(null)).rejects.toThrow(StoreUnavailable)
  await Promise.all([source.open(), source.open()])
  await source.ping()
  const asked = store.users.create(sampleUser('ada'), 'ada@example.org')
  await Promise.all([source.close(), source.close()])
  expect(await asked).toBe(true)
  await expect(store.users.find(idOf('ada'))).rejects.toThrow(StoreUnavailable)
  await expect(store.users.endEveryone()).rejects.toThrow(StoreUnavailable)
  await expect(source.feed.read('row', { at: 0, id: '' }, 1)).rejects.toThrow(StoreUnavailable)
  await source.close()
  await source.open()
  expect((await store.users.find(idOf('ada'))).user).toEqual(sampleUser('ada'))
  await source.close()
})

it('says which file cannot be used, and what to do', async () => {
  const at = folder()
  const text = join(at, 'notes.txt')
  writeFileSync(text, 'these are notes and no database. '.repeat(200))
  await expect(sourceOf(sqlite(text)).open()).rejects.toThrow(/notes\.txt is not an SQLite database: name another file/)
  await expect(sourceOf(sqlite(join(at, 'none', 'auth.db'))).open()).rejects.toThrow(/make the folder .*none first/)
  mkdirSync(join(at, 'dir'))
  await expect(sourceOf(sqlite(join(at, 'dir'))).open()).rejects.toThrow(ConfigurationError)
  expect(() => sqlite(':memory:')).toThrow(/names no file: write sqlite\('auth\.db'\)/)
  expect(() => sqlite('')).toThrow(ConfigurationError)
  expect(() => sqlite(text, { patience: '5 s' as '5s' })).toThrow(/sqlite\(\) patience/)
  const readOnly = Object.assign(new Error('attempt to write a readonly database'), {
    code: 'ERR_SQLITE_ERROR',
    errcode: 8,
  })
  expect(openingFault(readOnly, text)).toEqual(
    new ConfigurationError(
      `${text} cannot be opened for writing: give this process the right to write the file and its folder`,
    ),
  )
})

it('keeps its hands off the database of another program', async () => {
  const file = newFile()
  edit(file, 'CREATE TABLE users (id INTEGER PRIMARY KEY)')
  await expect(sourceOf(sqlite(file)).open()).rejects.toThrow(/is the database of another program/)
  const database = new DatabaseSync(file)
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'delete' })
  expect(database.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'users' }])
  database.close()
})

it('refuses a file that a newer version has written', async () => {
  const file = newFile()
  await closed(await opened(file))
  edit(file, "INSERT INTO migrations VALUES (99, 'later', '')")
  await expect(sourceOf(sqlite(file)).open()).rejects.toThrow(
    /written by a newer version of this program \(schema 99\)/,
  )
})

it('refuses a migration that was changed after it had been applied, and applies new ones in order, all or none', async () => {
  const file = newFile()
  await closed(await opened(file))
  const [first, ...others] = MIGRATIONS
  if (!first) throw new Error('there is a first migration')
  const main = connection(file)
  expect(() => migrate(main, file, [{ ...first, sqlite: `${first.sqlite} ` }, ...others])).toThrow(
    /migration 1 \(first\) is not the one/,
  )
  const next = MIGRATIONS.length + 1
  const good = { number: next, name: 'more', postgres: '', sqlite: 'CREATE TABLE more (id TEXT) STRICT;' }
  const bad = {
    number: next + 1,
    name: 'bad',
    postgres: '',
    sqlite: 'CREATE TABLE worse (id TEXT) STRICT; CREATE TABLE more (id TEXT);',
  }
  expect(() => migrate(main, file, [...MIGRATIONS, good, bad])).toThrow(/table more already exists/)
  expect(main.all("SELECT name FROM sqlite_schema WHERE name IN ('more', 'worse')", [])).toEqual([])
  migrate(main, file, [...MIGRATIONS, good])
  migrate(main, file, [...MIGRATIONS, good])
  const numbers = main.all('SELECT number FROM migrations ORDER BY number', [])
  expect(numbers).toEqual(Array.from({ length: next }, (_, i) => ({ number: i + 1 })))
  main.close()
})

it('brings a file of the first schema up to date: its sessions go on, at the beginning of their rotation', async () => {
  const file = newFile()
  const [first] = MIGRATIONS
  if (!first) throw new Error('there is a first migration')
  createFile(file)
  const old = connection(file)
  migrate(old, file, [first])
  const columns = `id, user_id, strategy, created_at, authenticated_at, last_active_at, longest_idle, idle_timeout, expires_at,
    due_at, amr, remember, device, device_folded, ip, generation, everyone, fields, digest, ended_at, end_reason`
  const put = (label: string, createdAt: number, over: string) =>
    old.run(
      `INSERT INTO sessions (${columns}) VALUES
        (?, 'ada', 'session', ?, ?, ?, 0, 1800000, ?, ?, '["pwd"]', 0, '{}', '', '', 1, 0, '{}', ?, ${over})`,
      [idOf(label), createdAt, T0 + 50, T0 + 60, T0 + 9e9, T0 + 60 + 1_800_000, label],
    )
  put('live', T0 + 5, 'NULL, NULL')
  put('over', T0 + 6, "7, 'signed_out'")
  old.close()

  const { sessions, keys, services } = await opened(file)
  const live = await sessions.find(idOf('live'))
  expect(live).toMatchObject({ createdAt: T0 + 5, counter: 0, rotatedAt: T0 + 5, seenAt: null, digest: 'live' })
  expect(await sessions.find(idOf('over'))).toMatchObject({ endedAt: 7, counter: 0, rotatedAt: T0 + 6, seenAt: null })
  const advanced = await sessions.advance(idOf('live'), 'live', 0, 1, T0 + 70)
  expect(advanced).toEqual({ ...live, counter: 1, rotatedAt: T0 + 70 })
  expect(await sessions.advance(idOf('over'), 'over', 0, 1, T0 + 70)).toBeNull()
  expect([await keys.list(), await services.list()]).toEqual([[], []])
  expect((await keys.add(sampleKey('a'), null)).value).toEqual(sampleKey('a'))
})

it('stops answering when the file was replaced, instead of missing what others end in the new one (P3)', async () => {
  const file = newFile()
  const store = await opened(file)
  const source = sourceOf(store)
  const { row, position } = await source.feed.register(null)
  expect((await source.feed.read(row, position, 10)).standing).toBe('good')
  renameSync(file, `${file}.old`)
  const other = await opened(file)
  await expect(source.feed.read(row, position, 10)).rejects.toThrow(/was moved or replaced while in use/)
  await expect(store.users.find(idOf('ada'))).rejects.toThrow(StoreUnavailable)
  await expect(store.users.endEveryone()).rejects.toThrow(StoreUnavailable)
  await expect(source.ping()).rejects.toThrow(StoreUnavailable)
  expect((await other.users.endEveryone()).value).toBe(1)
})

it('turns what SQLite says into StoreUnavailable, without data in the message', async () => {
  const file = newFile()
  const store = await opened(file)
  await store.users.create(sampleUser('ada'), 'ada@example.org')
  edit(file, "UPDATE users SET roles = '{broken' WHERE email = 'ada@example.org'")
  const broken: unknown = await store.users.find(idOf('ada')).catch((error: unknown) => error)
  expect(broken).toBeInstanceOf(StoreUnavailable)
  expect(String(broken)).not.toContain('broken')
  edit(file, 'DROP TABLE counters')
  const failed: unknown = await store.counters.remove('ada@example.org').catch((error: unknown) => error)
  expect(failed).toBeInstanceOf(StoreUnavailable)
  expect(String(failed)).toBe('StoreUnavailable: the SQLite database failed')
  expect((failed as Error).cause).toBeInstanceOf(Error)
})
