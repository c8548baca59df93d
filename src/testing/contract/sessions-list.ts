import assert from 'node:assert/strict'
import type { SessionRecord } from '../../session.ts'
import type { SessionFilter, Sessions } from '../../store.ts'
import { idOf, MINUTE, sampleSession, T0 } from '../samples.ts'
import { BAD_CURSORS, type Cases, walk } from './harness.ts'
import { letter } from './users-list.ts'

const IDLE = 30 * MINUTE

/** The cases of `Sessions.list` and `ofUser`. */
export function sessionListCases({ group, test }: Cases): void {
  const ids = async (sessions: Sessions, filter: SessionFilter, now = T0) =>
    (await sessions.list(filter, null, 100, now)).items.map(({ id }) => label(id)).sort()

  group('sessions.ofUser', () => {
    test('is newest first by time and then by id, live or ended, and no longer than asked', async ({ sessions }) => {
      await add(sessions, 'b', { createdAt: T0 + 1 })
      await add(sessions, 'c', { createdAt: T0 })
      await add(sessions, 'a', { createdAt: T0 + 1 })
      await add(sessions, 'd', { createdAt: T0 + 2 })
      await add(sessions, 'x', { createdAt: T0 + 3 })
      await add(sessions, 'y', { createdAt: T0 + 4 })
      await add(sessions, 'other', { userId: idOf('other') })
      for (const one of ['x', 'y']) await sessions.end(idOf(one), 'signed_out', T0 + 9)
      const of = async (state: 'active' | 'ended', limit: number) =>
        (await sessions.ofUser(idOf('owner'), state, limit)).map(({ id }) => label(id)).join('')
      assert.equal(await of('active', 10), 'dbac')
      assert.equal(await of('active', 2), 'db')
      assert.equal(await of('ended', 10), 'yx')
      assert.equal(await of('ended', 1), 'y')
      assert.deepEqual(await sessions.ofUser(idOf('nobody'), 'active', 10), [])
      const [first] = await sessions.ofUser(idOf('owner'), 'active', 1)
      assert.deepEqual(first, await sessions.find(idOf('d')))
    })
  })

  group('sessions.count', () => {
    test('is of all that have not ended', async ({ sessions }) => {
      assert.deepEqual(await sessions.count('M'), { count: 0, margin: 0 })
      for (const one of ['a', 'b', 'c', 'd']) await add(sessions, one)
      await sessions.end(idOf('b'), 'signed_out', T0)
      assert.deepEqual(await sessions.count('M'), { count: 3, margin: 0 })
      assert.equal(await sessions.purge(T0 + 1, 10), 1)
      assert.deepEqual(await sessions.count('M'), { count: 3, margin: 0 })
    })
  })

  group('sessions.list', () => {
    test('is newest first, by time and then by id', async ({ sessions }) => {
      for (const [one, at] of [
        ['b', 1],
        ['c', 0],
        ['a', 1],
        ['d', 2],
      ] as const)
        await add(sessions, one, { createdAt: T0 + at })
      const { items, nextCursor } = await sessions.list({}, null, 10, T0)
      assert.equal(items.map(({ id }) => label(id)).join(''), 'dbac')
      assert.deepEqual(items[0], await sessions.find(idOf('d')))
      assert.equal(nextCursor, null)
    })

    for (const filter of [{}, { userId: idOf<'user'>('owner') }, { ip: '192.0.2.1', state: 'active' }] as const) {
      test(`pages hold every session once, though some come and end: ${JSON.stringify(filter)}`, async ({
        sessions,
      }) => {
        for (let i = 0; i < 20; i += 1) await add(sessions, `s-${letter(i)}`, { createdAt: T0 + Math.floor(i / 3) })
        const before = (await sessions.list(filter, null, 100, T0)).items
        const seen = await walk(
          (cursor) => sessions.list(filter, cursor, 3, T0),
          3,
          async (pages) => {
            await add(sessions, `newer-${pages}`, { createdAt: T0 + 1000 + pages })
            await add(sessions, `older-${pages}`, { createdAt: T0 - 1000 - pages })
            if (pages === 3) await sessions.end(before[8]?.id as never, 'signed_out', T0)
          },
        )
        const all = seen.map(({ id }) => id)
        assert.equal(new Set(all).size, all.length, 'none comes twice')
        assert.deepEqual(
          all.filter((id) => id.startsWith('s-')),
          before.map(({ id }) => id),
        )
      })
    }

    test('a malformed cursor gives the first page', async ({ sessions }) => {
      for (const i of [0, 1, 2, 3, 4]) await add(sessions, letter(i), { createdAt: T0 + i })
      const first = await sessions.list({}, null, 2, T0)
      for (const cursor of BAD_CURSORS)
        assert.deepEqual(await sessions.list({}, cursor, 2, T0), first, `cursor ${cursor}`)
    })

    test('user, address and strategy are compared whole, and all of a filter must hold', async ({ sessions }) => {
      await add(sessions, 'a', { ip: '192.0.2.1', strategy: 'session' })
      await add(sessions, 'b', { ip: '192.0.2.10', strategy: 'jwt' })
      await add(sessions, 'c', { ip: '192.0.2.1', strategy: 'jwt', userId: idOf('other') })
      assert.deepEqual(await ids(sessions, {}), ['a', 'b', 'c'])
      assert.deepEqual(await ids(sessions, { ip: '192.0.2.1' }), ['a', 'c'])
      assert.deepEqual(await ids(sessions, { ip: '192.0.2.%' }), [])
      assert.deepEqual(await ids(sessions, { strategy: 'jwt' }), ['b', 'c'])
      assert.deepEqual(await ids(sessions, { strategy: 'j_t' }), [])
      assert.deepEqual(await ids(sessions, { userId: idOf('owner') }), ['a', 'b'])
      assert.deepEqual(await ids(sessions, { userId: idOf('owner'), ip: '192.0.2.1', strategy: 'jwt' }), [])
      assert.deepEqual(await ids(sessions, { userId: idOf('other'), ip: '192.0.2.1', strategy: 'jwt' }), ['c'])
    })

    test('of several users; together with one, of that one if it is among them', async ({ sessions }) => {
      const [a, b] = [idOf<'user'>('a'), idOf<'user'>('b')]
      for (const [i, user] of ['a', 'b', 'c', 'a'].entries()) {
        await add(sessions, `${user}${i}`, { userId: idOf(user), createdAt: T0 + i, ip: `192.0.2.${i}` })
      }
      await sessions.end(idOf('b1'), 'signed_out', T0)
      assert.deepEqual(await ids(sessions, { userIds: [a, b] }), ['a0', 'a3', 'b1'])
      assert.deepEqual(await ids(sessions, { userIds: [a, b], state: 'active' }), ['a0', 'a3'])
      assert.deepEqual(await ids(sessions, { userIds: [a, b], state: 'ended' }), ['b1'])
      assert.deepEqual(await ids(sessions, { userIds: [a, b], ip: '192.0.2.3' }), ['a3'])
      assert.deepEqual(await ids(sessions, { userIds: [a, b], strategy: 'none' }), [])
      assert.deepEqual(await ids(sessions, { userIds: [a], userId: a }), ['a0', 'a3'])
      assert.deepEqual(await ids(sessions, { userIds: [a], userId: b }), [])
      assert.deepEqual(await ids(sessions, { userIds: [] }), [])
      const paged = await walk((cursor) => sessions.list({ userIds: [a, b] }, cursor, 1, T0), 1)
      assert.deepEqual(
        paged.map(({ id }) => label(id)),
        ['a3', 'b1', 'a0'],
      )
    })

    test('device is a part of browser or system, without case and without wildcards', async ({ sessions }) => {
      const device = (browser: string, os: string) => ({ device: { browser, os, type: 'desktop' } })
      await add(sessions, 'a', device('Firefox 145', 'Windows 11'))
      await add(sessions, 'b', device('Chrome', 'Linux'))
      await add(sessions, 'c', device('50% Brow_ser\\', 'ÖS'))
      assert.deepEqual(await ids(sessions, { device: 'FIREFOX' }), ['a'])
      assert.deepEqual(await ids(sessions, { device: 'lin' }), ['b'])
      assert.deepEqual(await ids(sessions, { device: 'ös' }), ['c'])
      assert.deepEqual(await ids(sessions, { device: 'desktop' }), [])
      for (const part of ['%', '_', '\\', '50%']) assert.deepEqual(await ids(sessions, { device: part }), ['c'], part)
      for (const part of ['f%x', 'Chrom_', '*', "'"]) assert.deepEqual(await ids(sessions, { device: part }), [], part)
    })

    test('active means not ended and not due at the moment given; ended is what has ended', async ({ sessions }) => {
      const now = T0 + 60 * MINUTE
      for (const offset of [-1, 0, 1]) {
        await add(sessions, `idle${offset}`, { lastActiveAt: now - IDLE + offset })
        await add(sessions, `abs${offset}`, { lastActiveAt: now, expiresAt: now + offset })
      }
      await add(sessions, 'over', { lastActiveAt: now })
      await sessions.end(idOf('over'), 'signed_out', now)
      assert.deepEqual(await ids(sessions, { state: 'active' }, now), ['abs1', 'idle1'])
      assert.deepEqual(await ids(sessions, { state: 'active' }, now - 1), ['abs0', 'abs1', 'idle0', 'idle1'])
      assert.ok((await ids(sessions, { state: 'ended' }, now)).includes('over'))
      assert.ok(!(await ids(sessions, { state: 'ended' }, now)).includes('idle1'))
      assert.equal((await ids(sessions, {}, now)).length, 7)
      assert.equal((await sessions.ofUser(idOf('owner'), 'active', 100)).length, 6)
    })
  })
}

async function add(sessions: Sessions, name: string, over: Partial<SessionRecord> = {}) {
  await sessions.start(sampleSession(name, over), null, T0)
}

function label(id: string): string {
  return id.replace(/-+$/, '')
}
