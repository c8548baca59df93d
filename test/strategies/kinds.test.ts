import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createAuth } from '../../src/create-auth.ts'
import { ALGORITHMS, generateKey, macKey, sealing, unseal } from '../../src/crypto.ts'
import { ConfigurationError } from '../../src/errors.ts'
import type { SignedIn } from '../../src/flows/issue.ts'
import type { Options } from '../../src/options.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { session } from '../../src/strategies/session.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { encryption } from '../../src/tokens/encryption.ts'
import { BASE, cookieOf, holding, must, PASSWORD, SECRET } from '../support/house.ts'
import { headerOf, jws, material, part, read } from '../support/signed.ts'
import { bearer, begin, beginWithOwnKeys, codeOf, entered, headers, key, stranger, tokenIn } from './installation.ts'

describe('JW-14, KM-09: what is made for one thing', () => {
  it('is good for nothing else, under no strategy, in no place', async () => {
    const shared = { store: memory(), clock: manualClock() }
    const houses = {
      session: await begin(session(), shared),
      jwt: await begin(jwt(), shared),
      hybrid: await begin(hybrid(), shared),
      encrypted: await begin(jwt({ encrypt: true }), shared),
    }
    const made: { kind: string; owner: string; text: string }[] = []
    for (const [owner, one] of Object.entries(houses)) {
      const given = { email: `${owner}@example.com`, password: PASSWORD, transport: 'bearer' } as const
      const { carried, session: own } = must(await one.auth.signUp(given))
      const { accessToken, refreshToken } = carried.tokens ?? {}
      made.push({ kind: 'access', owner, text: accessToken as string })
      if (refreshToken) made.push({ kind: 'refresh', owner, text: refreshToken })
      made.push({ kind: 'csrf', owner, text: one.auth.csrfToken(own.id) }, { kind: 'id', owner, text: own.id })
      if (owner === 'jwt' || owner === 'hybrid') {
        const { payload } = read(accessToken as string)
        for (const typ of ['JWT', 'logout+jwt', 'dpop+jwt', 'dbsc+jwt', 'secevent+jwt', undefined]) {
          made.push({ kind: `${typ}`, owner, text: jws(key, headerOf(key, { typ }), payload) })
        }
      }
    }
    for (const [name, one] of Object.entries(houses)) {
      const own = made.find(({ kind, owner }) => kind === 'access' && owner === name)
      expect(await codeOf(one.auth, bearer(own?.text as string))).toBe('in')
      for (const { kind, owner, text } of made) {
        const what = `${kind} of ${owner} under ${name}`
        if (!(kind === 'access' && owner === name)) {
          for (const cookie of ['__Host-sid', '__Host-at', '__Secure-rt', '__Host-rt']) {
            expect(await codeOf(one.auth, holding({ cookie: `${cookie}=${text}` })), what).toBe('unauthenticated')
          }
          expect(await codeOf(one.auth, bearer(text)), what).toBe('unauthenticated')
        }
        const refreshes = kind === 'refresh' && owner === name
        if (!refreshes) expect((await one.auth.refresh(headers({}), text)).ok, what).toBe(false)
        expect((await one.auth.resetPassword({ token: text, newPassword: 'a third long passphrase' })).ok, what).toBe(
          false,
        )
        for (const other of made.filter((one_) => one_.kind === 'id')) {
          const fits = kind === 'csrf' && owner === other.owner
          expect(one.auth.csrfTokenFits(other.text, text), what).toBe(fits)
        }
        expect(unseal(sealing([SECRET]), text, `signing key ${key.kid}`), what).toBeNull()
      }
    }
  })
})

describe('JW-21: encryption', () => {
  it('is off unless it is asked for, and each way refuses what the other makes', async () => {
    const shared = { store: memory(), clock: manualClock() }
    const plain = await begin(jwt(), shared)
    const encrypting = await begin(jwt({ encrypt: true }), shared)
    const both = await begin(hybrid(), shared)
    const [ada, bob] = [await plain.enter('ada'), await encrypting.enter('bob')]
    expect(tokenIn(ada.cookie).split('.')).toHaveLength(3)
    expect(tokenIn(bob.cookie).split('.')).toHaveLength(5)
    expect(Buffer.from(tokenIn(bob.cookie), 'base64url').includes(bob.signedIn.user.id)).toBe(false)
    for (const [one, own, other] of [
      [plain, ada, bob],
      [encrypting, bob, ada],
    ] as const) {
      expect(await codeOf(one.auth, own.carrier)).toBe('in')
      expect(await codeOf(one.auth, bearer(tokenIn(own.cookie)))).toBe('in')
      expect(await codeOf(one.auth, other.carrier)).toBe('unauthenticated')
      expect(await codeOf(one.auth, bearer(tokenIn(other.cookie)))).toBe('unauthenticated')
    }
    for (const { carrier, cookie } of [ada, bob]) {
      expect(await codeOf(both.auth, carrier)).toBe('unauthenticated')
      expect(await codeOf(both.auth, bearer(tokenIn(cookie)))).toBe('unauthenticated')
    }
  })

  it('P5 TO-08: is judged at the instant it is open, however long that takes', async () => {
    const one = await begin(jwt({ encrypt: true }))
    const { carrier } = await one.enter('ada')
    expect(await codeOf(one.auth, carrier)).toBe('in')
    const again = must(await one.auth.signIn({ email: 'ada@example.com', password: PASSWORD })) as SignedIn
    const answer = one.auth.authenticate(holding({ cookie: cookieOf(again) }))
    expect(answer).toBeInstanceOf(Promise)
    one.clock.step(31 * 60_000)
    expect(await answer).toMatchObject({ ok: false, refusal: { code: 'session_expired_idle' } })
  })

  it('makes nothing true: what is inside has to be signed by a key of ours', async () => {
    const one = await begin(jwt({ encrypt: true }))
    const plain = await begin(jwt(), { store: one.store, clock: one.clock })
    const { token, payload } = await entered(plain, 'ada')
    const wrap = (inner: string) => encryption([macKey(SECRET, 'token encryption')]).make(inner)
    expect(await codeOf(one.auth, bearer(await wrap(token)))).toBe('in')
    const input = `${part({ typ: 'at+jwt', alg: 'none', kid: key.kid })}.${part(payload)}`
    const inside = [
      `${input}.`,
      input,
      jws(stranger, headerOf(key), payload),
      jws(key, headerOf(key, { typ: 'JWT' }), payload),
      JSON.stringify(payload),
      await wrap(token),
      '',
    ]
    for (const inner of inside) expect(await codeOf(one.auth, bearer(await wrap(inner)))).toBe('unauthenticated')
  })

  it('ends with the session as everything else does', async () => {
    const one = await begin(jwt({ encrypt: true }))
    const { carrier } = await one.enter('ada')
    expect(await codeOf(one.auth, carrier)).toBe('in')
    await one.patiently(one.auth.signOut(carrier))
    expect(await codeOf(one.auth, carrier)).toBe('signed_out')
  })
})

describe('keys of an installation', () => {
  it.each(ALGORITHMS)('KM-03: show what is public of %s, and nothing of a shared secret', async (alg) => {
    const own = await generateKey(alg)
    const one = await begin(hybrid(), {}, own)
    const published = await one.auth.keys.published()
    expect(published).toHaveLength(alg === 'HS256' ? 0 : 1)
    for (const jwk of published) {
      expect(jwk).toMatchObject({ kid: own.kid, alg, use: 'sig' })
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth']) expect(jwk).not.toHaveProperty(secret)
    }
    expect(await codeOf(one.auth, (await one.enter('ada')).carrier)).toBe('in')
  })

  it('KM-05, JW-20: that are weak, public, ambiguous or mixed do not start', async () => {
    const shared = await generateKey('HS256')
    const { key: jwk } = material(key) as { key: Record<string, unknown> }
    const wrong = [
      [material(key), material(key)],
      [material(key), material(shared)],
      [{ key: 'secret', alg: 'HS256' }],
      [{ key: 'changeme'.repeat(5), alg: 'HS256' }],
      [{ key: { ...jwk, d: undefined } }],
      [{ key: { ...jwk, use: 'enc' } }],
      [{ key: jwk, alg: 'ES256' }],
    ] as NonNullable<NonNullable<Options['keys']>['import']>[]
    for (const keys of wrong) {
      const options = { store: memory(), strategy: jwt(), baseUrl: BASE, secret: SECRET, keys: { import: keys } }
      expect(() => createAuth(options)).toThrow(ConfigurationError)
      expect(() => createAuth(options)).toThrow(/^keys\.import/)
    }
  })

  it('KM-08: are sealed where they are kept, and shown by nothing', async () => {
    const one = await beginWithOwnKeys(jwt())
    await one.enter('ada')
    const [record] = await one.store.keys.list()
    const text = unseal(sealing([SECRET]), record?.sealed as string, `signing key ${record?.kid}`)
    const { d } = JSON.parse(text as string) as { d: string }
    expect(d).toMatch(/^[\w-]{43}$/)
    expect(unseal(sealing([SECRET]), record?.sealed as string, 'signing key of another')).toBeNull()
    const shown = [
      JSON.stringify(record),
      inspect(one.auth, { depth: 12, showHidden: true }),
      JSON.stringify([await one.auth.keys.list(), await one.auth.keys.published(), one.events]),
      JSON.stringify(await one.auth.audit({}, null, 100)),
    ].join('\n')
    for (const secret of [d, Buffer.from(d, 'base64url').toString('hex'), SECRET]) expect(shown).not.toContain(secret)
  })
})
