import { createSecretKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import jsonwebtoken from 'jsonwebtoken'
import { beforeAll, describe, expect, it } from 'vitest'
import { ALGORITHMS, type Algorithm, importKey, type SigningKey } from '../../src/crypto.ts'
import { accessTokens } from '../../src/tokens/access.ts'

const ISSUER = 'https://app.example'
const AUDIENCE = 'https://api.example'
const KID = 'brought-along'
const NOW = 1_800_000_000_000
const SECONDS = NOW / 1000

/** The profile, member by member: RFC 9068 section 2.2, and what this house adds. */
const CLAIMS = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'AAAAAAAAAAAAAAAAAAAAAA',
  client_id: 'app.example',
  iat: SECONDS,
  exp: SECONDS + 300,
  jti: 'a-name-of-its-own',
  sid: 'BBBBBBBBBBBBBBBBBBBBBB',
  auth_time: SECONDS - 60,
  amr: ['pwd'],
  roles: ['member'],
  aat: NOW - 60_000,
  ver: 1,
  gen: 0,
  all: 0,
  epo: 'an-epoch',
  ctr: 0,
}

type Header = Readonly<Record<string, unknown>>
type Claims = Readonly<Record<string, unknown>>

/** Signs with our key by its own means. A member that is `undefined` is left out. */
type Issuer = {
  readonly name: string
  readonly algorithms: readonly Algorithm[]
  sign(header: Header, claims: Claims, key: KeyObject): Promise<string>
}

const ISSUERS: readonly Issuer[] = [
  {
    name: 'jose',
    algorithms: ALGORITHMS,
    sign: (header, claims, key) =>
      new SignJWT(claims as JWTPayload).setProtectedHeader(header as { alg: string }).sign(key),
  },
  {
    name: 'jsonwebtoken',
    algorithms: ALGORITHMS.filter((alg) => alg !== 'EdDSA'),
    async sign(header, claims, key) {
      const given = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
      const algorithm = header.alg as jsonwebtoken.Algorithm
      // It puts a `typ` of its own where it is told none, unless the member is there and undefined.
      const members = { typ: undefined, ...header } as unknown as jsonwebtoken.JwtHeader
      // `noTimestamp` takes an `iat` away; without it, one is put in.
      return jsonwebtoken.sign(given, key, { algorithm, header: members, noTimestamp: !('iat' in given) })
    },
  },
]

/** What the header says instead. */
const HEADERS: readonly (readonly [string, string, Header])[] = [
  ['JW-05', 'without a kid', { kid: undefined }],
  ['JW-05', 'of a kid that is not here', { kid: 'another' }],
  ['JW-14', 'without a typ', { typ: undefined }],
  ['JW-14', 'of another typ', { typ: 'JWT' }],
  ['JW-07', 'with a member that is critical', { crit: ['b64'], b64: true }],
  ['JW-04', 'that brings its own key', { jwk: { kty: 'oct', k: 'AAAA' } }],
]

/** Claims without which a token says too little, beside those that have a test of their own. */
const NEEDED = [
  'sub',
  'client_id',
  'iat',
  'jti',
  'sid',
  'auth_time',
  'amr',
  'roles',
  'aat',
  'ver',
  'gen',
  'all',
  'epo',
  'ctr',
]

/** What the claims say instead. */
const PAYLOADS: readonly (readonly [string, string, Claims])[] = [
  ['JW-12', 'for another audience', { aud: ISSUER }],
  ['JW-12', 'for the audience in other letters', { aud: AUDIENCE.toUpperCase() }],
  ['JW-12', 'for nobody', { aud: undefined }],
  ['JW-12', 'for an empty list', { aud: [] }],
  ['JW-13', 'of another issuer', { iss: AUDIENCE }],
  ['JW-13', 'of the issuer with a slash', { iss: `${ISSUER}/` }],
  ['JW-13', 'of no issuer', { iss: undefined }],
  ['JW-09', 'that never expires', { exp: undefined }],
  ['JW-09', 'that expires in milliseconds', { exp: NOW + 300_000 }],
]

describe.each(ALGORITHMS)('tokens of others, signed with a key of ours: %s', (alg) => {
  let theirs: KeyObject
  let strangers: KeyObject
  let ours: SigningKey

  beforeAll(() => {
    theirs = keyFor(alg)
    strangers = keyFor(alg)
    ours = importKey({ key: theirs.export({ format: 'jwk' }), alg, kid: KID }, 'keys.import[0]')
  })

  const read = (token: string) => readerOf(ours)(token)

  for (const { name, algorithms, sign } of ISSUERS) {
    if (!algorithms.includes(alg)) continue
    const header = { alg, kid: KID, typ: 'at+jwt' }

    it(`JW-15: a token that ${name} makes by the profile is read`, async () => {
      const found = await read(await sign(header, CLAIMS, theirs))
      expect(found).toMatchObject({
        ok: true,
        value: {
          kid: KID,
          session: null,
          claims: {
            issuer: ISSUER,
            audience: [AUDIENCE],
            subject: CLAIMS.sub,
            clientId: 'app.example',
            jti: CLAIMS.jti,
            sid: CLAIMS.sid,
            issuedAt: NOW,
            expiresAt: NOW + 300_000,
            authenticatedAt: NOW - 60_000,
            roles: ['member'],
          },
        },
      })
      expect(await read(await sign({ ...header, typ: 'application/AT+JWT' }, CLAIMS, theirs))).toMatchObject({
        ok: true,
      })
      const several = { ...CLAIMS, aud: [ISSUER, AUDIENCE] }
      expect(await read(await sign(header, several, theirs))).toMatchObject({ ok: true })
    })

    it.each(HEADERS)(`%s: a token of ${name} %s is refused`, async (_, __, instead) => {
      const token = await sign({ ...header, ...instead }, CLAIMS, theirs)
      expect(await read(token)).toMatchObject({ ok: false, refusal: { code: 'unauthenticated' } })
    })

    it.each(PAYLOADS)(`%s: a token of ${name} %s is refused`, async (_, __, instead) => {
      const token = await sign(header, { ...CLAIMS, ...instead }, theirs)
      expect(await read(token)).toMatchObject({ ok: false, refusal: { code: 'unauthenticated' } })
    })

    it(`JW-15: a token of ${name} that lacks one claim of the profile is refused`, async () => {
      for (const claim of NEEDED) {
        const found = await read(await sign(header, { ...CLAIMS, [claim]: undefined }, theirs))
        expect(found, claim).toMatchObject({ ok: false, refusal: { code: 'unauthenticated' } })
      }
    })

    it(`JW-13: a token that ${name} signs with another key under our kid is refused`, async () => {
      expect(await read(await sign(header, CLAIMS, strangers))).toMatchObject({ ok: false })
    })
  }

  it('JW-02: an unsigned token is refused, by itself and with the signature of a good one', async () => {
    const header = { kid: KID, typ: 'at+jwt' } as unknown as jsonwebtoken.JwtHeader
    const unsigned = jsonwebtoken.sign(CLAIMS, '', { algorithm: 'none', header })
    const [signature] =
      (await ISSUERS[0]?.sign({ alg, kid: KID, typ: 'at+jwt' }, CLAIMS, theirs))?.split('.').slice(2) ?? []
    for (const token of [unsigned, `${unsigned}${signature}`, new UnsecuredJWT(CLAIMS).encode()]) {
      expect(await read(token)).toMatchObject({ ok: false, refusal: { code: 'unauthenticated' } })
    }
  })
})

it('JW-02: a key of RS256 reads no PS256, and the other way round', async () => {
  for (const [alg, other] of [
    ['RS256', 'PS256'],
    ['PS256', 'RS256'],
  ] as const) {
    const key = keyFor(alg)
    const ours = importKey({ key: key.export({ format: 'jwk' }), alg, kid: KID }, 'keys.import[0]')
    const token = await ISSUERS[0]?.sign({ alg: other, kid: KID, typ: 'at+jwt' }, CLAIMS, key)
    expect(await readerOf(ours)(token as string)).toMatchObject({ ok: false })
  }
})

/** Begun anew for each token: none is known. */
function readerOf(key: SigningKey) {
  const keys = { signing: () => key, find: (kid: string) => (kid === KID ? key : null) }
  const options = { issuer: ISSUER, audience: AUDIENCE, keys, epoch: () => CLAIMS.epo, sessionOf: () => null }
  return (token: string) => accessTokens(options).read(token, NOW)
}

function keyFor(alg: Algorithm): KeyObject {
  if (alg === 'HS256') return createSecretKey(randomBytes(48))
  if (alg === 'EdDSA') return generateKeyPairSync('ed25519').privateKey
  if (alg === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
}
