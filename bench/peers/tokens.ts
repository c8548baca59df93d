import { createVerifier } from 'fast-jwt'
import { jwtVerify } from 'jose'
import jsonwebtoken from 'jsonwebtoken'
import type { TokenPeer, TokenPeerOptions } from '../lib/token-peer.ts'

const TYP = 'at+jwt'
const REQUIRED = ['sub', 'client_id', 'iat', 'exp', 'jti']

/** What Web Crypto calls the algorithms. */
const WEB_CRYPTO = {
  EdDSA: { name: 'Ed25519' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
  HS256: { name: 'HMAC', hash: 'SHA-256' },
} as const

/** Every library gets its key once, in the form it is fastest with, and checks what it can: algorithm, issuer, audience, type, time. */
export async function verifiers(options: TokenPeerOptions): Promise<readonly TokenPeer[]> {
  const found = [fastJwt(options, 0), await joses(options)]
  // The only one without Ed25519.
  return options.alg === 'EdDSA' ? found : [...found, jsonwebtokens(options)]
}

export function fastJwtCached(options: TokenPeerOptions, tokens: number): TokenPeer {
  return fastJwt(options, tokens)
}

function fastJwt({ alg, verifier, issuer, audience }: TokenPeerOptions, cached: number): TokenPeer {
  const key = verifier.type === 'secret' ? verifier.export() : verifier.export({ format: 'pem', type: 'spki' })
  const verify = createVerifier({
    key,
    algorithms: [alg],
    allowedIss: issuer,
    allowedAud: audience,
    checkTyp: TYP,
    requiredClaims: REQUIRED,
    ...(cached > 0 && { cache: cached }),
  })
  return { name: 'fast-jwt', verify: (token) => verify(token) }
}

async function joses({ alg, verifier, issuer, audience }: TokenPeerOptions): Promise<TokenPeer> {
  const key = verifier.toCryptoKey(WEB_CRYPTO[alg], true, ['verify'])
  const options = { algorithms: [alg], issuer, audience, typ: TYP, requiredClaims: REQUIRED }
  return { name: 'jose', verify: (token) => jwtVerify(token, key, options) }
}

function jsonwebtokens({ alg, verifier, issuer, audience }: TokenPeerOptions): TokenPeer {
  return {
    name: 'jsonwebtoken',
    verify: (token) => jsonwebtoken.verify(token, verifier, { algorithms: [alg], issuer, audience }),
  }
}
