import assert from 'node:assert/strict'
import { sha256 } from '../../crypto.ts'
import type { SessionId } from '../../session.ts'
import { memory } from '../../stores/memory/memory.ts'
import { hybrid } from '../../strategies/hybrid.ts'
import { jwt } from '../../strategies/jwt.ts'
import { session } from '../../strategies/session.ts'
import { sessionToken } from '../../wire/token.ts'
import { altered, ask, bringing, type Client, carrying, secrets, wordOf } from './client.ts'
import type { Cases, Site } from './harness.ts'

/** What every stranger hears, whatever is wrong with what they brought. */
const stranger = { ok: false, refusal: { code: 'unauthenticated', presented: true } }

/** Credentials that are not, or not of this kind, or not from here. */
export function strangerCases({ group, test, strategy, transport }: Cases): void {
  const rotates = strategy.refreshing === null ? 'it has no refresh tokens' : null

  /** Brings one text as the client would bring its access token: as a bearer token, or in the first of its cookies. */
  function bring({ bearer, cookies }: Client, text: string) {
    const [name = ''] = cookies.keys()
    return bearer === null ? bringing({ cookie: `${name}=${text}` }) : bringing({ authorization: `Bearer ${text}` })
  }

  const accessOf = (client: Client) => secrets(client)[0] ?? ''

  async function isRefused(site: Site, client: Client, texts: readonly string[]): Promise<void> {
    for (const text of texts) {
      for (const node of site.nodes) {
        assert.deepEqual(
          await node.authenticate(bring(client, text)),
          stranger,
          `${text.slice(0, 40)} gets no other answer`,
        )
      }
    }
    assert.equal(await ask(site.auth, client), 'in')
  }

  group('strangers', () => {
    test('ER-04: forged, garbled and truncated credentials all get the same answer', async (site) => {
      const client = await site.enter('ann')
      const token = accessOf(client)
      const parts = Array.from({ length: 40 }, (_, i) => altered(token, (i + 0.5) / 40))
      const cut = [token.slice(0, -1), token.slice(1), token.slice(0, token.length / 2), token.slice(0, 8)]
      const more = [`${token}A`, `A${token}`, `${token}.`, `.${token}`, token + token, `${token}=`]
      const made = ['A', '.', '..', '...', 'null', '__proto__', 'A'.repeat(63), 'A'.repeat(64), 'A'.repeat(20_000)]
      await isRefused(site, client, [...parts, ...cut, ...more, ...made, token.toUpperCase(), token.toLowerCase()])
    })

    test("ER-04: what another installation issued, with other secrets or another store, is nobody's", async (site) => {
      const client = await site.enter('ann')
      const foreign = [
        await site.install({ store: memory(), secret: 'some-other-secret-9876543210-zyxwvutsrq' }),
        await site.install({ store: memory() }),
      ]
      for (const other of foreign) {
        const theirs = await other.enter('ann')
        assert.equal(await ask(other.auth, theirs), 'in')
        await isRefused(site, client, [accessOf(theirs)])
        if (strategy.refreshing !== null) {
          assert.deepEqual(await site.auth.refresh(theirs.carrier, theirs.refreshToken), stranger)
        }
        assert.equal((await site.patiently(site.auth.signOut(theirs.carrier))).ended, false)
      }
    })

    test(
      "JW-12 JW-13: what was signed for another address is nobody's here, though the keys are the same",
      async (site) => {
        const client = await site.enter('ann')
        const other = await site.install({ baseUrl: 'https://other.example' })
        const theirs = await other.enter('ann')
        assert.equal(await ask(other.auth, theirs), 'in')
        await isRefused(site, client, [accessOf(theirs)])
      },
      { skip: strategy.tokenLife === null ? 'its token says nothing, so it names no audience' : null },
    )

    test('JW-14: no public handle, proof or digest stands for a credential', async (site) => {
      const client = await site.enter('ann')
      const { sessionId, userId } = client
      const kids = (await site.auth.keys.list()).map(({ kid }) => kid)
      const others = [sessionId, userId, site.auth.csrfToken(sessionId), sha256(accessOf(client)), ...kids]
      await isRefused(site, client, [...others, sessionToken(sessionId as SessionId)])
      for (const text of others) {
        assert.notEqual(await wordOf(site.auth.refresh(carrying({ bearer: text }), text)), 'in')
        assert.equal((await site.patiently(site.auth.signOut(bring(client, text)))).ended, false)
      }
      assert.equal(await ask(site.auth, client), 'in')
    })

    test("JW-14: the tokens of another strategy are nobody's where it is not accepted", async (site) => {
      const client = await site.enter('ann')
      for (const made of [session(), hybrid(), jwt()]) {
        const other = await site.install({ strategy: made })
        if (other.auth.setting.strategy === strategy.name) continue
        const theirs = await other.enter('ann')
        assert.equal(await ask(other.auth, theirs), 'in')
        for (const secret of secrets(theirs)) {
          assert.equal(await ask(site.auth, { carrier: bring(client, secret) }), 'unauthenticated')
          assert.notEqual(await wordOf(site.auth.refresh(bringing({}), secret)), 'in')
        }
      }
      assert.equal(await ask(site.auth, client), 'in')
    })

    test(
      'JW-14: a refresh token is no access token, nor the other way round',
      async (site) => {
        const client = await site.enter('ann')
        const [access = '', refresh = ''] = secrets(client)
        await isRefused(site, client, [refresh])
        assert.deepEqual(await site.auth.refresh(bringing({}), access), stranger)
        const [, name = ''] = client.cookies.keys()
        if (transport === 'cookie') {
          assert.deepEqual(await site.auth.refresh(bringing({ cookie: `${name}=${access}` }), null), stranger)
        }
        assert.equal(await wordOf(site.auth.refresh(client.carrier, client.refreshToken)), 'in')
      },
      { skip: rotates },
    )

    test(
      "RT-07: a refresh token that was changed anywhere is nobody's, and touches nothing",
      async (site) => {
        const client = await site.enter('ann')
        const [, refresh = ''] = secrets(client)
        site.clock.suspend(31_000)
        for (let i = 0; i < 38; i += 1) {
          const answer = await site.auth.refresh(bringing({}), altered(refresh, (i + 0.5) / 38))
          assert.deepEqual(answer, stranger)
        }
        for (const text of ['', refresh.slice(1), `${refresh}A`]) {
          assert.equal(await wordOf(site.auth.refresh(bringing({}), text)), 'unauthenticated')
        }
        assert.equal(await wordOf(site.auth.refresh(client.carrier, client.refreshToken)), 'in')
      },
      { skip: rotates },
    )

    test('CS-11: a bad Authorization header never falls back to a good cookie', async (site) => {
      const browser = await site.enter('ann', { transport: 'cookie' })
      const other = await site.enter('bea', { transport: 'bearer' })
      const cookie = browser.carrier.get('cookie') ?? ''
      const good = other.bearer ?? ''
      const bad = [
        '',
        'Basic YTpi',
        'Bearer',
        'Bearer nonsense',
        `Bearer ${altered(good, 0.9)}`,
        `Bearer ${good}, Bearer ${good}`,
      ]
      for (const authorization of [...bad, good, `Token ${good}`]) {
        assert.deepEqual(await site.auth.authenticate(bringing({ cookie, authorization })), stranger)
      }
      const both = await site.auth.authenticate(bringing({ cookie, authorization: `Bearer ${good}` }))
      assert.ok(both.ok && both.value.user.id === other.userId, 'the header alone counts')
    })

    test("CK-07: a protected cookie that comes twice is nobody's", async (site) => {
      const browser = await site.enter('ann', { transport: 'cookie' })
      const [[name, value] = ['', '']] = browser.cookies
      for (const pair of [`${name}=${value}`, `${name}=x`]) {
        for (const cookie of [`${name}=${value}; ${pair}`, `${pair}; ${name}=${value}`]) {
          assert.deepEqual(await site.auth.authenticate(bringing({ cookie })), stranger)
        }
      }
      assert.equal(await ask(site.auth, browser), 'in')
    })
  })
}
