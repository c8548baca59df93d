import pg from 'pg'
import { expect, it, vi } from 'vitest'
import type { Auth } from '../../src/auth.ts'
import { createAuth } from '../../src/create-auth.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { type Client, handed } from '../../src/testing/strategy/client.ts'
import { BASE, must, PASSWORD, SECRET } from '../support/house.ts'
import { type Kind, type Place, trap } from './stores.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const AT_ONCE = 50

/** One node whose store has so many connections, and fifty people whose refresh is due. The clock stands still: nothing is given up. */
async function due(
  kind: Kind,
  connections: number,
  run: (auth: Auth, people: Client[], place: Place) => Promise<void>,
) {
  const place = await kind.make({ connections, patience: '15s' })
  const clock = manualClock()
  const auth = createAuth({ store: place.store, strategy: hybrid(), baseUrl: BASE, secret: SECRET, clock })
  try {
    await auth.ready()
    const people = Array.from({ length: AT_ONCE }, async (_, i): Promise<Client> => {
      const email = `user${i}@example.com`
      const { session, user, carried } = must(await auth.signUp({ email, password: PASSWORD, transport: 'bearer' }))
      return handed({ userId: user.id, sessionId: session.id, email }, carried)
    })
    const all = await Promise.all(people)
    clock.suspend(60_000)
    await run(auth, all, place)
  } finally {
    await auth.close()
    await place.close()
  }
}

const refreshed = async (auth: Auth, client: Client) =>
  handed(client, must(await auth.refresh(client.carrier, client.refreshToken)).carried)

/** Connections of ours to the database, besides the one that asks. */
async function connectionsTo(url: string): Promise<number> {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query(
    "SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = 'sallyport'",
  )
  await client.end()
  return rows[0].count
}

trap('trap 6: refreshes that wait for each other’s connections', (kind) => {
  // With one connection, whoever held it while waiting for another would wait for ever.
  for (const connections of [2, 1]) {
    it(`50 refreshes of 50 sessions at once, with a pool of ${connections}`, () =>
      due(kind, connections, async (auth, people, { at }) => {
        const asked = Promise.all(people.map((client) => refreshed(auth, client)))
        // Besides the pool, the feed has one, and so have the tests.
        if (kind.name === 'PostgreSQL' && at) expect(await connectionsTo(at)).toBeLessThanOrEqual(connections + 1)
        const next = await asked
        expect(new Set(next.map(({ refreshToken }) => refreshToken)).size).toBe(AT_ONCE)
        for (const [i, { refreshToken }] of next.entries()) expect(refreshToken).not.toBe(people[i]?.refreshToken)
      }))

    it(`50 refreshes of one session at once, with a pool of ${connections}`, () =>
      due(kind, connections, async (auth, [one]) => {
        const asked = Array.from({ length: AT_ONCE }, () => refreshed(auth, one as Client))
        const next = await Promise.all(asked)
        expect(new Set(next.map(({ refreshToken }) => refreshToken)).size).toBe(1)
      }))

    it(`refreshes, look-ups, sign-outs and sign-ins at once, with a pool of ${connections}`, () =>
      due(kind, connections, async (auth, people) => {
        const asked = people.map(async (client, i) => {
          if (i % 4 === 0) return (await refreshed(auth, client)).refreshToken !== client.refreshToken
          if (i % 4 === 1) return (await auth.authenticate(client.carrier)).ok
          if (i % 4 === 2) return (await auth.signOut(client.carrier)).ended
          return (await auth.signIn({ email: client.email, password: PASSWORD, transport: 'bearer' })).ok
        })
        expect(await Promise.all(asked)).toEqual(people.map(() => true))
      }))
  }
})
