import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decode, encode } from '../../src/cursor.ts'
import { dueAt, type SessionRecord } from '../../src/session.ts'
import type { Page, SessionFilter } from '../../src/store.ts'
import { idOf, sampleEvent, sampleSession, sampleUser, T0 } from '../../src/testing/samples.ts'
import type { UserId } from '../../src/user.ts'
import { FORGERIES } from './forgeries.ts'
import { later, newFile, opened } from './sqlite-fixture.ts'

const DEVICES = ['Firefox', 'Chrome', 'Safari']

async function walk<T>(list: (cursor: string | null) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = []
  for (let cursor: string | null = null; ; ) {
    const page: Page<T> = await list(cursor)
    all.push(...page.items)
    if (page.nextCursor === null) return all
    cursor = page.nextCursor
  }
}

/** Newest first. */
function byAge(a: SessionRecord, b: SessionRecord): number {
  return b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)
}

it('finds what a filter asks for in any number of records, slice by slice', async () => {
  const store = await opened()
  const records = Array.from({ length: 4_300 }, (_, i) =>
    sampleSession(`s${i}`, {
      userId: idOf<'user'>(i % 10 === 0 ? 'ada' : 'bob'),
      createdAt: T0 + Math.floor(i / 3),
      expiresAt: T0 + (i % 2 === 0 ? 10 : 10_000_000),
      strategy: i % 1_400 === 0 ? 'jwt' : 'session',
      ip: `192.0.2.${i % 5}`,
      device: { browser: DEVICES[i % 3] ?? '', os: i === 11 ? 'Plan_9%' : 'Linux', type: 'desktop' },
    }),
  )
  await Promise.all(records.map((record) => store.sessions.start(record, null, T0)))
  const now = T0 + 10
  const cases: [SessionFilter, (record: SessionRecord) => boolean, number][] = [
    [{ strategy: 'jwt' }, ({ strategy }) => strategy === 'jwt', 2],
    [{ strategy: 'none' }, () => false, 2],
    [{ device: 'PLAN_9%' }, ({ device }) => device.os === 'Plan_9%', 2],
    [{ device: 'fire' }, ({ device }) => device.browser === 'Firefox', 999],
    [{ state: 'active' }, (record) => dueAt(record) > now, 700],
    [{ state: 'ended' }, () => false, 10],
    [{ userId: idOf('ada'), device: 'chrome' }, (r) => r.userId === idOf('ada') && r.device.browser === 'Chrome', 50],
    [{ ip: '192.0.2.4', strategy: 'jwt' }, ({ ip, strategy }) => ip === '192.0.2.4' && strategy === 'jwt', 10],
    [{}, () => true, 1_000],
  ]
  for (const [filter, accepts, limit] of cases) {
    const found = await walk((cursor) => store.sessions.list(filter, cursor, limit, now))
    expect(found.map(({ id }) => id)).toEqual(
      records
        .filter(accepts)
        .sort(byAge)
        .map(({ id }) => id),
    )
  }
})

it('lets other work run while it goes through many records for a rare one', async () => {
  const store = await opened()
  await Promise.all(Array.from({ length: 4_100 }, (_, i) => store.sessions.start(sampleSession(`s${i}`), null, T0)))
  let turns = 0
  const count = () => {
    turns += 1
    handle = setImmediate(count)
  }
  let handle = setImmediate(count)
  await store.sessions.list({ userId: sampleSession('s').userId, strategy: 'nothing' }, null, 10, T0)
  clearImmediate(handle)
  expect(turns).toBeGreaterThanOrEqual(2)
})

it('keeps what the sweeper looks for in step with every change of a session', async () => {
  const file = newFile()
  const store = await opened(file)
  const database = new DatabaseSync(file)
  later(() => database.close())
  const wrong = database.prepare(
    'SELECT count(*) AS n FROM sessions WHERE due_at <> min(last_active_at + idle_timeout, expires_at)',
  )
  const ids = [idOf<'session'>('a'), idOf<'session'>('b'), idOf<'session'>('c')]
  const id = fc.constantFrom(...ids)
  const time = fc.integer({ min: T0 - 50_000_000, max: T0 + 50_000_000 })
  const step = fc.oneof(
    fc.record({ kind: fc.constant('touch' as const), id, time, known: fc.boolean() }),
    fc.record({ kind: fc.constant('replace' as const), id, time }),
    fc.record({ kind: fc.constant('end' as const), id, time }),
  )
  const { sessions } = store
  const run = fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 25 }), async (steps) => {
    for (const id of ids) await sessions.start(sampleSession('x', { id }), null, T0)
    for (const { kind, id, time, ...more } of steps) {
      const record = await sessions.find(id)
      if (kind === 'touch') {
        const authenticatedAt = 'known' in more && more.known ? (record?.authenticatedAt ?? 0) : 1
        await sessions.touch([{ id, lastActiveAt: time, longestIdle: 7, authenticatedAt }])
      }
      if (kind === 'replace' && record) {
        const next = { ...record, authenticatedAt: time, lastActiveAt: time, digest: `${time}` }
        await sessions.replace(id, record.digest, next)
      }
      if (kind === 'end') await sessions.end(id, 'signed_out', time)
      expect(wrong.get()).toEqual({ n: 0 })
    }
    for (const id of ids) await sessions.end(id, 'signed_out', T0)
    await sessions.purge(Number.MAX_SAFE_INTEGER, 100)
  })
  await fc.assert(run, { seed: 20_263, numRuns: 15 })
})

it('touches any number, in short transactions', async () => {
  const store = await opened()
  const records = Array.from({ length: 450 }, (_, i) => sampleSession(`s${i}`))
  await Promise.all(records.map((record) => store.sessions.start(record, null, T0)))
  await store.sessions.touch(records.map((record) => ({ ...record, lastActiveAt: T0 + 5 })))
  const { items } = await store.sessions.list({}, null, 1_000, T0)
  expect(items.filter(({ lastActiveAt }) => lastActiveAt === T0 + 5)).toHaveLength(450)
})

it('looks for no text that has a NUL or no end', async () => {
  const store = await opened()
  await store.users.create(sampleUser('ada'), 'ada@example.org')
  await store.sessions.start(sampleSession('one'), null, T0)
  for (const text of ['\0', 'a\0', 'x'.repeat(60_000)]) {
    expect((await store.users.list({ query: text }, null, 10)).items).toEqual([])
    expect((await store.sessions.list({ device: text }, null, 10, T0)).items).toEqual([])
  }
  expect((await store.users.list({}, null, 10)).items).toHaveLength(1)
})

it('finds a role in any position, whoever has it, and forgets it with the user', async () => {
  const file = newFile()
  const { users } = await opened(file)
  for (let i = 0; i < 20; i += 1) {
    const roles = i % 4 === 0 ? ['user', 'admin', 'admin'] : ['user']
    await users.create(sampleUser(`u${i}`, { roles, createdAt: T0 + i }), `u${i}@example.org`)
  }
  const admins = async () => (await walk((cursor) => users.list({ role: 'admin' }, cursor, 2))).map(({ name }) => name)
  expect(await admins()).toEqual(['u16', 'u12', 'u8', 'u4', 'u0'])
  await users.setRoles(idOf('u8'), ['user'])
  await users.remove(idOf('u4'))
  await users.setRoles(idOf('u1'), ['admin'])
  await users.setRoles('nobody' as UserId, ['admin'])
  expect(await admins()).toEqual(['u16', 'u12', 'u1', 'u0'])
  const database = new DatabaseSync(file)
  later(() => database.close())
  expect(database.prepare("SELECT count(*) AS n FROM user_roles WHERE role = 'admin'").get()).toEqual({ n: 4 })
})

it('never changes an event, and keeps one that is appended twice once', async () => {
  const file = newFile()
  const { audit } = await opened(file)
  await audit.append([sampleEvent('a'), sampleEvent('b')])
  await audit.append([sampleEvent('b', { reason: 'forged' }), sampleEvent('c')])
  expect((await audit.list({}, null, 10)).items).toEqual([sampleEvent('c'), sampleEvent('b'), sampleEvent('a')])
  const database = new DatabaseSync(file)
  later(() => database.close())
  for (const change of FORGERIES) expect(() => database.exec(change), change).toThrow('the audit log is never changed')
  expect((await audit.list({}, null, 10)).items).toEqual([sampleEvent('c'), sampleEvent('b'), sampleEvent('a')])
})

it('reads only cursors that it made', () => {
  expect(decode(encode([5, 'id']))).toEqual([5, 'id'])
  expect(decode(encode([1.5, 'id']))).toBeNull()
  for (const text of ['', 'x', 'W10', 'WzEsMl0', 'bnVsbA', 'e30', '🦊', 'A'.repeat(10_000)])
    expect(decode(text)).toBeNull()
})
