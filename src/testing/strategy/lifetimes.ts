import assert from 'node:assert/strict'
import type { Reissued } from '../../flows/reissue.ts'
import type { Result } from '../../result.ts'
import { ask, type Client, handed, must, who, wordOf } from './client.ts'
import { type Cases, PASSWORD, renewed, type Site } from './harness.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const IDLE = 30 * MINUTE
const ABSOLUTE = 12 * HOUR

/** Limits that can be walked through step by step. */
const SHORT = {
  timeouts: { idle: '10m', absolute: '1h', remember: { idle: '20m', absolute: '3h' }, warn: '1m' },
} as const

/** Idle and absolute limits hold to the millisecond, whatever the client does. */
export function lifetimeCases({ group, test, strategy }: Cases): void {
  const alone = strategy.keeps === 'nothing'
  const rotates = strategy.refreshing === null ? 'it has no refresh tokens' : null
  const noEnd = strategy.tokenLife === null ? 'its token has no end of its own' : null
  const byIdle = alone ? "the token's life stands for the idle limit" : null

  /** The last instant of a session that is left alone is one before this. */
  async function idleEnd(site: Site, client: Client, used: number, idle = IDLE): Promise<number> {
    if (!alone) return used + idle
    const { tokenExpiresAt } = await who(site.auth, client, { passive: true })
    const limit = used + Math.min(strategy.tokenLife ?? 0, idle)
    assert.ok(
      tokenExpiresAt !== null && tokenExpiresAt <= limit && tokenExpiresAt > limit - 1000,
      'up to a second early',
    )
    return tokenExpiresAt
  }

  /** Moves to an instant; nothing happens on the way, as while a machine sleeps. */
  const to = (site: Site, instant: number) => site.clock.suspend(instant - site.clock.now())

  /** The client with a token that is good at this instant, if its session is; without using it. */
  const current = async (site: Site, client: Client) => (alone ? client : renewed(strategy, site.auth, client))

  /**
   * Uses and renews the session up to the last instant before its absolute end, when it is still let in, and moves on to the
   * end. What is signed has its end in whole seconds, which may come up to one early.
   */
  async function lastingTo(site: Site, given: Client, expiresAt: number): Promise<Client> {
    let client = given
    while (site.clock.now() < expiresAt - 2000) {
      to(site, Math.min(site.clock.now() + 8 * MINUTE, expiresAt - 2000))
      client = await current(site, client)
      const found = await who(site.auth, client)
      assert.equal(found.session.expiresAt, expiresAt)
      client = handed(client, must(await site.auth.renew(found)).carried)
    }
    to(site, (strategy.tokenLife === null ? expiresAt : Math.floor(expiresAt / 1000) * 1000) - 1)
    for (const node of site.nodes) assert.equal(await ask(node, client), 'in')
    to(site, alone ? site.clock.now() + 1 : expiresAt)
    return client
  }

  group('limits', () => {
    test('P5 TO-01 TO-08: idle one millisecond less is in, idle for the limit is out, on both nodes', async (site) => {
      const [early, late] = [await site.enter('ann'), await site.enter('bea')]
      const end = await idleEnd(site, late, site.clock.now())
      to(site, end - 1)
      for (const node of site.nodes) assert.equal(await ask(node, await current(site, early), { passive: true }), 'in')
      to(site, end)
      for (const node of site.nodes) assert.equal(await ask(node, late), 'session_expired_idle')
      for (const node of site.nodes) assert.equal(await ask(node, early), 'session_expired_idle')
    })

    test('P5 TO-01: the same while the node decides by itself', async (site) => {
      const client = await site.enter('ann')
      const end = await idleEnd(site, client, site.clock.now())
      to(site, end - 2000)
      const held = await current(site, client)
      await site.clock.advance(1999)
      assert.equal(await ask(site.auth, held, { passive: true }), 'in')
      const warm = site.auth.authenticate(held.carrier, { passive: true })
      assert.ok(!(warm instanceof Promise) && warm.ok)
      await site.clock.advance(1)
      assert.equal(await ask(site.auth, held), 'session_expired_idle')
    })

    test(
      'P5 TO-04: a use begins the idle limit anew, to the millisecond, and is known on the other node',
      async (site) => {
        const client = await site.enter('ann')
        to(site, site.clock.now() + IDLE - 1)
        const held = await current(site, client)
        assert.equal(await ask(site.auth, held), 'in')
        const used = site.clock.now()
        await site.clock.advance(1500)
        to(site, used + IDLE - 1)
        const last = await current(site, held)
        assert.equal(await ask(site.nodes[1], last, { passive: true }), 'in')
        to(site, used + IDLE)
        assert.equal(await ask(site.nodes[1], last), 'session_expired_idle')
      },
      { skip: byIdle },
    )

    test('P5 TO-07: reading passively does not count as use', async (site) => {
      let client = await site.enter('ann')
      const end = await idleEnd(site, client, site.clock.now())
      while (site.clock.now() + MINUTE < end) {
        to(site, site.clock.now() + MINUTE)
        client = await current(site, client)
        assert.equal(await ask(site.auth, client, { passive: true }), 'in')
      }
      to(site, end)
      assert.equal(await ask(site.auth, client, { passive: true }), 'session_expired_idle')
    })

    test('P5 TO-04: renewing begins the idle limit anew and never moves the absolute one', async (site) => {
      let client = await site.enter('ann')
      const { session } = await who(site.auth, client)
      to(site, site.clock.now() + 10 * MINUTE)
      client = await current(site, client)
      const answer = must(await site.auth.renew(await who(site.auth, client, { passive: true })))
      client = handed(client, answer.carried)
      assert.equal(answer.session.expiresAt, session.expiresAt)
      assert.equal(answer.session.lastActiveAt, site.clock.now())
      const end = await idleEnd(site, client, site.clock.now())
      to(site, end - 1)
      client = await current(site, client)
      assert.equal((await who(site.auth, client, { passive: true })).session.expiresAt, session.expiresAt)
      to(site, end)
      assert.equal(await ask(site.auth, client), 'session_expired_idle')
    })

    test('P5 TO-02: neither use nor renewing nor refreshing carries it past the absolute limit', async (site) => {
      let client = await site.enter('ann')
      const { expiresAt } = (await who(site.auth, client)).session
      assert.equal(expiresAt, site.clock.now() + ABSOLUTE)
      client = await lastingTo(site, client, expiresAt)
      for (const node of site.nodes) {
        assert.match(
          await ask(node, client),
          alone ? /^session_expired_(idle|absolute)$/ : /^session_expired_absolute$/,
        )
      }
      if (rotates === null) {
        assert.equal(await wordOf(site.auth.refresh(client.carrier, client.refreshToken)), 'session_expired_absolute')
      }
    })

    test('P5: what is over stays over: the password resumes nothing, and extending is refused', async (site) => {
      const client = await site.signUp('ann')
      const before = await who(site.auth, client)
      to(site, await idleEnd(site, client, site.clock.now()))
      assert.equal(await ask(site.auth, client), 'session_expired_idle')
      for (const asked of [site.auth.reauthenticate(before, PASSWORD), site.auth.renew(before)]) {
        const given = await site.patiently<Result<Reissued>>(asked)
        if (given.ok) assert.notEqual(await ask(site.auth, handed(client, given.value.carried)), 'in')
      }
      assert.notEqual(await ask(site.auth, client), 'in')
    })

    test('P5 TO-07: extending comes too late at the instant of expiry, for who was let in before it as well', async (site) => {
      const client = await site.enter('ann')
      const before = await who(site.auth, client)
      to(site, await idleEnd(site, client, site.clock.now()))
      const given = await site.auth.renew(before)
      assert.equal(await wordOf(given), 'session_expired_idle')
      assert.equal(await ask(site.auth, client), 'session_expired_idle')
    })

    test(
      'P5 SL-09: "remember me" has limits of its own, and they hold as exactly',
      async (site) => {
        let client = await site.enter('ann', { remember: true })
        const begun = site.clock.now()
        const { session } = await who(site.auth, client)
        assert.equal(session.remember, true)
        assert.equal(session.expiresAt, begun + 3 * HOUR)
        const idle = await site.enter('bea', { remember: true })
        const end = await idleEnd(site, idle, begun, 20 * MINUTE)
        to(site, end - 1)
        assert.equal(await ask(site.auth, await current(site, idle), { passive: true }), 'in')
        client = handed(client, must(await site.auth.renew(await who(site.auth, await current(site, client)))).carried)
        to(site, end)
        assert.equal(await ask(site.auth, idle), 'session_expired_idle')
        client = await lastingTo(site, client, session.expiresAt)
        assert.match(await ask(site.auth, client), alone ? /^session_expired/ : /^session_expired_absolute$/)
      },
      { options: SHORT },
    )

    test(
      'P5 TO-10: a role with tighter limits tightens the sessions that are open',
      async (site) => {
        let client = await site.enter('ann')
        must(await site.patiently(site.auth.setRoles(client.userId, ['admin'])))
        client = await renewed(strategy, site.auth, client)
        must(await site.auth.renew(await who(site.auth, client)))
        const used = site.clock.now()
        to(site, used + 2 * MINUTE - (alone ? 1000 : 1))
        assert.equal(await ask(site.auth, client, { passive: true }), 'in')
        to(site, used + 2 * MINUTE)
        assert.equal(await ask(site.auth, client), 'session_expired_idle')
      },
      { options: { timeouts: { roles: { admin: { idle: '2m' } }, warn: '1m' } } },
    )

    test(
      'P5 TO-09: a token never outlives its session: issued ten seconds before the end it lasts ten seconds',
      async (site) => {
        let client = await site.enter('ann')
        const { expiresAt } = (await who(site.auth, client)).session
        while (site.clock.now() < expiresAt - 10_000) {
          to(site, Math.min(site.clock.now() + 8 * MINUTE, expiresAt - 10_000))
          client = await current(site, client)
          client = handed(client, must(await site.auth.renew(await who(site.auth, client))).carried)
        }
        client = await renewed(strategy, site.auth, client)
        const { tokenExpiresAt } = await who(site.auth, client)
        assert.ok(tokenExpiresAt !== null && tokenExpiresAt <= expiresAt && tokenExpiresAt > expiresAt - 1000)
        to(site, expiresAt)
        for (const node of site.nodes) assert.match(await ask(node, client), /^session_expired_/)
      },
      { skip: noEnd, options: SHORT },
    )

    test(
      'P5 TO-09: what is got in the last second of a session is good until its end, and then says why it is not',
      async (site) => {
        let client = await site.enter('ann')
        const { expiresAt } = (await who(site.auth, client)).session
        while (site.clock.now() < expiresAt - 300) {
          to(site, Math.min(site.clock.now() + 8 * MINUTE, expiresAt - 300))
          client = await renewed(strategy, site.auth, client)
          must(await site.auth.renew(await who(site.auth, client)))
        }
        to(site, expiresAt - 1)
        const last = await renewed(strategy, site.auth, client)
        for (const held of [client, last]) for (const node of site.nodes) assert.equal(await ask(node, held), 'in')
        assert.equal((await who(site.auth, last)).tokenExpiresAt, expiresAt)
        to(site, expiresAt)
        for (const held of [client, last])
          for (const node of site.nodes) assert.equal(await ask(node, held), 'session_expired_absolute')
      },
      { skip: noEnd ?? rotates, options: SHORT },
    )
  })
}
