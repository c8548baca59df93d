import { describe, expect, it, vi } from 'vitest'
import type { Auth } from '../../src/auth.ts'
import { ROUTES } from '../../src/http/routes.ts'
import { policy, type TimeoutOptions } from '../../src/policy.ts'
import type { SessionId } from '../../src/session.ts'
import { sampleSession, T0 } from '../../src/testing/samples.ts'
import { ask, type Client, handed, must, who } from '../../src/testing/strategy/client.ts'
import type { Cases, Site } from '../../src/testing/strategy/harness.ts'
import { sourceOf } from '../stores/source-of.ts'
import { send } from './http.ts'
import { type Kind, nodes, trap } from './stores.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const STEP = MINUTE

const node = (site: Site, i: number): Auth => site.nodes[i % site.nodes.length] ?? site.auth
const record = ({ store }: Site, client: Client) => store.sessions.find(client.sessionId as SessionId)

/** There is no option for the step: it follows from the limits, so that none can be shorter than ten of it. */
describe('trap 9: how often a used session is written', () => {
  it.each<TimeoutOptions>([
    {},
    { idle: '1m' },
    { idle: '15s', warn: '5s' },
    { idle: '8h', absolute: '9h' },
    { roles: { admin: { idle: '3m' } } },
    { remember: { idle: '4m', absolute: '1d' } },
    { sections: [{ path: '/billing', idle: '2m' }] },
  ])('is at most once in a tenth of the tightest limit: %o', (timeouts) => {
    const { touchStep, standard, remember, roles, sections } = policy(timeouts, ['admin'])
    const idles = [standard, ...(remember ? [remember] : []), ...roles.values(), ...sections].map(({ idle }) => idle)
    expect(touchStep).toBeGreaterThan(0)
    expect(touchStep).toBeLessThanOrEqual(Math.min(...idles) / 10)
  })
})

trap('trap 9: activity that costs writes, goes back, or is none', (kind) => {
  for (const by of ['session', 'hybrid'] as const)
    describe(by, () => used(nodes(kind, by), kind.name === 'memory' ? 1 : 10))
  written(nodes(kind, 'session'))
  parallel(kind)
})

function written({ test }: Cases): void {
  test('1,000 requests in ten steps make no node write a session more than once a step', async (site) => {
    const client = await site.enter('ann')
    const begun = site.clock.now()
    const written = new Map<number, Set<number>>()
    for (let i = 0; i < 1000; i += 1) {
      expect(await ask(node(site, i), client), `request ${i}`).toBe('in')
      if (i % 5 < 4) continue
      // As five requests in three seconds, after which what is due is written.
      site.clock.step(1250)
      await site.clock.advance(1750)
      const { lastActiveAt = 0 } = (await record(site, client)) ?? {}
      const step = Math.floor((lastActiveAt - begun) / STEP)
      written.set(step, (written.get(step) ?? new Set()).add(lastActiveAt))
    }
    for (const [step, values] of written) expect(values.size, `step ${step}`).toBeLessThanOrEqual(site.nodes.length)
    expect(written.size).toBeGreaterThanOrEqual(9)
  })
}

/** @param uses of each token */
function used({ test, strategy }: Cases, uses: number): void {
  /** With the next tokens, if there are any to be had. */
  async function refreshed(site: Site, client: Client, i: number): Promise<Client> {
    if (strategy.refreshing === null) return client
    return handed(client, must(await node(site, i).refresh(client.carrier, null)).carried)
  }

  test('1,000 uses, and refreshes among them, do not move the absolute limit', async (site) => {
    let client = await site.enter('ann')
    const { expiresAt } = (await who(site.auth, client)).session
    for (let i = 0; i < 1000; i += 1) {
      const isNext = i % uses === 0
      site.clock.suspend(isNext ? uses * 31_000 : 1)
      if (isNext) client = await refreshed(site, client, i)
      expect(await ask(node(site, i + 1), client)).toBe('in')
      // Whatever is due is written.
      if (i % 50 === 0) await site.clock.advance(250)
    }
    expect(await record(site, client)).toMatchObject({ expiresAt, endedAt: null })
    const { session } = await who(site.auth, client)
    expect(session.expiresAt).toBe(expiresAt)
    expect(session.lastActiveAt).toBe(site.clock.now())
    while (site.clock.now() < expiresAt - 10 * MINUTE) {
      site.clock.suspend(10 * MINUTE)
      if (strategy.refreshing !== null)
        client = handed(client, must(await site.auth.refresh(client.carrier, null)).carried)
      expect(await ask(site.auth, client)).toBe('in')
    }
    site.clock.suspend(expiresAt - site.clock.now())
    for (const one of site.nodes) expect(await ask(one, client)).toBe('session_expired_absolute')
  })

  const machine = ROUTES.filter(({ passive }) => passive).map(({ path }) => `/auth${path}`)
  test(`what a machine asks by itself is no use: ${machine.join(', ')}, and refreshes`, async (site) => {
    expect(machine).toContain('/auth/session')
    expect(machine).toContain('/auth/session/events')
    let client = await site.enter('ann')
    const begun = site.clock.now()
    for (let minute = 1; minute < 30; minute += 1) {
      site.clock.suspend(begun + minute * MINUTE - site.clock.now())
      client = await refreshed(site, client, minute)
      for (const path of machine) {
        expect((await send(node(site, minute), client, { method: 'GET', path })).status).toBe(200)
      }
      expect(await ask(node(site, minute + 1), client, { passive: true })).toBe('in')
    }
    await site.clock.advance(1000)
    expect(await record(site, client)).toMatchObject({ lastActiveAt: begun })
    site.clock.suspend(begun + 30 * MINUTE - site.clock.now())
    for (const one of site.nodes) expect(await ask(one, client)).toBe('session_expired_idle')
  })
}

function parallel(kind: Kind): void {
  it('parallel writes of two handles, in any order, leave the latest activity', async () => {
    const place = await kind.make()
    const two = place.another()
    await sourceOf(two).open()
    const { id, authenticatedAt, expiresAt } = sampleSession('one')
    await place.store.sessions.start(sampleSession('one'), null, T0)
    const times = Array.from({ length: 200 }, (_, i) => T0 + ((i * 7919) % 200) * 1000)
    let newest = T0
    for (let i = 0; i < times.length; i += 20) {
      const some = times.slice(i, i + 20)
      newest = Math.max(newest, ...some)
      await Promise.all(
        some.map((lastActiveAt, n) =>
          (n % 2 === 0 ? place.store : two).sessions.touch([{ id, authenticatedAt, lastActiveAt, longestIdle: 0 }]),
        ),
      )
      const now = await two.sessions.find(id)
      expect(now).toMatchObject({ lastActiveAt: newest, expiresAt })
    }
    // Nor further than the absolute limit.
    await two.sessions.touch([{ id, authenticatedAt, lastActiveAt: expiresAt - 1, longestIdle: HOUR }])
    const { value } = await place.store.sessions.endDue(expiresAt, 10, expiresAt)
    expect(value).toMatchObject([{ id, endReason: 'session_expired_absolute' }])
    await sourceOf(two).close()
    await place.close()
  })
}
