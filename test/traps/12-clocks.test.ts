import { describe, expect, vi } from 'vitest'
import type { Clock } from '../../src/clock.ts'
import type { SessionId } from '../../src/session.ts'
import { ask, bringing, type Client, handed, must } from '../../src/testing/strategy/client.ts'
import { PASSWORD, type Site } from '../../src/testing/strategy/harness.ts'
import { kidOf, stolen } from '../support/keys.ts'
import { headerOf, jws, read } from '../support/signed.ts'
import { nodes, type StrategyName, trap } from './stores.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const MINUTE = 60_000
const IDLE = 30 * MINUTE

/** A clock whose wall time is off. */
function off(clock: Clock, ms: number): Clock {
  return { ...clock, now: () => clock.now() + ms }
}

/** Nodes on the same store whose clocks are off by so much. */
const nodeOff = async (site: Site, ms: number) => (await site.install({ clock: off(site.clock, ms) })).auth

/** Signs in by one node, with what that says the time is. */
async function signedIn(site: Site, node: Site['auth'], label: string): Promise<Client> {
  const { userId, email } = await site.signUp(label)
  const given = must(await site.patiently(node.signIn({ email, password: PASSWORD, transport: 'bearer' })))
  if (given.status !== 'signed_in') throw new Error(given.status)
  return handed({ userId, email, sessionId: given.session.id }, given.carried)
}

const to = (site: Site, instant: number) => site.clock.suspend(instant - site.clock.now())

trap('trap 12: nodes whose clocks differ', (kind) => {
  const { test } = nodes(kind, 'session', 'bearer')

  for (const ms of [60_000, -60_000]) {
    const name = `${Math.abs(ms) / 1000} s ${ms > 0 ? 'ahead' : 'behind'}`
    test(`a node ${name} ends a session by its own clock, and by no millisecond more than that is off`, async (site) => {
      const node = await nodeOff(site, ms)
      for (const [offset, word] of [
        [-1, 'in'],
        [0, 'session_expired_idle'],
        [1, 'session_expired_idle'],
      ] as const) {
        const client = await site.enter(`user${offset}`)
        to(site, site.clock.now() + IDLE - ms + offset)
        expect(await ask(node, client, { passive: true }), `${offset} ms`).toBe(word)
        await site.clock.advance(1)
      }
    })

    test(`a session begun by a node ${name} has its limits, as others see them, off by no more`, async (site) => {
      const node = await nodeOff(site, ms)
      for (const [offset, word] of [
        [-1, 'in'],
        [0, 'session_expired_idle'],
      ] as const) {
        const before = site.clock.now()
        const client = await signedIn(site, node, `user${offset}`)
        const begun = (await site.store.sessions.find(client.sessionId as SessionId))?.lastActiveAt ?? Number.NaN
        expect(begun).toBeGreaterThanOrEqual(before + ms)
        expect(begun).toBeLessThanOrEqual(site.clock.now() + ms)
        to(site, begun + IDLE + offset)
        for (const other of site.nodes) expect(await ask(other, client, { passive: true }), `${offset} ms`).toBe(word)
        await site.clock.advance(1)
      }
    })
  }

  test('a clock that is set back brings nothing back that was over', async (site) => {
    const [idle, ended] = [await site.enter('ann'), await site.enter('bea')]
    site.clock.suspend(IDLE)
    expect(await ask(site.auth, idle)).toBe('session_expired_idle')
    await site.patiently(site.auth.end(ended.sessionId))
    site.clock.step(-IDLE)
    for (const node of site.nodes) {
      expect(await ask(node, idle)).toBe('session_expired_idle')
      expect(await ask(node, ended)).not.toBe('in')
    }
  })

  for (const by of ['hybrid', 'jwt'] as const) describe(by, () => signed(by))

  function signed(by: StrategyName): void {
    const { test } = nodes(kind, by, 'bearer')

    for (const [leeway, most] of [
      [undefined, 30_000],
      ['30s', 60_000],
      ['1m', 90_000],
    ] as const) {
      const title = `a token of a node that is ${most / 1000} s ahead is let in, one of more not before its time (leeway: ${leeway ?? 'none'})`
      const run = async (site: Site) => {
        const client = await signedIn(site, await nodeOff(site, most), 'ann')
        for (const node of site.nodes) expect(await ask(node, client)).toBe('in')
        const early = await signedIn(site, await nodeOff(site, most + 3000), 'bea')
        // In whole seconds.
        const made = Number(read(early.bearer ?? '').payload.iat) * 1000
        to(site, made - most - 1)
        for (const node of site.nodes) expect(await ask(node, early)).toBe('unauthenticated')
        // Nobody was signed out by that.
        to(site, made - most)
        for (const node of site.nodes) expect(await ask(node, early)).toBe('in')
      }
      test(title, run, { options: leeway ? { keys: { leeway } } : {} })
    }

    const secret = 'some-other-secret-0123456789-abcdefghi'
    const forged = async (site: Site) => {
      const client = await site.enter('ann')
      const key = await stolen(site.store, kidOf(client.bearer ?? ''), secret)
      const { payload } = read(client.bearer ?? '')
      const saying = (iat: number) => {
        const bearer = jws(key, headerOf(key), { ...payload, iat, exp: iat + 300 })
        return { carrier: bringing({ authorization: `Bearer ${bearer}` }) }
      }
      const seconds = Math.floor(site.clock.now() / 1000)
      for (const node of site.nodes) {
        expect(await ask(node, saying(seconds + 30))).toBe('in')
        for (const ahead of [31, 60, 86_400]) expect(await ask(node, saying(seconds + ahead))).toBe('unauthenticated')
      }
    }
    test('a token that says it was made in the future opens nothing, whoever signed it', forged, {
      options: { secret },
    })
  }
})
