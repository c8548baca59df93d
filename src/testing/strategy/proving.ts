import assert from 'node:assert/strict'
import { ask, type Client, handed, must, who, wordOf } from './client.ts'
import { type Cases, PASSWORD, renewed } from './harness.ts'

const NEXT_PASSWORD = 'quite another passphrase'

/** What proving again who one is does to the session that asks, and to the others. */
export function provingCases({ group, test, strategy }: Cases): void {
  const alone = strategy.keeps === 'nothing'
  const noNext = !alone && strategy.refreshing === null ? 'one token lasts as long as the session' : null

  group('proving again who one is', () => {
    test('RA-03 SL-01: re-authentication gives a new token; the old one is stale on every node', async (site) => {
      const client = await site.signUp('ann')
      const before = await who(site.auth, client)
      for (const node of site.nodes) assert.equal(await ask(node, client), 'in')
      await site.clock.advance(1234)
      const answer = must(await site.patiently(site.auth.reauthenticate(before, PASSWORD)))
      const next = handed({ ...client, sessionId: answer.session.id }, answer.carried)
      for (const node of site.nodes) {
        assert.equal(await ask(node, client), 'token_stale')
        const { session, user } = await who(node, next)
        assert.equal(user.id, client.userId)
        assert.equal(session.id === client.sessionId, !alone, 'with a record it is the same session')
        assert.equal(session.authenticatedAt, answer.session.authenticatedAt)
        assert.ok(session.authenticatedAt > before.session.authenticatedAt)
        assert.deepEqual(session.amr, before.session.amr)
        assert.equal(session.createdAt, before.session.createdAt)
        assert.equal(session.expiresAt, before.session.expiresAt, 'the absolute limit stays')
      }
      if (strategy.refreshing !== null) {
        assert.equal(await wordOf(site.auth.refresh(client.carrier, client.refreshToken)), 'token_stale')
        assert.equal(await ask(site.nodes[1], await renewed(strategy, site.auth, next)), 'in')
      }
    })

    test('RA-05: a wrong password changes nothing', async (site) => {
      const client = await site.signUp('ann')
      const before = await who(site.auth, client)
      assert.equal(await wordOf(site.auth.reauthenticate(before, NEXT_PASSWORD)), 'invalid_credentials')
      const after = await who(site.nodes[1], client)
      assert.equal(after.session.authenticatedAt, before.session.authenticatedAt)
    })

    test(
      'RA-04: neither refreshing nor renewing is authentication: its time stays, in what is said and in the token',
      async (site) => {
        let client = await site.enter('ann')
        const { authenticatedAt, amr } = (await who(site.auth, client)).session
        for (let i = 0; i < 10; i += 1) {
          site.clock.suspend(100_000)
          client = await renewed(strategy, site.nodes[i % 2 === 0 ? 0 : 1], client)
          const { session } = await who(site.auth, client)
          must(await site.auth.renew(await who(site.auth, client)))
          assert.equal(session.authenticatedAt, authenticatedAt)
          assert.deepEqual(session.amr, amr)
          assert.equal(claimsOf(client).auth_time, Math.floor(authenticatedAt / 1000))
        }
      },
      { skip: noNext },
    )

    test("TE-06: a password change ends the other sessions; one's own goes on under a new token", async (site) => {
      const client = await site.signUp('ann')
      const [other, stranger] = [await site.enter('ann'), await site.enter('bea')]
      for (const one of [client, other, stranger])
        for (const node of site.nodes) assert.equal(await ask(node, one), 'in')
      const change = { currentPassword: PASSWORD, newPassword: NEXT_PASSWORD }
      const answer = must(await site.patiently(site.auth.changePassword(await who(site.auth, client), change)))
      const next = handed({ ...client, sessionId: answer.session.id }, answer.carried)
      for (const node of site.nodes) {
        assert.equal(await ask(node, other), 'session_revoked')
        // Without a record nothing tells that the older token and the newer one are of one session.
        assert.equal(await ask(node, client), alone ? 'session_revoked' : 'token_stale')
        assert.equal(await ask(node, next), 'in')
        assert.equal(await ask(node, stranger), 'in')
      }
      assert.equal((await who(site.auth, next)).session.expiresAt, (await who(site.nodes[1], next)).session.expiresAt)
      if (strategy.refreshing !== null) {
        assert.equal(await wordOf(site.auth.refresh(other.carrier, other.refreshToken)), 'session_revoked')
      }
      assert.equal(await ask(site.nodes[1], await renewed(strategy, site.auth, next)), 'in')
    })

    test("SL-03: ending the others ends them on every node, and one's own session goes on", async (site) => {
      const [client, second, third] = [await site.enter('ann'), await site.enter('ann'), await site.enter('ann')]
      const stranger = await site.enter('bea')
      const everybody = [client, second, third, stranger]
      for (const one of everybody) for (const node of site.nodes) assert.equal(await ask(node, one), 'in')
      const { carried, session, ended } = must(await site.patiently(site.auth.endOthers(await who(site.auth, client))))
      const next: Client = carried === null ? client : handed({ ...client, sessionId: session.id }, carried)
      if (!alone) assert.equal(ended, 2)
      for (const node of site.nodes) {
        for (const one of [second, third]) assert.equal(await ask(node, one), 'session_revoked')
        assert.equal(await ask(node, next), 'in')
        assert.equal(await ask(node, stranger), 'in')
      }
      assert.equal(await ask(site.nodes[1], await renewed(strategy, site.auth, next)), 'in')
      assert.equal(await ask(site.nodes[1], await site.enter('ann')), 'in', 'who signs in later is not among them')
    })
  })
}

/** What a signed token says of itself, without asking whether it may. */
export function claimsOf({ bearer, cookies }: Client): Readonly<Record<string, unknown>> {
  const token = bearer ?? [...cookies.values()].find((value) => value.split('.').length === 3) ?? ''
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
}
