import { expect, it, vi } from 'vitest'
import type { Clock } from '../../src/clock.ts'
import type { SessionRecord } from '../../src/session.ts'
import type { Store } from '../../src/store.ts'
import { sourceOf } from '../stores/source-of.ts'
import { house } from '../support/house.ts'
import { DUE, fill, NOW, ROWS } from './many.ts'
import { type Place, trap } from './stores.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

/** On a machine that has much else to do. */
const TIMEOUT = 60_000

/** Nothing takes time, so that what pauses after each batch pauses for no longer than it must. */
const clock: Clock = {
  now: () => NOW,
  monotonic: () => 0,
  after(ms, run) {
    if (ms > 10) return () => {}
    const handle = setImmediate(run)
    return () => clearImmediate(handle)
  },
}

/** The store, and what is done after each batch of a sweep. */
function batched(store: Store, done: (limit: number, ended: number) => void): Store {
  const { sessions } = store
  return {
    ...store,
    sessions: {
      ...sessions,
      async endDue(before, limit, now) {
        const given = await sessions.endDue(before, limit, now)
        done(limit, given.value?.length ?? 0)
        return given
      },
    },
  }
}

async function withMany(place: Place, run: (handles: readonly [Store, Store, Store]) => Promise<void>): Promise<void> {
  const others = [place.another(), place.another()] as const
  try {
    for (const one of others) await sourceOf(one).open()
    await fill(place)
    await run([place.store, ...others])
  } finally {
    for (const one of others) await sourceOf(one).close()
    await place.close()
  }
}

trap(`trap 8: ${ROWS} sessions to sweep and to list`, (kind) => {
  it(
    'two nodes that sweep at once end each session once, for its reason, in small batches',
    async () => {
      await withMany(await kind.make(), async ([one, two, third]) => {
        const other = await house({ store: third, clock })
        const { carrier } = await other.enter('ann')
        expect((await other.auth.authenticate(carrier)).ok).toBe(true)
        const batches: { readonly limit: number; readonly ended: number }[] = []
        const late: unknown[] = []
        const done = (limit: number, ended: number) => {
          batches.push({ limit, ended })
          // Requests go on as if nothing was swept: by memory, at once.
          const answer = other.auth.authenticate(carrier)
          if (answer instanceof Promise || !answer.ok) late.push(answer)
        }
        const sweeping = [
          await house({ store: batched(one, done), clock }),
          await house({ store: batched(two, done), clock }),
        ]
        const counts = await Promise.all(sweeping.map(({ auth }) => auth.sweep()))

        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(DUE)
        expect(Math.max(...batches.map(({ limit }) => limit))).toBeLessThanOrEqual(5000)
        expect(late).toEqual([])
        const ended = sweeping.flatMap(({ events }) => events.filter(({ type }) => type === 'session.ended'))
        expect(new Set(ended.map(({ session }) => session)).size).toBe(DUE)
        expect(ended).toHaveLength(DUE)
        const reasons = ended.map(({ reason }) => reason)
        expect(reasons.filter((reason) => reason === 'session_expired_idle')).toHaveLength(DUE / 2)
        expect(reasons.filter((reason) => reason === 'session_expired_absolute')).toHaveLength(DUE / 2)

        expect(await sweeping[0]?.auth.sweep()).toBe(0)
        expect((await one.sessions.list({ state: 'active' }, null, ROWS, NOW)).items).toHaveLength(ROWS - DUE + 1)
        for (const { close } of [...sweeping, other]) await close()
      })
    },
    TIMEOUT,
  )

  it('a list is gone through page by page, and none repeats or leaves out anything while others come and go', async () => {
    await withMany(await kind.make(), async ([one, two]) => {
      const seen: SessionRecord[] = []
      let cursor: string | null = null
      let pages = 0
      do {
        const page = await one.sessions.list({}, cursor, 200, NOW)
        seen.push(...page.items)
        cursor = page.nextCursor
        pages += 1
        // What is newer than the page is not on the next; what has ended stays in its place.
        const [first] = page.items
        if (first)
          await two.sessions.start(
            { ...first, id: `new${pages}`.padEnd(22, '-') as never, createdAt: NOW + pages },
            null,
            NOW,
          )
        if (pages % 10 === 0) await two.sessions.endDue(NOW, 20, NOW)
      } while (cursor !== null)
      expect(pages).toBe(ROWS / 200)
      expect(new Set(seen.map(({ id }) => id)).size).toBe(ROWS)
      const times = seen.map(({ createdAt }) => createdAt)
      expect(times).toEqual(times.toSorted((a, b) => b - a))
      const own = await one.sessions.list({ userId: 'u7' as never }, null, 200, NOW)
      expect(own.items.length).toBeGreaterThanOrEqual(ROWS / 1000)
    })
  })
})
