import { decodeJwt, decodeProtectedHeader, type JSONWebKeySet } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { ALGORITHMS, type Algorithm, generateKey, publicJwk } from '../../src/crypto.ts'
import type { KeyOptions } from '../../src/options/carrying.ts'
import type { StrategyFactory } from '../../src/options.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { BASE, type House, house, must, PASSWORD } from '../support/house.ts'
import { token } from '../support/signed.ts'
import { type Expected, VERIFIERS } from './verifiers.ts'

/** Known to several servers, as HS256 is for. */
const SHARED = 'hR7-pQz2_Lw9Xv4Kt81NcYb6Gd3MsJf0AeUo5Ti'
const KID = 'shared-2026'
const AUDIENCE = 'https://api.example'

const keysFor = (alg: Algorithm): KeyOptions =>
  alg === 'HS256' ? { import: [{ key: SHARED, alg, kid: KID }] } : { alg }

type Case = readonly [name: string, alg: Algorithm, strategy: StrategyFactory]
const CASES: readonly Case[] = ALGORITHMS.flatMap((alg): readonly Case[] => [
  [`hybrid, ${alg}`, alg, hybrid({ audience: AUDIENCE })],
  [`jwt, ${alg}`, alg, jwt({ audience: AUDIENCE })],
])

/** The other houses have clocks of their own, so this one goes by the machine's. */
describe.each(CASES)('access tokens elsewhere: %s', (name, alg, strategy) => {
  let one: House
  let published: JSONWebKeySet
  let expected: Expected
  let token: string
  let claims: object

  beforeAll(async () => {
    one = await house({ strategy, keys: keysFor(alg), clock: systemClock })
    const label = name.replaceAll(/\W+/g, '-')
    const { user, session, carried } = must(
      await one.auth.signUp({ email: `${label}@example.com`, password: PASSWORD, transport: 'bearer' }),
    )
    token = carried.tokens?.accessToken as string
    published = await keySet(one)
    expected = { jwks: alg === 'HS256' ? handedOver() : published, issuer: BASE, audience: AUDIENCE }
    claims = {
      iss: BASE,
      aud: AUDIENCE,
      sub: user.id,
      client_id: 'app.example',
      sid: session.id,
      auth_time: Math.floor(session.authenticatedAt / 1000),
      amr: ['pwd'],
      roles: user.roles,
    }
  })
  afterAll(() => one.close())

  for (const { name: verifier, isHere, supports, verify } of VERIFIERS) {
    if (!supports(alg)) continue

    it.skipIf(!isHere)(`JW-15: ${verifier} verifies them, and finds the claims of RFC 9068`, async () => {
      const found = await verify(token, expected)
      const kid = expected.jwks.keys[0]?.kid
      expect(found.header).toEqual({ typ: 'at+jwt', alg, kid })
      expect(found.claims).toMatchObject(claims)
      const { iat, exp, jti } = found.claims as { iat: number; exp: number; jti: string }
      expect(exp - iat).toBe(name.startsWith('jwt') ? 900 : 300)
      expect(jti).toMatch(/^[\w-]{22}$/)
    })

    it.skipIf(!isHere)(
      `JW-12 JW-13: ${verifier} refuses them for another audience, issuer or key, and altered ones`,
      async () => {
        await expect(verify(token, { ...expected, audience: BASE })).rejects.toThrow(/aud/i)
        await expect(verify(token, { ...expected, issuer: `${BASE}/` })).rejects.toThrow(/iss/i)
        await expect(verify(token, { ...expected, jwks: { keys: [] } })).rejects.toThrow(/key|alg/i)
        const [header, , signature] = token.split('.')
        const payload = Buffer.from(JSON.stringify({ ...decodeJwt(token), roles: ['admin'] })).toString('base64url')
        await expect(verify(`${header}.${payload}.${signature}`, expected)).rejects.toThrow(/signature/i)
      },
    )
  }

  it('KM-03: the key set shows what is public, and nothing of a shared secret', () => {
    if (alg === 'HS256') return expect(published).toEqual({ keys: [] })
    const members = { EdDSA: ['crv', 'x'], ES256: ['crv', 'x', 'y'], RS256: ['e', 'n'], PS256: ['e', 'n'] }[alg]
    expect(published.keys.map((key) => Object.keys(key).sort())).toEqual([
      ['alg', 'kid', 'kty', 'use', ...members].sort(),
    ])
    expect(published.keys[0]).toMatchObject({ alg, use: 'sig', kid: decodeProtectedHeader(token).kid })
  })
})

/** What is made in the last second of a session ends to the millisecond. */
describe('an end with a fraction of a second', () => {
  for (const { name: verifier, isHere, verify } of VERIFIERS) {
    it.skipIf(!isHere)(`TO-09: ${verifier} takes it while it lasts, and no longer`, async () => {
      const key = await generateKey('ES256')
      const jwks = { keys: [publicJwk(key)] } as unknown as JSONWebKeySet
      const expected = { jwks, issuer: BASE, audience: BASE }
      const now = Math.floor(systemClock.now() / 1000)
      const made = (exp: number) => token(key, { iss: BASE, aud: BASE, iat: now - 300, exp })
      expect((await verify(made(now + 60.437), expected)).claims.exp).toBe(now + 60.437)
      await expect(verify(made(now - 60.437), expected)).rejects.toThrow(/exp/i)
    })
  }
})

/** The key set as strangers get it. */
async function keySet({ auth }: House): Promise<JSONWebKeySet> {
  const answer = await auth.handler(new Request(`${BASE}/.well-known/jwks.json`))
  expect(answer.status).toBe(200)
  return answer.json()
}

/** What the operator gives to the other servers: a shared secret is in no key set. */
function handedOver(): JSONWebKeySet {
  return { keys: [{ kty: 'oct', k: Buffer.from(SHARED).toString('base64url'), alg: 'HS256', kid: KID }] }
}
