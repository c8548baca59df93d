import assert from 'node:assert/strict'
import { altered, ask, bringing, type Client, carrying, handed, must, who, wordOf } from './client.ts'
import { type Cases, PASSWORD, renewed, type Site } from './harness.ts'

/** Longer than any access token here lasts, shorter than a session may be idle. */
const LATER = 16 * 60_000

/** Ending needs less than using, and no less than a credential that once was genuine. */
export function signingOutCases({ group, test, strategy }: Cases): void {
  const noEnd = strategy.tokenLife === null ? 'its token is good for as long as its session is' : null
  const rotates = strategy.refreshing === null ? 'it has no refresh tokens' : null

  /** Every credential the client holds, as the one of a request. */
  const each = ({ bearer, refreshToken, cookies }: Client) => [
    ...[bearer, refreshToken].flatMap((token) => (token === null ? [] : [carrying({ bearer: token })])),
    ...[...cookies].map((one) => carrying({ cookies: new Map([one]) })),
  ]

  async function proved(site: Site, client: Client): Promise<Client> {
    await site.clock.advance(1000)
    const again = await site.patiently(site.auth.reauthenticate(await who(site.auth, client), PASSWORD))
    return handed(client, must(again).carried)
  }

  group('signing out', () => {
    test(
      'TE-04: an access token that is over still signs out, what was renewed since included',
      async (site) => {
        const client = await site.enter('ann')
        site.clock.suspend(LATER - 5 * 60_000)
        const next = await renewed(strategy, site.auth, client)
        site.clock.suspend(5 * 60_000)
        assert.notEqual(await ask(site.auth, client), 'in')
        const held = strategy.refreshing === null ? next : await renewed(strategy, site.auth, next)
        assert.equal(await ask(site.nodes[1], held), 'in')
        await site.clock.advance(1000)
        const [access] = each(client)
        assert.equal((await site.patiently(site.auth.signOut(access ?? client.carrier))).ended, true)
        for (const node of site.nodes) assert.equal(await ask(node, held), 'signed_out')
      },
      { skip: noEnd },
    )

    test(
      'TE-04: the refresh token alone signs out, also one that was spent',
      async (site) => {
        for (const label of ['ann', 'bea']) {
          const client = await site.enter(label)
          site.clock.suspend(31_000)
          const next = label === 'ann' ? client : await renewed(strategy, site.auth, client)
          assert.equal(await ask(site.nodes[1], next), 'in')
          await site.clock.advance(1000)
          const refreshing = each(client)[1] ?? assert.fail()
          assert.equal((await site.patiently(site.auth.signOut(refreshing))).ended, true)
          for (const node of site.nodes) assert.equal(await ask(node, next), 'signed_out')
          assert.equal(await wordOf(site.auth.refresh(next.carrier, next.refreshToken)), 'signed_out')
        }
      },
      { skip: rotates },
    )

    test('TE-04: the token from before a re-authentication signs out what goes on since', async (site) => {
      for (const label of ['ann', 'bea']) {
        const client = await site.signUp(label)
        const next = await proved(site, client)
        // A session token is recognised as long as it is the one before the newest; what is signed, as long as it could be good.
        const held =
          label === 'ann' || strategy.tokenLife === null ? next : await proved(site, await proved(site, next))
        for (const node of site.nodes) assert.equal(await ask(node, held), 'in')
        assert.equal((await site.patiently(site.auth.signOut(client.carrier))).ended, true)
        for (const node of site.nodes) assert.equal(await ask(node, held), 'signed_out')
      }
    })

    test('TE-04 P7: or what is about to go on, when it is re-authenticated at once', async (site) => {
      const client = await site.signUp('ann')
      const next = await proved(site, client)
      const before = await who(site.nodes[1], next)
      const again = site.nodes[1].reauthenticate(before, PASSWORD)
      // Whichever comes first, a session token is recognised as long as it is the one before the newest.
      const held = strategy.tokenLife === null ? next : client
      const [given] = await site.patiently(Promise.all([again, site.auth.signOut(held.carrier)]))
      for (const node of site.nodes) {
        assert.notEqual(await ask(node, next), 'in')
        if (given.ok) assert.equal(await ask(node, handed(next, given.value.carried)), 'signed_out')
      }
    })

    test('TE-04: what was tampered with ends nothing, and gets the same answer', async (site) => {
      const client = await site.enter('ann')
      const empty = await site.patiently(site.auth.signOut(bringing({})))
      for (const part of [0.1, 0.5, 0.7, 0.9, 0.97]) {
        const tampered = {
          ...client,
          bearer: client.bearer && altered(client.bearer, part),
          refreshToken: client.refreshToken && altered(client.refreshToken, part),
          cookies: new Map([...client.cookies].map(([name, value]) => [name, altered(value, part)])),
        }
        for (const carrier of each(tampered)) {
          assert.deepEqual(await site.patiently(site.auth.signOut(carrier)), { ...empty, ended: false })
          for (const node of site.nodes) assert.equal(await ask(node, client), 'in')
        }
      }
      assert.equal(await ask(site.auth, await renewed(strategy, site.auth, client)), 'in')
    })

    test(
      'KM-02: what a removed key signed ends nothing either',
      async (site) => {
        const client = await site.enter('ann')
        for (const node of site.nodes) assert.equal(await ask(node, client), 'in', 'known, so not read anew')
        const signing = (await site.auth.keys.list()).find(({ state }) => state === 'signing') ?? assert.fail()
        await site.patiently(site.auth.keys.remove(signing.kid))
        const [access] = each(client)
        assert.equal((await site.patiently(site.auth.signOut(access ?? client.carrier))).ended, false)
        if (strategy.refreshing !== null) {
          assert.equal(await ask(site.nodes[1], await renewed(strategy, site.auth, client)), 'in')
        }
      },
      { skip: strategy.tokenLife === null ? 'it signs nothing, so there is no key to remove' : null },
    )

    test('SL-01: signing in again in the same browser ends the session it carried', async (site) => {
      const browser = await site.signUp('ann', { transport: 'cookie' })
      const given = { email: browser.email, password: 'a long enough passphrase' }
      const again = await site.patiently(site.auth.signIn(given, {}, browser.carrier))
      assert.ok(again.ok)
      for (const node of site.nodes) assert.equal(await ask(node, browser), 'signed_out')
    })
  })
}
