import assert from 'node:assert/strict'
import type { AuthEvent } from '../../events.ts'
import type { AuditLog, EventFilter } from '../../store.ts'
import { idOf, sampleEvent, T0 } from '../samples.ts'
import { BAD_CURSORS, type Cases, together, walk } from './harness.ts'
import { letter } from './users-list.ts'

/** The cases of `AuditLog`. */
export function auditCases({ group, test, race }: Cases): void {
  const labels = async (audit: AuditLog, filter: EventFilter) =>
    (await audit.list(filter, null, 1000)).items.map(({ id }) => label(id)).join(' ')

  group('audit', () => {
    test('an event is listed exactly as appended', async ({ audit }) => {
      const full = sampleEvent('full', {
        session: 'ref',
        requestId: 'req',
        reason: 'throttled',
        severity: 'warning',
        type: 'sign_in.throttled',
        outcome: 'failure',
        data: { text: 'é 🦊 "\'\\', number: -1.5, yes: true, no: false, zero: 0, empty: '' },
      })
      const bare = sampleEvent('bare', { actor: null, subject: null, source: null, at: T0 - 1 })
      await audit.append([full, bare])
      await audit.append([])
      assert.deepEqual(await audit.list({}, null, 10), { items: [full, bare], nextCursor: null })
    })

    test('is newest first by time and then by id, in whatever order it came', async ({ audit }) => {
      await append(audit, ['b', 1], ['c', 0])
      await append(audit, ['a', 1], ['d', 2], ['e', -1])
      assert.equal(await labels(audit, {}), 'd b a c e')
    })

    test('pages hold every event once, though more arrive between them', async ({ audit }) => {
      await append(audit, ...Array.from({ length: 20 }, (_, i) => [`s-${letter(i)}`, Math.floor(i / 3)] as const))
      const before = (await audit.list({}, null, 100)).items
      const seen = await walk(
        (cursor) => audit.list({}, cursor, 3),
        3,
        (pages) => append(audit, [`newer-${pages}`, 1000 + pages], [`older-${pages}`, -1000 - pages]),
      )
      assert.equal(new Set(seen.map(({ id }) => id)).size, seen.length, 'none comes twice')
      assert.deepEqual(
        seen.filter(({ id }) => id.startsWith('s-')),
        before,
      )
    })

    test('a malformed cursor gives the first page', async ({ audit }) => {
      await append(audit, ['a', 1], ['b', 2], ['c', 3])
      const first = await audit.list({}, null, 2)
      for (const cursor of BAD_CURSORS) assert.deepEqual(await audit.list({}, cursor, 2), first, `cursor ${cursor}`)
    })

    test('subject, session and type are compared whole; times bound; all of a filter must hold', async ({ audit }) => {
      await audit.append([
        sampleEvent('a', { subject: idOf('anna'), session: 'ref-1', at: T0 + 10 }),
        sampleEvent('b', { subject: idOf('bert'), session: 'ref-2', at: T0 + 20 }),
        sampleEvent('c', { subject: idOf('anna'), session: 'ref-2', at: T0 + 30, type: 'session.ended' }),
        sampleEvent('d', { subject: null, at: T0 + 40, type: 'session.ended' }),
      ])
      assert.equal(await labels(audit, { subject: idOf('anna') }), 'c a')
      assert.equal(await labels(audit, { session: 'ref-2' }), 'c b')
      assert.equal(await labels(audit, { session: 'ref-_' }), '')
      assert.equal(await labels(audit, { type: 'session.ended' }), 'd c')
      assert.equal(await labels(audit, { type: 'session.%' }), '')
      assert.equal(await labels(audit, { from: T0 + 25 }), 'd c')
      assert.equal(await labels(audit, { to: T0 + 15 }), 'a')
      assert.equal(await labels(audit, { from: T0 + 15, to: T0 + 35 }), 'c b')
      assert.equal(await labels(audit, { subject: idOf('anna'), session: 'ref-2', type: 'session.ended' }), 'c')
      assert.equal(await labels(audit, { subject: idOf('bert'), type: 'session.ended' }), '')
    })

    race('nothing is lost when many append at once', async (one, two) => {
      await together(100, (i) =>
        (i % 2 ? two : one).audit.append([event(`${letter(i)}-x`, i), event(`${letter(i)}-y`, 500 - i)]),
      )
      const { items } = await two.audit.list({}, null, 1000)
      const keys = items.map(({ at, id }) => `${at} ${id}`)
      assert.equal(new Set(keys).size, 200)
      assert.deepEqual(keys, [...keys].sort().reverse())
    })

    test('takes five hundred at once', async ({ audit }) => {
      await audit.append(Array.from({ length: 500 }, (_, i) => event(`event-${i}`, i)))
      assert.equal((await walk((cursor) => audit.list({}, cursor, 90), 90)).length, 500)
    })

    test('purge forgets what is older, at most as many as asked', async ({ audit }) => {
      await append(audit, ['c', -1], ['a', -3], ['b', -2], ['just', 0], ['later', 1])
      assert.deepEqual([await audit.purge(T0, 2), await audit.purge(T0, 2), await audit.purge(T0, 2)], [2, 1, 0])
      assert.equal(await labels(audit, {}), 'later just')
    })
  })
}

function event(name: string, offset: number): AuthEvent {
  return sampleEvent(name, { at: T0 + offset })
}

function append(audit: AuditLog, ...given: readonly (readonly [string, number])[]): Promise<void> {
  return audit.append(given.map(([name, offset]) => event(name, offset)))
}

function label(id: string): string {
  return id.replace(/-+$/, '')
}
