import assert from 'node:assert/strict'
import type { UserId } from '../../user.ts'
import { idOf, sampleTicket, T0, TRICKY_FIELDS } from '../samples.ts'
import { type Cases, together } from './harness.ts'

const OTHER: UserId = idOf('other')

/** The cases of `Tickets`. */
export function ticketCases({ group, test, race }: Cases): void {
  group('tickets', () => {
    test('RC-01: a ticket is taken once, exactly as it was put', async ({ tickets }) => {
      const ticket = sampleTicket('one', { data: TRICKY_FIELDS })
      await tickets.put(ticket)
      assert.deepEqual(await tickets.take(ticket.digest, 'reset'), ticket)
      assert.equal(await tickets.take(ticket.digest, 'reset'), null)
    })

    test('a ticket of one kind is unknown under another, and stays', async ({ tickets }) => {
      const ticket = sampleTicket('one', { userId: null })
      await tickets.put(ticket)
      for (const kind of ['verify', 'Reset', '', 'reset%']) assert.equal(await tickets.take(ticket.digest, kind), null)
      assert.equal(await tickets.take('unknown', 'reset'), null)
      assert.deepEqual(await tickets.take(ticket.digest, 'reset'), ticket)
    })

    race('RC-01: of 50 taking one ticket at once, one gets it', async (one, two) => {
      await together(10, async (n) => {
        const ticket = sampleTicket(`ticket-${n}`, { data: { n } })
        await one.tickets.put(ticket)
        const taken = await together(50, (i) => (i % 2 ? two : one).tickets.take(ticket.digest, 'reset'))
        assert.deepEqual(
          taken.filter((got) => got !== null),
          [ticket],
        )
      })
    })

    test('whether it is still valid is not asked', async ({ tickets }) => {
      const ticket = sampleTicket('old', { expiresAt: 1 })
      await tickets.put(ticket)
      assert.deepEqual(await tickets.take(ticket.digest, 'reset'), ticket)
    })

    test('removeOf voids what a user holds of a kind, or of any kind, and nothing of others', async ({ tickets }) => {
      const all = {
        reset: sampleTicket('reset'),
        second: sampleTicket('second'),
        verify: sampleTicket('verify', { kind: 'verify' }),
        other: sampleTicket('other', { userId: OTHER }),
        nobody: sampleTicket('nobody', { userId: null }),
      }
      const put = () => Promise.all(Object.values(all).map((ticket) => tickets.put(ticket)))
      const left = async () => {
        const names: string[] = []
        for (const [name, { digest, kind }] of Object.entries(all))
          if (await tickets.take(digest, kind)) names.push(name)
        return names
      }
      await put()
      await tickets.removeOf(idOf('owner'), 'reset')
      await tickets.removeOf(idOf('owner'), 'reset')
      assert.deepEqual(await left(), ['verify', 'other', 'nobody'])
      await put()
      await tickets.removeOf(idOf('owner'), null)
      assert.deepEqual(await left(), ['other', 'nobody'])
    })

    race('of takers and one who voids at the same time, at most one taker gets it', async (one, two) => {
      await together(20, async (n) => {
        const ticket = sampleTicket(`ticket-${n}`, { userId: idOf(`user-${n}`) })
        await one.tickets.put(ticket)
        const take = () => two.tickets.take(ticket.digest, 'reset')
        const [first, , second] = await Promise.all([take(), one.tickets.removeOf(idOf(`user-${n}`), null), take()])
        assert.ok(first === null || second === null)
        assert.equal(await take(), null)
      })
    })

    test('purge forgets what is over, at most as many as asked, and nothing else', async ({ tickets }) => {
      const all = [-3, -2, -1, 1, 2].map((offset) => sampleTicket(`ticket${offset}`, { expiresAt: T0 + offset }))
      for (const ticket of all) await tickets.put(ticket)
      assert.deepEqual([await tickets.purge(T0, 2), await tickets.purge(T0, 2), await tickets.purge(T0, 2)], [2, 1, 0])
      const taken = await Promise.all(all.map(({ digest }) => tickets.take(digest, 'reset')))
      assert.deepEqual(taken, [null, null, null, all[3], all[4]])
    })
  })
}
