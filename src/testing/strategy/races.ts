import assert from 'node:assert/strict'
import type { Code } from '../../errors.ts'
import type { Result } from '../../result.ts'
import type { Carried } from '../../strategy.ts'
import { ask, type Client, handed, must, who, wordOf } from './client.ts'
import { type Cases, PASSWORD, renewed, SETTLED, type Site } from './harness.ts'

const ROUNDS = 20

/** Endings win: what was under way when a session ended does not bring it back, whatever it comes to. */
export function raceCases({ group, test, strategy, transport }: Cases): void {
  const alone = strategy.keeps === 'nothing'
  const rotates = strategy.refreshing === null ? 'it has no refresh tokens' : null

  /** Whatever the client held before, and whatever it was handed by something that was under way. */
  async function dead(site: Site, client: Client, given: Result<{ carried: Carried | null }> | null, code: Code) {
    const next = given?.ok ? handed(client, given.value.carried) : client
    for (const node of site.nodes) {
      for (const one of [client, next]) assert.equal(await ask(node, one), code)
      if (strategy.refreshing !== null) {
        assert.notEqual(await wordOf(node.refresh(next.carrier, next.refreshToken)), 'in')
      }
    }
  }

  /** The verb by which a node that does not know a session learns of it. */
  const lookup = alone ? 'denials.check' : 'sessions.find'

  group('in flight', () => {
    test('P7 SL-08: a request whose look-up an ending overtook is refused, and so is the next', async (site) => {
      for (let round = 0; round < 5; round += 1) {
        const client = await site.enter(`user${round}`)
        site.taps[1].set('deaf')
        site.clock.suspend(SETTLED)
        const held = site.taps[1].hold(lookup)
        const late = wordOf(site.nodes[1].authenticate(client.carrier))
        await held.reached
        site.taps[1].set('up')
        await site.clock.advance(1100)
        await site.patiently(site.auth.end(client.sessionId))
        held.release()
        assert.equal(await late, 'session_revoked')
        assert.equal(await ask(site.nodes[1], client), 'session_revoked')
      }
    })

    test('P7 SL-08: renewing while it is signed out brings nothing back', async (site) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const client = await site.enter(`user${round}`)
        const found = await who(site.nodes[1], client)
        const [given] = await site.patiently(
          Promise.all([site.nodes[1].renew(found), site.auth.signOut(client.carrier), ask(site.nodes[1], client)]),
        )
        await dead(site, client, given, 'signed_out')
      }
    })

    test('P7 SL-08: whoever was let in before the end and renews after it is refused', async (site) => {
      const client = await site.enter('ann')
      const found = await who(site.nodes[1], client)
      await site.patiently(site.auth.signOut(client.carrier))
      assert.equal(await wordOf(site.nodes[1].renew(found)), 'signed_out')
      await dead(site, client, null, 'signed_out')
    })

    test('P7 SL-08: a re-authentication whose password is still being checked when it ends', async (site) => {
      const client = await site.signUp('ann')
      const found = await who(site.nodes[1], client)
      const held = site.taps[1].hold('credentials.find')
      const proving = site.nodes[1].reauthenticate(found, PASSWORD)
      await held.reached
      await site.patiently(site.auth.end(client.sessionId))
      held.release()
      await dead(site, client, await site.patiently(proving), 'session_revoked')
    })

    test('P7 SL-08: a password change that a lock overtakes', async (site) => {
      const client = await site.signUp('ann')
      const found = await who(site.nodes[1], client)
      const held = site.taps[1].hold('credentials.find')
      const change = { currentPassword: PASSWORD, newPassword: 'quite another passphrase' }
      const changing = site.nodes[1].changePassword(found, change)
      await held.reached
      must(await site.patiently(site.auth.lock(client.userId)))
      held.release()
      await dead(site, client, await site.patiently(changing), 'user_locked')
    })

    test('P7 SL-08: what ends the others, while the session itself is ended', async (site) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const client = await site.enter(`user${round}`)
        const found = await who(site.nodes[1], client)
        const [given] = await site.patiently(
          Promise.all([site.nodes[1].endOthers(found), site.auth.signOut(client.carrier)]),
        )
        const next = given.ok ? handed(client, given.value.carried) : client
        for (const node of site.nodes) for (const one of [client, next]) assert.notEqual(await ask(node, one), 'in')
      }
    })

    test('P7 SL-08: a sign-in that a lock overtakes is born dead, and stays so once the user is unlocked', async (site) => {
      const { email, userId } = await site.signUp('ann')
      const held = site.taps[1].hold('users.findByEmail')
      const entering = site.nodes[1].signIn({ email, password: PASSWORD, transport })
      await held.reached
      must(await site.patiently(site.auth.lock(userId)))
      held.release()
      const given = await site.patiently(entering)
      if (!given.ok) return
      assert.ok(given.value.status === 'signed_in')
      const { session, carried } = given.value
      const late = handed({ userId, email, sessionId: session.id }, carried)
      await dead(site, late, null, 'user_locked')
      must(await site.patiently(site.auth.unlock(userId)))
      for (const node of site.nodes) assert.notEqual(await ask(node, late), 'in')
      if (strategy.refreshing !== null) {
        assert.notEqual(await wordOf(site.auth.refresh(late.carrier, late.refreshToken)), 'in')
      }
    })

    test(
      'P7 TE-03: a refresh and a sign-out at once leave nothing usable',
      async (site) => {
        for (let round = 0; round < ROUNDS; round += 1) {
          const client = await site.enter(`user${round}`)
          site.clock.suspend(31_000)
          const [given] = await site.patiently(
            Promise.all([
              site.nodes[1].refresh(client.carrier, client.refreshToken),
              site.auth.signOut(client.carrier),
              site.nodes[0].refresh(client.carrier, client.refreshToken),
            ]),
          )
          await dead(site, client, given, 'signed_out')
        }
      },
      { skip: rotates },
    )

    test(
      'P7 SL-08: a refresh that is about to be stored when the session ends',
      async (site) => {
        const client = await site.enter('ann')
        site.clock.suspend(31_000)
        const held = site.taps[1].hold('sessions.find')
        const refreshing = site.nodes[1].refresh(client.carrier, client.refreshToken)
        await held.reached
        await site.patiently(site.auth.end(client.sessionId))
        held.release()
        await dead(site, client, await site.patiently(refreshing), 'session_revoked')
      },
      { skip: rotates },
    )

    test('P7: activity that is written late does not bring back what ended', async (site) => {
      const client = await site.enter('ann')
      assert.equal(await ask(site.nodes[1], client), 'in')
      site.clock.suspend(5 * 60_000 - 2000)
      await site.clock.advance(1000)
      const current = alone ? client : await renewed(strategy, site.nodes[1], client)
      assert.equal(await ask(site.nodes[1], current), 'in')
      await site.patiently(site.auth.end(client.sessionId))
      await site.clock.advance(1000)
      for (const node of site.nodes) assert.equal(await ask(node, current), 'session_revoked')
      const record = await site.store.sessions.find((await who(site.auth, await site.enter('bea'))).session.id)
      assert.equal(record === null, alone)
    })
  })
}
