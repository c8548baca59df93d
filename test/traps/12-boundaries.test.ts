import { expect, vi } from 'vitest'
import { fresh, type Guard, section } from '../../src/guard.ts'
import type { Options } from '../../src/options.ts'
import { ask, type Client, handed, must, who } from '../../src/testing/strategy/client.ts'
import type { Cases, Site } from '../../src/testing/strategy/harness.ts'
import { nodes, trap } from './stores.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const to = (site: Site, instant: number) => site.clock.suspend(instant - site.clock.now())

/** One millisecond before the instant, at it and after it, each on a session and a node of its own. */
async function around(
  site: Site,
  make: (label: string) => Promise<{ readonly client: Client; readonly end: number }>,
  hears: (node: Site['auth'], client: Client) => Promise<unknown>,
  words: readonly [before: unknown, at: unknown],
): Promise<void> {
  const cases = [
    { offset: -1, word: words[0] },
    { offset: 0, word: words[1] },
    { offset: 1, word: words[1] },
  ]
  for (const [i, { offset, word }] of cases.entries()) {
    const { client, end } = await make(`user${offset}`)
    to(site, end + offset)
    for (const node of [site.nodes[i % site.nodes.length] ?? site.auth, ...site.nodes]) {
      expect(await hears(node, client), `${offset} ms from the limit`).toEqual(word)
    }
    await site.clock.advance(1)
  }
}

/** Passively: nothing that is asked moves what is measured. */
const passively = (node: Site['auth'], client: Client) => ask(node, client, { passive: true })

const guarded = (guard: Guard) => async (node: Site['auth'], client: Client) => {
  const answer = node.guard(await who(node, client, { passive: true }), [guard])
  return answer.ok ? 'in' : answer.refusal.code
}

trap('trap 12: limits, a millisecond before, at and after', (kind) => {
  sessionLimits(nodes(kind, 'session'))
  tokenLimits(nodes(kind, 'hybrid'))
})

function sessionLimits({ test }: Cases): void {
  const limit = (name: string, options: Partial<Options>, run: (site: Site) => Promise<void>) =>
    test(name, run, { options })
  const [idle, absolute] = [10 * MINUTE, HOUR]
  const timeouts = { idle: '10m', absolute: '1h', remember: { idle: '20m', absolute: '2h' }, warn: '1m' } as const

  for (const remember of [false, true]) {
    const times = remember ? 2 : 1
    limit(`idle${remember ? ', remembered' : ''}`, { timeouts }, (site) => {
      const make = async (label: string) => {
        const end = site.clock.now() + idle * times
        return { client: await site.enter(label, { remember }), end }
      }
      return around(site, make, passively, ['in', 'session_expired_idle'])
    })

    limit(`absolute${remember ? ', remembered' : ''}`, { timeouts }, (site) => {
      const make = async (label: string) => {
        const end = site.clock.now() + absolute * times
        const client = await site.enter(label, { remember })
        while (site.clock.now() <= end - idle) {
          to(site, site.clock.now() + idle / 2)
          expect(await ask(site.auth, client)).toBe('in')
        }
        // What a node knows of uses, another learns from the store.
        await site.clock.advance(1000)
        return { client, end }
      }
      return around(site, make, passively, ['in', 'session_expired_absolute'])
    })
  }

  limit('idle, of a role', { timeouts: { warn: '1m', roles: { admin: { idle: '2m' } } } }, (site) => {
    const make = async (label: string) => {
      const client = await site.enter(label)
      must(await site.patiently(site.auth.setRoles(client.userId, ['admin'])))
      const { session } = await who(site.auth, client, { passive: true })
      return { client, end: session.lastActiveAt + 2 * MINUTE }
    }
    return around(site, make, passively, ['in', 'session_expired_idle'])
  })

  const begun = (site: Site, ms: number) => async (label: string) => {
    const end = site.clock.now() + ms
    return { client: await site.enter(label), end }
  }
  const billing = (more: object) => ({ timeouts: { sections: [{ path: '/billing', ...more }] } })

  limit('the pause a section allows', billing({ idle: '5m' }), (site) => {
    // A use ends the pause; passively nothing is known of it.
    const hears = async (node: Site['auth'], client: Client) => {
      const answer = node.guard(await who(node, client), [section('/billing')])
      return answer.ok ? 'in' : answer.refusal.code
    }
    return around(site, begun(site, 5 * MINUTE), hears, ['in', 'reauth_required'])
  })

  limit('the age of authentication a section allows', billing({ reauthenticate: '5m' }), (site) =>
    around(site, begun(site, 5 * MINUTE), guarded(section('/billing')), ['in', 'reauth_required']),
  )

  limit('freshness', {}, (site) =>
    around(site, begun(site, 10 * MINUTE), guarded(fresh('10m')), ['in', 'reauth_required']),
  )
}

function tokenLimits({ test }: Cases): void {
  test('the end of an access token', (site) => {
    const make = async (label: string) => {
      const client = await site.enter(label)
      return { client, end: (await who(site.auth, client)).tokenExpiresAt ?? Number.NaN }
    }
    return around(site, make, passively, ['in', 'token_stale'])
  })

  const refreshed = (site: Site, client: Client) => site.auth.refresh(client.carrier, null)

  test('the 30 s in which a refresh is repeated and not rotated', async (site) => {
    for (const [offset, counter] of [
      [-1, 0],
      [0, 0],
      [1, 1],
    ] as const) {
      const client = await site.enter(`user${offset}`)
      to(site, site.clock.now() + 30_000 + offset)
      must(await refreshed(site, client))
      expect(await site.store.sessions.find(client.sessionId as never)).toMatchObject({ counter })
    }
  })

  test('the 30 s after its successor was used in which a spent token is taken for a late one', async (site) => {
    for (const [offset, word] of [
      [-1, true],
      [0, true],
      [1, false],
    ] as const) {
      const client = await site.enter(`user${offset}`)
      to(site, site.clock.now() + 6 * MINUTE)
      const next = handed(client, must(await refreshed(site, client)).carried)
      const used = site.clock.now()
      expect(await ask(site.nodes[1], next)).toBe('in')
      await site.clock.advance(1000)
      to(site, used + 30_000 + offset)
      // Where it is a theft, its end waits for the other nodes.
      const asked = refreshed(site, client)
      expect((await (word ? asked : site.patiently(asked))).ok, `${offset} ms from the limit`).toBe(word)
    }
  })
}
