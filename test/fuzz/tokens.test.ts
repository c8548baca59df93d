import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateKey, sign } from '../../src/crypto.ts'
import type { StrategyFactory } from '../../src/options.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { type House, holding, house, must, PASSWORD } from '../support/house.ts'
import { headerOf, jws, material, part, read } from '../support/signed.ts'

const RUNS = { seed: 20_261_120, numRuns: 5000 }
const STRATEGIES: readonly (readonly [string, () => StrategyFactory])[] = [
  ['jwt', () => jwt()],
  ['jwt, encrypted', () => jwt({ encrypt: true })],
  ['hybrid', () => hybrid()],
]

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const CHARACTERS = [...ALPHABET, '.', '=', '+', '/', ' ', '\n', '\0', '~', '\u00c1', '\u0141', '\ud800', ',', ';']

/** Pieces that get further into a reader of tokens than random characters do. */
const PIECES = ['.', '..', '....', part('{}'), part('[]'), part({ alg: 'none' }), part({ typ: 'at+jwt', alg: 'none' })]

const key = await generateKey('EdDSA')
const stranger = { ...(await generateKey('EdDSA')), kid: key.kid }

/** Tokens nobody here has made, out of tokens that were. */
function untrue(good: readonly string[], payload: object): fc.Arbitrary<string> {
  const known = fc.constantFrom(...good)
  const arbitrary = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: fc.constantFrom(...ALPHABET, '.'), maxLength: 300 }),
    fc
      .array(fc.constantFrom(...PIECES, ...good.flatMap((text) => text.split('.'))), { maxLength: 8 })
      .map((all) => all.join('')),
  )
  const character = fc.constantFrom(...CHARACTERS)
  const mutated = fc
    .tuple(known, fc.array(fc.tuple(fc.nat(), character, fc.nat(2)), { minLength: 1, maxLength: 4 }))
    .map(([text, changes]) =>
      changes.reduce((made, [at, other, taken]) => {
        const place = at % (made.length + 1)
        return made.slice(0, place) + other + made.slice(place + taken)
      }, text),
    )
  const spliced = fc.oneof(
    fc.tuple(known, known, fc.nat(), fc.nat()).map(([a, b, i, j]) => a.slice(0, i % a.length) + b.slice(j % b.length)),
    fc.tuple(known, known, fc.nat(4)).map(([a, b, at]) =>
      a
        .split('.')
        .with(at % a.split('.').length, b.split('.')[at] ?? '')
        .join('.'),
    ),
  )
  // Whatever it says, under a header that is good: by another key, by a mutated signature, or by ours for other kinds.
  const says = fc.oneof(
    fc.constant(payload),
    fc
      .dictionary(fc.constantFrom(...Object.keys(payload), '__proto__', 'admin'), fc.jsonValue({ maxDepth: 2 }))
      .map((some) => ({ ...payload, ...some })),
  )
  const forged = fc.oneof(
    says.map((claims) => jws(stranger, headerOf(key), claims)),
    fc
      .tuple(says, fc.uint8Array({ minLength: 64, maxLength: 64 }))
      .map(
        ([claims, signature]) =>
          `${part(headerOf(key))}.${part(claims)}.${Buffer.from(signature).toString('base64url')}`,
      ),
    fc
      .tuple(says, fc.constantFrom('none', 'HS256', 'ES256', 'eddsa', ''))
      .map(([claims, alg]) => jws(key, headerOf(key, { alg }), claims)),
    fc
      .tuple(says, fc.constantFrom('JWT', 'dpop+jwt', 'logout+jwt', ''))
      .map(([claims, typ]) => jws(key, headerOf(key, { typ }), claims)),
    says
      .map((claims) => {
        const input = `${part(headerOf(key))}.${part(JSON.stringify(claims).replace('{', '{"sub":"x",'))}`
        return `${input}.${sign(key, input)}`
      })
      .filter((text) => 'sub' in read(text).payload),
    // Signed by our key, and not what a token says.
    fc.tuple(fc.json(), fc.constant(headerOf(key))).map(([text, header]) => jws(key, header, text || '{}')),
  )
  return fc.oneof(arbitrary, mutated, mutated, spliced, forged).filter((text) => !good.includes(text))
}

/** What would end the value of a cookie, and leave a good one before it. */
const oneValue = (text: string): string => text.replace(/[;,\s]/g, '~')

describe.each(STRATEGIES)('%s', (name, strategy) => {
  let one: House
  let good: readonly string[]
  let payload: object

  beforeAll(async () => {
    one = await house({ strategy: strategy(), keys: { import: [material(key)] } })
    const made: string[] = []
    for (const label of ['ada', 'bob', 'cyd']) {
      const given = { email: `${label}@example.com`, password: PASSWORD, transport: 'bearer' } as const
      const signedIn = must(await one.auth.signUp(given))
      const { accessToken, refreshToken } = signedIn.carried.tokens ?? {}
      made.push(accessToken as string, ...(refreshToken ? [refreshToken] : []))
    }
    good = made
    const inner =
      made[0]?.split('.').length === 3 ? read(made[0]).payload : { iss: 'https://app.example', sub: 'x', sid: 'y' }
    payload = inner
  })
  afterAll(() => one.close())

  it('JW-01, JW-06: of 5000 tokens that are not ours none is admitted, and none is a fault', async () => {
    let admitted = 0
    const codes = new Map<string, number>()
    const property = fc.asyncProperty(untrue(good, payload), fc.boolean(), async (text, asCookie) => {
      const carrier = holding(asCookie ? { cookie: `__Host-at=${oneValue(text)}` } : { bearer: text })
      const found = await one.auth.authenticate(carrier)
      const code = found.ok ? 'in' : found.refusal.code
      codes.set(code, (codes.get(code) ?? 0) + 1)
      if (found.ok) admitted += 1
      expect(code, text).toBe('unauthenticated')
    })
    await fc.assert(property, RUNS)
    console.log(`fuzz: tokens under ${name}: ${RUNS.numRuns} inputs, seed ${RUNS.seed}, ${[...codes].join(' ')}`)
    expect(admitted).toBe(0)
    // And those that are ours still are.
    const access = good.filter((text) => text.includes('.'))
    expect(access).toHaveLength(3)
    for (const bearer of access) expect(await one.auth.authenticate(holding({ bearer }))).toMatchObject({ ok: true })
  })

  it('RT-07: none of them refreshes or ends a session, or is a fault', async () => {
    const property = fc.asyncProperty(untrue(good, payload), async (text) => {
      const carrier = holding({ cookie: `__Host-at=${oneValue(text)}; __Secure-rt=${oneValue(text)}` })
      const refreshed = await one.auth.refresh(carrier, null)
      expect(refreshed.ok).toBe(false)
      expect((await one.auth.refresh(holding({ bearer: text }), text)).ok).toBe(false)
      // It may name one: that is what a stranger can read off a token too.
      await one.auth.namedSession(carrier)
      await one.auth.signOut(carrier)
      await one.auth.signOut(holding({ bearer: text }))
    })
    await fc.assert(property, { ...RUNS, numRuns: 1000 })
    for (const bearer of good.filter((text) => text.includes('.'))) {
      expect(await one.auth.authenticate(holding({ bearer }))).toMatchObject({ ok: true })
    }
  })
})
