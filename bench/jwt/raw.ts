import { constants, createHmac, type KeyObject, sign, verify } from 'node:crypto'
import type { Algorithm } from '../../src/crypto.ts'

/** What nothing can do without: one call of `node:crypto`, with key, input and signature at hand in the form it likes best. */
export type Raw = {
  verify(key: KeyObject, input: Buffer, signature: Buffer): boolean
  sign(key: KeyObject, input: Buffer): Buffer
}

const rsa: Raw = {
  verify: (key, input, signature) => verify('sha256', input, key, signature),
  sign: (key, input) => sign('sha256', input, key),
}

const padded = (key: KeyObject) => ({ key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 })
const hmac = (key: KeyObject, input: Buffer) => createHmac('sha256', key).update(input).digest()

export const RAW: Readonly<Record<Algorithm, Raw>> = {
  EdDSA: {
    verify: (key, input, signature) => verify(null, input, key, signature),
    sign: (key, input) => sign(null, input, key),
  },
  // The same calls: signatures are DER.
  ES256: rsa,
  RS256: rsa,
  PS256: {
    verify: (key, input, signature) => verify('sha256', input, padded(key), signature),
    sign: (key, input) => sign('sha256', input, padded(key)),
  },
  // Not even the comparison.
  HS256: { verify: (key, input) => hmac(key, input).length === 32, sign: hmac },
}
