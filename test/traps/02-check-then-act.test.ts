import { describe, expect, it, vi } from 'vitest'
import type { Auth } from '../../src/auth.ts'
import type { SessionId } from '../../src/session.ts'
import type { Store } from '../../src/store.ts'
import { sampleTicket } from '../../src/testing/samples.ts'
import { ask, carrying, handed, must } from '../../src/testing/strategy/client.ts'
import { PASSWORD } from '../../src/testing/strategy/harness.ts'
import type { UserId } from '../../src/user.ts'
import { sourceOf } from '../stores/source-of.ts'
import { type Kind, nodes, trap } from './stores.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const AT_ONCE = 50

/** Fifty callers, half on one handle and half on another. */
function callers<T>(one: Store, two: Store, call: (store: Store, i: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: AT_ONCE }, (_, i) => call(i % 2 === 0 ? one : two, i)))
}

async function withTwo(kind: Kind, run: (one: Store, two: Store) => Promise<void>): Promise<void> {
  const place = await kind.make()
  const two = place.another()
  try {
    await sourceOf(two).open()
    await run(place.store, two)
  } finally {
    await sourceOf(two).close()
    await place.close()
  }
}

trap('trap 2: what is single or limited is looked at first and taken then', (kind) => {
  it('50 takers of one ticket: one has it', () =>
    withTwo(kind, async (one, two) => {
      for (const label of ['first', 'second', 'third']) {
        const ticket = sampleTicket(label)
        await one.tickets.put(ticket)
        const taken = await callers(one, two, ({ tickets }) => tickets.take(ticket.digest, ticket.kind))
        expect(taken.filter((one) => one !== null)).toEqual([ticket])
      }
    }))

  it('50 guesses at once: no more are let through than are free', () =>
    withTwo(kind, async (one, two) => {
      const rule = { free: 3, delay: 1000, cap: 60_000, window: 900_000 }
      const now = 1_800_000_000_000
      const made = await callers(one, two, ({ counters }) => counters.reserve('ann', rule, now))
      expect(made.filter(({ verdict }) => verdict === 'go')).toHaveLength(rule.free)
    }))

  describe('by three nodes', () => {
    const { test } = nodes(kind, 'session', 'bearer')
    const node = (all: readonly Auth[], i: number) => all[i % all.length] as Auth

    for (const whenFull of ['end-oldest', 'refuse'] as const) {
      const most = 4
      const title = `50 sign-ins at once where ${most} are allowed (${whenFull})`
      // None of them waits for another's password to be checked.
      const options = { sessionLimit: { max: most, whenFull }, throttle: { free: AT_ONCE } }
      test(
        title,
        async (site) => {
          const { userId, email } = await site.signUp('ann')
          await site.patiently(site.auth.endAll(userId))
          const given = { email, password: PASSWORD, transport: 'bearer' } as const
          const asked = Array.from({ length: AT_ONCE }, (_, i) => node(site.nodes, i).signIn(given))
          const outcomes = await site.patiently(Promise.all(asked))
          const heldBy = outcomes.flatMap((outcome) => {
            if (!outcome.ok) return []
            if (outcome.value.status !== 'signed_in') throw new Error(outcome.value.status)
            return [carrying({ bearer: outcome.value.carried.tokens?.accessToken ?? '' })]
          })
          expect(heldBy).toHaveLength(whenFull === 'refuse' ? most : AT_ONCE)
          expect(await site.store.sessions.ofUser(userId as UserId, 'active', AT_ONCE)).toHaveLength(most)
          for (const one of site.nodes) {
            const words = await Promise.all(heldBy.map((carrier) => ask(one, { carrier })))
            expect(words.filter((word) => word === 'in')).toHaveLength(most)
          }
        },
        { options },
      )
    }
  })

  nodes(kind, 'hybrid').test('100 refreshes of one token, by three nodes: one line goes on', async (site) => {
    const before = await site.enter('ann')
    site.clock.suspend(6 * 60_000)
    const asked = Array.from({ length: 100 }, (_, i) => {
      const one = site.nodes[i % site.nodes.length] as Auth
      return one.refresh(before.carrier, before.refreshToken)
    })
    const answers = (await Promise.all(asked)).map((answer) => handed(before, must(answer).carried))
    const refreshTokens = new Set(answers.map(({ cookies }) => cookies.get('__Secure-rt')))
    expect(refreshTokens.size).toBe(1)
    expect(await site.store.sessions.find(before.sessionId as SessionId)).toMatchObject({ counter: 1, endedAt: null })
    expect(site.events.filter(({ type }) => type === 'token.refreshed')).toHaveLength(1)
    for (const one of site.nodes) for (const client of answers) expect(await ask(one, client)).toBe('in')
  })
})
