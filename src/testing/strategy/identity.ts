import assert from 'node:assert/strict'
import type { Carried } from '../../strategy.ts'
import { together, turn } from '../contract/harness.ts'
import { ask, must, who } from './client.ts'
import { type Cases, PASSWORD, renewed } from './harness.ts'

/** What a credential says of who brings it, and how it travels. */
export function identityCases({ group, test, strategy, transport }: Cases): void {
  group('who is calling', () => {
    test('P9: what was issued authenticates, on every node, as its user and its session', async (site) => {
      const client = await site.enter('ann')
      for (const node of site.nodes) {
        const found = await who(node, client)
        assert.equal(found.user.id, client.userId)
        assert.equal(found.session.id, client.sessionId)
        assert.equal(found.session.userId, client.userId)
        assert.deepEqual(found.via, { strategy: strategy.name, transport })
      }
    })

    test('P9: the user is complete, as the store has them: address, name, roles, fields', async (site) => {
      const client = await site.enter('ann')
      const { user } = await site.store.users.find((await who(site.auth, client)).user.id)
      assert.deepEqual((await who(site.auth, client)).user, user)
      assert.equal(user?.email, client.email)
      assert.deepEqual(user?.roles, ['member'])
    })

    test('P9: the session says how and when it began, and its absolute end', async (site) => {
      const begun = site.clock.now()
      const { session, tokenExpiresAt } = await who(site.auth, await site.enter('ann'))
      assert.equal(session.createdAt, begun)
      assert.equal(session.authenticatedAt, begun)
      assert.equal(session.expiresAt, begun + 12 * 3_600_000)
      assert.deepEqual(session.amr, ['pwd'])
      assert.equal(session.endedAt, null)
      assert.equal(tokenExpiresAt !== null, strategy.tokenLife !== null)
    })

    test('SL-05: twenty users at once on two nodes, each answered as their own', async (site) => {
      const clients = await together(20, (i) => site.enter(`user${i}`))
      const answers = await together(400, async (i) => {
        const client = clients[(i * 7) % 20] ?? assert.fail()
        for (let turns = i % 4; turns > 0; turns -= 1) await turn()
        const { user, session } = await who(site.nodes[i % 2 === 0 ? 0 : 1], client)
        return user.id === client.userId && user.email === client.email && session.id === client.sessionId
      })
      assert.ok(answers.every((right) => right))
    })

    test('signing up and signing in with a password both let in', async (site) => {
      const first = await site.signUp('ann')
      assert.equal(await ask(site.nodes[1], first), 'in')
      const again = must(await site.auth.signIn({ email: first.email, password: PASSWORD, transport }))
      assert.equal(again.status, 'signed_in')
      assert.equal((await site.auth.signIn({ email: first.email, password: `${PASSWORD}!` })).ok, false)
    })

    test('without a credential nobody is anybody, and that is no wrong credential', async (site) => {
      assert.deepEqual(await site.auth.authenticate({ get: () => null }), {
        ok: false,
        refusal: { code: 'unauthenticated' },
      })
    })
  })

  group('how it travels', () => {
    test('CK-02: tokens are in cookies or in the body, never in both, whatever hands them out', async (site) => {
      const { auth, clock } = site
      for (const [label, by] of [
        ['cookies', 'cookie'],
        ['tokens', 'bearer'],
      ] as const) {
        const signedUp = must(await auth.signUp({ email: `${label}@example.org`, password: PASSWORD, transport: by }))
        const signedIn = must(await auth.signIn({ email: `${label}@example.org`, password: PASSWORD, transport: by }))
        assert.ok(signedUp.status === 'signed_in' && signedIn.status === 'signed_in')
        separate(signedUp.carried, by)
        separate(signedIn.carried, by)
        const client = await site.enter(label, { transport: by })
        const found = await who(auth, client)
        const given = [must(await auth.renew(found)), must(await site.patiently(auth.endOthers(found)))]
        for (const { carried } of given) if (carried !== null) separate(carried, by)
        if (strategy.refreshing !== null) {
          clock.suspend(31_000)
          separate(must(await auth.refresh(client.carrier, client.refreshToken)).carried, by)
        }
      }
    })

    test('CK-02: what is handed out for a body lets nobody in as a cookie, nor the other way round', async (site) => {
      const browser = await site.enter('ann', { transport: 'cookie' })
      const other = await site.enter('ann', { transport: 'bearer' })
      assert.equal(browser.bearer, null)
      assert.equal(browser.refreshToken, null)
      assert.equal(other.cookies.size, 0)
      assert.notEqual(other.bearer, null)
      assert.equal((await who(site.auth, browser)).via.transport, 'cookie')
      assert.equal((await who(site.auth, other)).via.transport, 'bearer')
      const next = await renewed(strategy, site.auth, other)
      assert.equal(next.cookies.size, 0)
    })
  })
}

function separate({ cookies, tokens }: Carried, by: 'cookie' | 'bearer'): void {
  if (by === 'cookie') assert.equal(tokens, undefined, 'no token goes into a body with cookies')
  else assert.deepEqual(cookies, [], 'no cookie is set with tokens')
}
