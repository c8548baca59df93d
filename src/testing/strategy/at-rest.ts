import assert from 'node:assert/strict'
import type { Page } from '../../source.ts'
import { ask, carrying, handed, must, secrets, who, wordOf } from './client.ts'
import { type Cases, PASSWORD, renewed, type Site } from './harness.ts'

/** A dump of the store opens nothing. */
export function atRestCases({ group, test, strategy }: Cases): void {
  /** A life in which credentials of every kind are handed out. Answers them all, and who is signed in at the end. */
  async function lived(site: Site) {
    const out: string[] = [PASSWORD]
    const first = await site.signUp('ann')
    const other = await site.enter('ann', { transport: 'bearer' })
    const third = await site.enter('bea', { transport: 'cookie' })
    const again = must(await site.patiently(site.auth.reauthenticate(await who(site.auth, first), PASSWORD)))
    const second = handed({ ...first, sessionId: again.session.id }, again.carried)
    site.clock.suspend(31_000)
    const last = [await renewed(strategy, site.auth, second), await renewed(strategy, site.auth, other)]
    for (const node of site.nodes) for (const client of [...last, third]) assert.equal(await ask(node, client), 'in')
    const gone = await site.enter('cy')
    await site.patiently(site.auth.signOut(gone.carrier))
    await site.clock.advance(1000)
    for (const client of [first, other, third, second, ...last, gone]) out.push(...secrets(client))
    return { handedOut: [...new Set(out)], clients: [...last, third] }
  }

  group('at rest', () => {
    test('P6: nothing that was handed out is in the store, in any of its forms', async (site) => {
      const { handedOut, clients } = await lived(site)
      const records = JSON.stringify(await everything(site))
      const bytes = `${records}\n${(await site.dump()) ?? ''}`
      for (const { sessionId, userId } of clients) {
        assert.ok(bytes.includes(userId), 'the dump holds what it should')
        if (strategy.keeps === 'record') assert.ok(bytes.includes(sessionId), 'the dump holds what it should')
      }
      for (const secret of handedOut) {
        for (const form of forms(secret)) assert.ok(!bytes.includes(form), 'a credential is at rest')
      }
    })

    test('P6: nothing that is in the store lets anybody in', async (site) => {
      const { clients } = await lived(site)
      const names = clients.flatMap(({ cookies }) => [...cookies.keys()])
      const found = texts(await everything(site)).filter((text) => text.length >= 16)
      assert.ok(found.length > 10)
      for (const text of found) {
        const carriers = [carrying({ bearer: text }), carrying({ cookies: new Map(names.map((name) => [name, text])) })]
        for (const carrier of carriers) {
          assert.notEqual(await ask(site.auth, { carrier }), 'in')
          assert.notEqual(await wordOf(site.auth.refresh(carrier, text)), 'in')
          assert.notEqual(await wordOf(site.auth.refresh(carrier, null)), 'in')
        }
      }
      for (const client of clients) assert.equal(await ask(site.auth, client), 'in')
    })
  })
}

/** Whatever the ports tell. */
async function everything({ store }: Site): Promise<unknown> {
  const all = async <T>(page: Promise<Page<T>>): Promise<readonly T[]> => (await page).items
  const users = await all(store.users.list({}, null, 100))
  const of = await Promise.all(
    users.map(async ({ id }) => [
      await store.credentials.list(id),
      await store.sessions.ofUser(id, 'active', 100),
      await store.sessions.ofUser(id, 'ended', 100),
    ]),
  )
  const rest = [
    await store.keys.list(),
    await store.services.list(),
    await all(store.denials.list(0, null, 100)),
    await all(store.audit.list({}, null, 200)),
  ]
  return [users, of, rest]
}

/** A credential as it was handed out, and what is secret in it, as text, base64, hex and bytes. */
function forms(secret: string): readonly string[] {
  const parts = secret.split('.')
  const whole = parts.length === 1 ? [Buffer.from(secret, 'base64url').subarray(-32)] : []
  const signed = parts.slice(1).map((part) => Buffer.from(part, 'base64url'))
  const bytes = [Buffer.from(secret), ...whole, ...signed].filter(({ length }) => length >= 16)
  return bytes.flatMap((raw) => [
    raw.toString('latin1'),
    raw.toString('hex'),
    raw.toString('base64url'),
    raw.toString('base64'),
  ])
}

function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return [...new Set(Object.values(value).flatMap(texts))]
}
