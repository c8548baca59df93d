import { spawn } from 'node:child_process'
import { createPublicKey, createSecretKey, type JsonWebKey } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createLocalJWKSet, type JSONWebKeySet, type JWK, jwtVerify } from 'jose'
import jsonwebtoken from 'jsonwebtoken'
import type { Algorithm } from '../../src/crypto.ts'
import { service } from '../support/services.ts'

/** What a service in another house knows: the key set, whose tokens it takes, and who it is. */
export type Expected = { readonly jwks: JSONWebKeySet; readonly issuer: string; readonly audience: string }

export type Verified = { readonly header: object; readonly claims: Readonly<Record<string, unknown>> }

/** Verifies a token by its own means; rejects when it is not good. */
export type Verifier = {
  readonly name: string
  /** Whether this machine has it. */
  readonly isHere: boolean
  supports(alg: Algorithm): boolean
  verify(token: string, expected: Expected): Promise<Verified>
}

const REQUIRED = ['sub', 'client_id', 'iat', 'exp', 'jti']

const jose: Verifier = {
  name: 'jose',
  isHere: true,
  supports: () => true,
  async verify(token, { jwks, issuer, audience }) {
    const algorithms = jwks.keys.map(({ alg }) => alg as string)
    const options = { issuer, audience, algorithms, typ: 'at+jwt', requiredClaims: REQUIRED }
    // `createLocalJWKSet` takes no shared secrets: whoever has one has it as it is.
    const secret = jwks.keys.find(({ kty }) => kty === 'oct')
    const verified = secret
      ? await jwtVerify(token, createSecretKey(bytesOf(secret)), options)
      : await jwtVerify(token, createLocalJWKSet(jwks), options)
    return { header: verified.protectedHeader, claims: verified.payload }
  },
}

const jsonWebToken: Verifier = {
  name: 'jsonwebtoken',
  isHere: true,
  /** It has no Ed25519. */
  supports: (alg) => alg !== 'EdDSA',
  async verify(token, { jwks, issuer, audience }) {
    const kid = jsonwebtoken.decode(token, { complete: true })?.header.kid
    const jwk = jwks.keys.find((one) => one.kid === kid)
    if (!jwk) throw new Error('the key is not in the set')
    const key =
      jwk.kty === 'oct'
        ? createSecretKey(bytesOf(jwk))
        : createPublicKey({ key: jwk as unknown as JsonWebKey, format: 'jwk' })
    const algorithms = [jwk.alg as jsonwebtoken.Algorithm]
    const { header, payload } = jsonwebtoken.verify(token, key, { algorithms, issuer, audience, complete: true })
    return { header, claims: payload as jsonwebtoken.JwtPayload }
  },
}

const PYTHON = service('python3-jwt')
const SCRIPT = join(import.meta.dirname, 'verify.py')

const pyJwt: Verifier = {
  name: 'PyJWT',
  isHere: PYTHON !== null,
  supports: () => true,
  async verify(token, expected) {
    const python = spawn(PYTHON as string, ['-E', SCRIPT], { stdio: ['pipe', 'pipe', 'pipe'] })
    python.stdin.end(JSON.stringify({ token, ...expected }))
    const [printed, wrong, [status]] = await Promise.all([
      text(python.stdout),
      text(python.stderr),
      once(python, 'close'),
    ])
    if (status === 3) throw new Error(wrong.trim())
    if (status !== 0) throw new Error(`verify.py ended with ${status}`)
    return JSON.parse(printed)
  },
}

export const VERIFIERS: readonly Verifier[] = [jose, jsonWebToken, pyJwt]

function bytesOf({ k }: JWK): Buffer {
  return Buffer.from(k as string, 'base64url')
}
