import type { KeyMaterial } from '../../src/crypto.ts'
import { exportKey, type SigningKey, sign } from '../../src/crypto.ts'

export const ISSUER = 'https://app.example'
/** When tokens of `CLAIMS` were made: where the manual clock begins. */
export const NOW = 1_800_000_000_000
export const SECONDS = NOW / 1000

type Members = Readonly<Record<string, unknown>>

/** What a good access token says, member by member (RFC 9068 section 2.2, and what this house adds). */
export const CLAIMS = {
  iss: ISSUER,
  aud: ISSUER,
  sub: 'AAAAAAAAAAAAAAAAAAAAAA',
  client_id: 'app.example',
  iat: SECONDS,
  exp: SECONDS + 300,
  jti: 'a-name-of-its-own',
  sid: 'BBBBBBBBBBBBBBBBBBBBBA',
  auth_time: SECONDS - 60,
  amr: ['pwd'],
  roles: ['member'],
  aat: NOW - 60_000,
  ver: 1,
  gen: 0,
  all: 0,
  epo: 'an-epoch',
  ctr: 0,
} as const

/** The members with some of them replaced; those that are `undefined` are left out when they are written. */
export const claims = (instead: Members = {}): Members => ({ ...CLAIMS, ...instead })

export const headerOf = (key: SigningKey, instead: Members = {}): Members => ({
  typ: 'at+jwt',
  alg: key.alg,
  kid: key.kid,
  ...instead,
})

/** A part of a token: of an object its JSON, of text and bytes these as they are. */
export function part(value: object | string | Buffer): string {
  const bytes = typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value)
  return Buffer.from(bytes as string).toString('base64url')
}

/** Whatever it says, signed as a good token is. */
export function jws(key: SigningKey, header: object | string | Buffer, payload: object | string | Buffer): string {
  const input = `${part(header)}.${part(payload)}`
  return `${input}.${sign(key, input)}`
}

/** A good token of the key, but for what is said instead. */
export function token(key: SigningKey, instead: Members = {}, header: Members = {}): string {
  return jws(key, headerOf(key, header), claims(instead))
}

/** How an operator would bring this key. */
export function material(key: SigningKey): KeyMaterial {
  return { key: JSON.parse(exportKey(key)) as Record<string, unknown> }
}

/** The parts of a token as JSON. */
export function read(text: string): { readonly header: Members; readonly payload: Members } {
  const [header = '', payload = ''] = text.split('.').map((one) => Buffer.from(one, 'base64url').toString())
  return { header: JSON.parse(header), payload: JSON.parse(payload) }
}

/** The text with its signature replaced. */
export function withSignature(text: string, signature: Buffer | string): string {
  const end = text.lastIndexOf('.') + 1
  return text.slice(0, end) + (typeof signature === 'string' ? signature : signature.toString('base64url'))
}

export const signatureOf = (text: string): Buffer => Buffer.from(text.slice(text.lastIndexOf('.') + 1), 'base64url')

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** The other ECDSA signature that is as good: (r, n - s). */
export function twin(signature: Buffer): Buffer {
  const s = ORDER - BigInt(`0x${signature.subarray(32).toString('hex')}`)
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')])
}
