import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import type { Auth } from '../../src/auth.ts'
import { createAuth } from '../../src/create-auth.ts'
import { generateKey, readKey } from '../../src/crypto.ts'
import type { Options } from '../../src/options.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { BASE, cookieOf, type House, holding, house, must, PASSWORD, SECRET } from '../support/house.ts'
import { DAY, HOUR, keysKept, kidOf, MINUTE, pass, states } from '../support/keys.ts'

const OTHER_SECRET = 'other-secret-9876543210-zyxwvutsrqponml'

const open: House[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function begin(options: Parameters<typeof house>[0] = {}): Promise<House> {
  const one = await house({ strategy: jwt(), ...options })
  open.push(one)
  return one
}

describe('the keys of an installation', () => {
  it('KM-01: follow one another without an outage: published, signing, verifying, gone', async () => {
    const timeouts = { idle: '1h', absolute: '29d' } as const
    const { auth, clock, enter } = await begin({ timeouts, keys: { rotateEvery: '2d', publishFor: '2h' } })
    const first = await enter('ada')
    expect(await states(auth)).toEqual(['signing'])
    const session = must(await auth.authenticate(first.carrier))
    const again = async () => {
      const outcome = must(await auth.signIn({ email: session.user.email, password: PASSWORD }))
      if (outcome.status !== 'signed_in') throw new Error(outcome.status)
      return cookieOf(outcome)
    }
    await pass(clock, 2 * DAY - HOUR)
    await keysKept(auth, 2)
    expect(await states(auth)).toEqual(['signing', 'published'])
    expect(await auth.keys.published()).toHaveLength(2)
    // Still the first one: the next is not everywhere yet.
    const before = await again()
    expect(kidOf(before)).toBe(kidOf(first.cookie))
    await pass(clock, HOUR + 10 * MINUTE)
    expect(await states(auth)).toEqual(['verifying', 'signing'])
    const after = await again()
    expect(kidOf(after)).not.toBe(kidOf(before))
    expect(must(await auth.authenticate(holding({ cookie: after }))).user.id).toBe(session.user.id)
    await pass(clock, HOUR)
    expect(await states(auth)).toEqual(['signing'])
    expect(await auth.keys.published()).toHaveLength(1)
  })

  it('KM-02: a removed key opens nothing any more, at once and on every node; the others go on', async () => {
    const { auth, nodes, enter, patiently } = await begin({ nodes: 2 })
    const [, other] = nodes as [Auth, Auth]
    const { carrier, cookie } = await enter('ada')
    for (const node of nodes) must(await node.authenticate(carrier))
    must(await patiently(auth.keys.remove(kidOf(cookie))))
    for (const node of nodes) {
      expect(await node.authenticate(carrier)).toMatchObject({ refusal: { code: 'unauthenticated' } })
    }
    const again = await enter('bea')
    expect(kidOf(again.cookie)).not.toBe(kidOf(cookie))
    must(await other.authenticate(again.carrier))
    expect(await auth.keys.remove('nobody-knows-it')).toMatchObject({ refusal: { code: 'not_found' } })
  })

  it('KM-02: under hybrid the refresh token gets a token of another key', async () => {
    const { auth, patiently, enter } = await begin({ strategy: hybrid() })
    const { signedIn, cookie } = await enter('ada')
    const [, refresh = ''] = signedIn.carried.cookies.map((one) => one.split(';')[0])
    must(await patiently(auth.keys.remove(kidOf(cookie))))
    const next = must(await auth.refresh(holding({ cookie: refresh }), null))
    must(await auth.authenticate(holding({ cookie: cookieOf(next) })))
  })

  it('KM-01: of many nodes at the instant of rotation one makes the key, and all sign with it', async () => {
    const { nodes, clock } = await begin({ nodes: 6, keys: { rotateEvery: '2d', publishFor: '2h' } })
    await pass(clock, 2 * DAY - HOUR)
    await keysKept(nodes[0] as Auth, 2)
    const lists = await Promise.all(nodes.map((node) => node.keys.list()))
    for (const list of lists) expect(list).toEqual(lists[0])
    expect(lists[0]).toHaveLength(2)
  })

  it('KM-08: nothing private is in the store, in events, or in what a key prints', async () => {
    const { auth, store, events } = await begin({ keys: { alg: 'ES256' } })
    const [record] = await store.keys.list()
    const { d } = (await generateKey('ES256')).secret.export({ format: 'jwk' })
    expect(d).toHaveLength(43)
    expect(record?.sealed).toMatch(/^1\./)
    expect(JSON.stringify([record, events, await auth.keys.list(), await auth.keys.published()])).not.toMatch(
      /"d"|PRIVATE/,
    )
    expect(() => readKey(record?.sealed ?? '')).toThrow()
  })

  it('KM-08: the master secret is rotated in two roll-outs, and nobody is signed out', async () => {
    const [store, clock] = [memory(), manualClock()]
    const make = (secret: string | string[], more: Partial<Options> = {}) => begin({ store, clock, secret, ...more })
    const one = await make(SECRET)
    const { carrier, cookie } = await one.enter('ada')
    const two = await make([OTHER_SECRET, SECRET])
    must(await two.auth.authenticate(carrier))
    await clock.advance(61_000)
    const three = await make(OTHER_SECRET)
    must(await three.auth.authenticate(carrier))
    expect(kidOf((await three.enter('bea')).cookie)).toBe(kidOf(cookie))
  })

  it('fails closed when the master secret is not the one the keys were sealed with, and makes no other key', async () => {
    const [store, clock] = [memory(), manualClock()]
    await begin({ store, clock })
    const stranger = createAuth({ store, clock, strategy: jwt(), baseUrl: BASE, secret: OTHER_SECRET })
    await expect(stranger.ready()).rejects.toThrow(/master secret/)
    expect(await stranger.health()).toMatchObject({ keys: false })
    expect(await store.keys.list()).toHaveLength(1)
    await stranger.close()
  })

  it('takes one shared HS256 secret, which several servers sign and verify with, and publishes nothing of it (KM-03)', async () => {
    const keys = { import: [{ key: 'a shared secret of 48 characters: 0123456789abcd', alg: 'HS256' as const }] }
    const [one, two] = [await begin({ keys }), await begin({ keys })]
    const { cookie } = await one.enter('ada')
    expect(await one.auth.keys.published()).toEqual([])
    expect(kidOf(cookie)).toBe((await two.auth.keys.list())[0]?.kid)
    expect(await one.auth.keys.rotate()).toMatchObject({ refusal: { code: 'not_supported' } })
  })

  it('KM-02: an imported key that was removed stays removed, also after a restart', async () => {
    const [store, clock] = [memory(), manualClock()]
    const pem = (await generateKey('EdDSA')).secret.export({ type: 'pkcs8', format: 'pem' }) as string
    const keys = { import: [{ key: pem }] }
    const one = await begin({ store, clock, keys })
    const { carrier, cookie } = await one.enter('ada')
    must(await one.patiently(one.auth.keys.remove(kidOf(cookie))))
    const again = await begin({ store, clock, keys })
    for (const [i, { auth }] of [one, again].entries()) {
      expect((await auth.authenticate(carrier)).ok).toBe(false)
      expect(await states(auth)).toEqual(['removed'])
      await expect(
        auth.signUp({ email: `bea${i}@example.com`, password: 'a long enough passphrase' }),
      ).rejects.toThrow()
    }
  })

  it.each([
    [{ alg: 'RS1' as never }, /keys\.alg is 'RS1': write one of EdDSA/],
    [{ rotateEvery: '1h', publishFor: '1h' } as const, /keys\.publishFor .* is not shorter than keys\.rotateEvery/],
    [{ import: [{ key: 'secret', alg: 'HS256' }] } as const, /keys\.import\[0\] is shorter than 32 bytes/],
    [{ leeway: '61s' } as const, /keys\.leeway is 61000 ms: write at most '60s'/],
  ])('JW-11, JW-20: refuses %o at the start', (keys, message) => {
    const options = { store: memory(), strategy: jwt(), baseUrl: BASE, secret: SECRET, keys }
    expect(() => createAuth(options)).toThrow(message)
  })

  it('KM-05: refuses keys of which one cannot be told from the other, and repeats nothing of them', async () => {
    const pem = async () => (await generateKey('EdDSA')).secret.export({ type: 'pkcs8', format: 'pem' }) as string
    const [one, other, shared] = [await pem(), await pem(), 'a shared secret of 48 characters: 0123456789abcd']
    const wrong = [
      [[{ key: one }, { key: one }], /keys\.import has two keys of one kid/],
      [
        [
          { key: one, kid: 'a' },
          { key: other, kid: 'a' },
        ],
        /keys\.import has two keys of one kid/,
      ],
      [[{ key: one }, { key: shared, alg: 'HS256' as const }], /keys\.import mixes shared secrets with private keys/],
    ] as const
    for (const [imported, message] of wrong) {
      const options = { store: memory(), strategy: jwt(), baseUrl: BASE, secret: SECRET, keys: { import: imported } }
      expect(() => createAuth(options)).toThrow(message)
      try {
        createAuth(options)
      } catch (fault) {
        for (const line of [...one.split('\n').slice(1, 2), shared]) expect(inspect(fault)).not.toContain(line)
      }
    }
  })
})
