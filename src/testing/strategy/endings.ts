import assert from 'node:assert/strict'
import type { Code } from '../../errors.ts'
import { ask, type Client, carrying, handed, must, who, wordOf } from './client.ts'
import { type Cases, renewed, type Site } from './harness.ts'

const ROUNDS = 20

/** Somebody's last request before they are shut out is let in on both nodes, so both have them in memory. */
async function known(site: Site, client: Client): Promise<void> {
  for (const node of site.nodes) assert.equal(await ask(node, client), 'in')
}

/** Ends twenty sessions one after the other, by one node and the other in turn, and asks both at once after each. */
async function shutsOut(
  site: Site,
  code: Code,
  end: (node: Site['auth'], client: Client) => Promise<unknown>,
): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const client = await site.enter(`user${round}`)
    await known(site, client)
    const [one, other] = round % 2 === 0 ? site.nodes : ([site.nodes[1], site.nodes[0]] as const)
    await site.patiently(end(one, client))
    assert.equal(await ask(other, client), code, `the other node, round ${round}`)
    assert.equal(await ask(one, client), code, `the node that ended it, round ${round}`)
  }
}

/** An ending that has returned is true on every node, for every strategy, and its reason is told to whoever held the token. */
export function endingCases({ group, test, strategy, transport }: Cases): void {
  const rotates = strategy.refreshing === null ? 'it has no refresh tokens' : null
  const signs = strategy.tokenLife === null ? 'it signs nothing, so there is no key to remove' : null

  group('endings', () => {
    test('P1 TE-01 TE-02: a sign-out', (site) =>
      shutsOut(site, 'signed_out', (node, { carrier }) => node.signOut(carrier)))

    test('P1 TE-02: one session, ended by its id', (site) =>
      shutsOut(site, 'session_revoked', async (node, { sessionId }) => assert.ok(await node.end(sessionId))))

    test('P1 TE-08: all sessions of a user', (site) =>
      shutsOut(site, 'session_revoked', async (node, { userId }) => assert.notEqual(await node.endAll(userId), null)))

    test('P1 TE-07: a lock', (site) =>
      shutsOut(site, 'user_locked', async (node, { userId }) => must(await node.lock(userId))))

    test('P1 TE-07: a user who is deleted', (site) =>
      shutsOut(site, 'session_revoked', async (node, { userId }) => must(await node.users.remove(userId))))

    test('P1 TE-08: everyone at once', (site) => shutsOut(site, 'session_revoked', (node) => node.endEveryone()))

    test('P1 PW-10: a user who has to change the password', (site) =>
      shutsOut(site, 'session_revoked', async (node, { userId }) =>
        must(await node.users.requirePasswordChange(userId)),
      ))

    test('P1 SL-03: ends no more than it says', async (site) => {
      const [own, other] = [await site.enter('ann'), await site.enter('ann')]
      const stranger = await site.enter('bea')
      for (const client of [own, other, stranger]) await known(site, client)
      await site.patiently(site.auth.end(own.sessionId))
      for (const node of site.nodes) {
        assert.deepEqual(
          [await ask(node, own), await ask(node, other), await ask(node, stranger)],
          ['session_revoked', 'in', 'in'],
        )
      }
      await site.patiently(site.auth.lock(own.userId))
      for (const node of site.nodes) assert.equal(await ask(node, stranger), 'in')
      const returned = must(await site.patiently(site.auth.unlock(own.userId)))
      assert.equal(returned.status, 'active')
      for (const node of site.nodes) assert.notEqual(await ask(node, other), 'in', 'what was ended stays ended')
      assert.equal(await ask(site.nodes[1], await site.enter('ann')), 'in')
    })

    test('P1: an ending reaches a node that hears nothing of it, once its lease is over', async (site) => {
      const [here, deaf] = site.nodes
      const client = await site.enter('ann')
      await known(site, client)
      site.taps[1].set('deaf')
      await site.patiently(here.end(client.sessionId), 100)
      assert.equal(await ask(deaf, client), 'session_revoked')
      assert.equal(await ask(here, client), 'session_revoked')
    })

    test('P1: ending again finds nothing to end, and is as true as before', async (site) => {
      const client = await site.enter('ann')
      assert.equal((await site.patiently(site.auth.signOut(client.carrier))).ended, true)
      await site.patiently(site.nodes[1].signOut(client.carrier))
      await site.patiently(site.auth.end(client.sessionId))
      for (const node of site.nodes) assert.equal(await ask(node, client), 'signed_out')
    })
  })

  group('changes', () => {
    test('P1 AZ-02: roles are what they are at the next request, or the token is stale and the next one has them', async (site) => {
      let client = await site.enter('ann')
      const catalogue = [['admin'], ['member', 'auditor'], [], ['member']]
      for (let round = 0; round < ROUNDS; round += 1) {
        await known(site, client)
        const roles = catalogue[round % catalogue.length] ?? []
        const [one, other] = round % 2 === 0 ? site.nodes : ([site.nodes[1], site.nodes[0]] as const)
        must(await site.patiently(one.setRoles(client.userId, roles)))
        const before = await Promise.all([ask(other, client), ask(one, client)])
        const expected = strategy.tokenLife === null ? 'in' : 'token_stale'
        assert.deepEqual(before, [expected, expected], `round ${round}`)
        client = await renewed(strategy, other, client)
        for (const node of site.nodes) assert.deepEqual((await who(node, client)).user.roles, roles)
      }
    })

    test(
      "P1 KM-02: what a removed key signed is nobody's",
      async (site) => {
        for (let round = 0; round < ROUNDS; round += 1) {
          const client = await site.enter(`user${round}`)
          await known(site, client)
          const [one, other] = round % 2 === 0 ? site.nodes : ([site.nodes[1], site.nodes[0]] as const)
          const signing = (await one.keys.list()).find(({ state }) => state === 'signing') ?? assert.fail()
          must(await site.patiently(one.keys.remove(signing.kid)))
          for (const node of [other, one]) {
            assert.deepEqual(await node.authenticate(client.carrier), {
              ok: false,
              refusal: { code: 'unauthenticated', presented: true },
            })
          }
          if (strategy.refreshing !== null) {
            const next = await renewed(strategy, other, client)
            for (const node of site.nodes) assert.equal(await ask(node, next), 'in', 'the session itself goes on')
          }
          await site.clock.advance(1)
        }
      },
      { skip: signs },
    )

    test(
      'P1 TE-03: an ending takes the refresh token along, and says why',
      async (site) => {
        const ends: readonly [Code, (client: Client) => Promise<unknown>][] = [
          ['signed_out', ({ carrier }) => site.auth.signOut(carrier)],
          ['session_revoked', ({ sessionId }) => site.auth.end(sessionId)],
          ['session_revoked', ({ userId }) => site.auth.endAll(userId)],
          ['user_locked', ({ userId }) => site.auth.lock(userId)],
        ]
        for (const [i, [code, end]] of ends.entries()) {
          const client = await site.enter(`user${i}`)
          await site.patiently(end(client))
          for (const node of site.nodes) {
            assert.equal(await wordOf(node.refresh(client.carrier, client.refreshToken)), code)
          }
        }
      },
      { skip: rotates },
    )

    test(
      'P4 RT-03: a spent refresh token ends the session, whoever uses it',
      async (site) => {
        const first = await site.enter('ann')
        site.clock.suspend(31_000)
        const second = await renewed(strategy, site.auth, first)
        assert.equal(await ask(site.auth, second), 'in')
        site.clock.suspend(31_000)
        const third = await renewed(strategy, site.auth, second)
        for (const node of site.nodes) assert.equal(await ask(node, third), 'in')
        const stolen = site.patiently(site.nodes[1].refresh(first.carrier, first.refreshToken))
        assert.equal(await wordOf(stolen), 'token_reused')
        for (const node of site.nodes) assert.equal(await ask(node, third), 'token_reused')
        assert.equal(await wordOf(site.auth.refresh(third.carrier, third.refreshToken)), 'token_reused')
      },
      { skip: rotates },
    )

    test(
      'P4: parallel, repeated and lost refreshes sign nobody out',
      async (site) => {
        const first = await site.enter('ann')
        site.clock.suspend(31_000)
        const answers = await Promise.all(
          Array.from({ length: 10 }, (_, i) =>
            site.nodes[i % 2 === 0 ? 0 : 1].refresh(first.carrier, first.refreshToken),
          ),
        )
        const clients = answers.map((answer) => handed(first, must(answer).carried))
        const tokens = new Set(clients.map(({ cookies, refreshToken }) => refreshToken ?? [...cookies.values()][1]))
        assert.equal(tokens.size, 1, 'all are handed the same refresh token')
        for (const client of [...clients, await renewed(strategy, site.nodes[1], first)]) {
          for (const node of site.nodes) assert.equal(await ask(node, client), 'in')
        }
      },
      { skip: rotates },
    )

    test('TE-04: what clears the cookies names all that were set', async (site) => {
      const browser = await site.enter('ann', { transport: 'cookie' })
      const { cookies } = await site.patiently(site.auth.signOut(browser.carrier))
      assert.deepEqual(cookies.map((cookie) => cookie.split('=')[0]).toSorted(), [...browser.cookies.keys()].toSorted())
      for (const cookie of cookies) assert.match(cookie, /^[^=]+=; .*Max-Age=0/)
      if (transport === 'bearer') return
      assert.equal(await ask(site.auth, { carrier: carrying({ cookies: new Map() }) }), 'unauthenticated')
    })
  })
}
