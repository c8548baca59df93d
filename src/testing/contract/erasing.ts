import assert from 'node:assert/strict'
import { ERASED_DEVICE, type SessionRecord } from '../../session.ts'
import { idOf, sampleEvent, sampleSession, sampleTicket, sampleUser, T0 } from '../samples.ts'
import type { Cases } from './harness.ts'

const OWNER = idOf<'user'>('owner')
const OTHER = idOf<'user'>('other')

/** The cases of what shows and erases all that is kept of a user: `Tickets.ofUser`, `Sessions.erase`, `AuditLog.erase`. */
export function erasingCases({ group, test }: Cases): void {
  group('tickets.ofUser', () => {
    test('shows what a user holds, in the order in which it will be over, at most as many as asked', async ({
      tickets,
    }) => {
      const [first, second, third] = ['a', 'b', 'c'].map((label, i) =>
        sampleTicket(label, { expiresAt: T0 + i, kind: `kind-${i}`, data: { label } }),
      )
      assert.ok(first && second && third)
      for (const ticket of [second, first, third]) await tickets.put(ticket)
      await tickets.put(sampleTicket('of another', { userId: OTHER }))
      await tickets.put(sampleTicket('of nobody', { userId: null }))
      assert.deepEqual(await tickets.ofUser(OWNER, 10), [first, second, third])
      assert.deepEqual(await tickets.ofUser(OWNER, 2), [first, second])
      assert.deepEqual(await tickets.ofUser(idOf('nobody'), 10), [])
      assert.deepEqual(await tickets.take(first.digest, 'kind-0'), first, 'nothing was taken by looking')
      assert.deepEqual(await tickets.ofUser(OWNER, 10), [second, third])
    })
  })

  group('sessions.erase', () => {
    test('blanks what is personal in what has ended, of one user, and leaves the rest', async ({ sessions }) => {
      const personal = { ip: '192.0.2.9', fields: { plan: 'free' } }
      const [over, open, others] = [
        sampleSession('over', personal),
        sampleSession('open', personal),
        sampleSession('others', { ...personal, userId: OTHER }),
      ]
      for (const record of [over, open, others]) await sessions.start(record, null, T0)
      const ended = (await sessions.end(over.id, 'signed_out', T0 + 1)).value as SessionRecord
      const othersEnded = (await sessions.end(others.id, 'signed_out', T0 + 1)).value
      assert.equal(await sessions.erase(OWNER, 10), 1)
      assert.deepEqual(await sessions.find(over.id), { ...ended, ip: '', device: ERASED_DEVICE, fields: {} })
      assert.deepEqual(await sessions.find(open.id), open)
      assert.deepEqual(await sessions.find(others.id), othersEnded)
      assert.deepEqual((await sessions.list({ device: 'firefox' }, null, 10, T0)).items.length, 2)
      assert.deepEqual((await sessions.list({ ip: '192.0.2.9', state: 'ended' }, null, 10, T0)).items, [othersEnded])
      assert.equal(await sessions.erase(OWNER, 10), 0, 'what is blank does not count again')
    })

    test('takes at most as many as asked, until there are no more', async ({ sessions }) => {
      for (const label of ['a', 'b', 'c']) await sessions.start(sampleSession(label), null, T0)
      await sessions.endOf(OWNER, 'session_revoked', T0, null)
      assert.deepEqual(
        [await sessions.erase(OWNER, 2), await sessions.erase(OWNER, 2), await sessions.erase(OWNER, 2)],
        [2, 1, 0],
      )
      const left = await sessions.ofUser(OWNER, 'ended', 10)
      assert.deepEqual(new Set(left.map(({ ip }) => ip)), new Set(['']))
    })
  })

  group('audit.erase', () => {
    const device = 'Firefox, Linux'

    test('takes addresses and devices out of what a user caused and what strangers did to them; the events stay', async ({
      audit,
    }) => {
      const own = sampleEvent('own', { data: { device, failures: 3 }, at: T0 + 5 })
      const stranger = sampleEvent('stranger', { actor: null, at: T0 + 4 })
      const acted = sampleEvent('acted', { subject: null, at: T0 + 3 })
      const byOthers = sampleEvent('by others', { actor: OTHER, at: T0 + 2 })
      const ofOthers = sampleEvent('of others', { actor: OTHER, subject: OTHER, data: { device }, at: T0 + 1 })
      const without = sampleEvent('without', { source: null, data: { text: '"device":1' }, at: T0 })
      await audit.append([own, stranger, acted, byOthers, ofOthers, without])
      assert.equal(await audit.erase(OWNER, 10), 3)
      assert.deepEqual((await audit.list({}, null, 10)).items, [
        { ...own, source: null, data: { failures: 3 } },
        { ...stranger, source: null },
        { ...acted, source: null },
        byOthers,
        ofOthers,
        without,
      ])
      assert.equal(await audit.erase(OWNER, 10), 0, 'what is out already does not count again')
    })

    test('takes at most as many as asked, until there are no more', async ({ audit }) => {
      await audit.append(['a', 'b', 'c'].map((label, i) => sampleEvent(label, { at: T0 + i })))
      assert.deepEqual(
        [await audit.erase(OWNER, 2), await audit.erase(OWNER, 2), await audit.erase(OWNER, 2)],
        [2, 1, 0],
      )
      assert.equal((await audit.list({ subject: OWNER }, null, 10)).items.length, 3)
    })
  })

  test('what was there of a user who is gone is looked for by the id alone', async ({ users, tickets, audit }) => {
    await users.create(sampleUser('owner'), 'owner')
    await tickets.put(sampleTicket('one'))
    await audit.append([sampleEvent('one')])
    await users.remove(OWNER)
    assert.equal((await tickets.ofUser(OWNER, 10)).length, 1)
    assert.equal(await audit.erase(OWNER, 10), 1)
  })
}
