import { createPublicKey } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { namedKey } from '../../src/crypto/keys.ts'
import {
  ALGORITHMS,
  exportKey,
  generateKey,
  importKey,
  publicJwk,
  readKey,
  type SigningKey,
  sign,
  verify,
} from '../../src/crypto.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'base64url')

const ED25519 = {
  kty: 'OKP',
  crv: 'Ed25519',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
}
const P256 = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI',
}
const RSA = {
  kty: 'RSA',
  n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
  e: 'AQAB',
}
const THUMBPRINTED = {
  kty: 'RSA',
  n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
  e: 'AQAB',
}
const SHARED = {
  kty: 'oct',
  k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
}

const PAYLOAD = 'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ'

/** A key to verify with only: what is private of it is not in the standard. */
const publicKey = (alg: SigningKey['alg'], jwk: object): SigningKey => {
  const verifier = createPublicKey({ key: jwk as { kty: string }, format: 'jwk' })
  return namedKey(alg, { secret: verifier, verifier })
}

describe('known answers', () => {
  it('RFC 8037 A.3, A.4, A.5: the thumbprint, the signature and its verification', () => {
    const key = importKey({ key: ED25519 }, 'key')
    const input = 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc'
    const signature = 'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg'
    expect(key).toMatchObject({ alg: 'EdDSA', kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k' })
    expect(sign(key, input)).toBe(signature)
    expect(verify(key, input, bytes(signature))).toBe(true)
    expect(verify(key, `${input}A`, bytes(signature))).toBe(false)
  })

  it('RFC 7515 A.1: HMAC SHA-256', () => {
    const key = importKey({ key: SHARED }, 'key')
    const input = `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${PAYLOAD}`
    const signature = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
    expect(sign(key, input)).toBe(signature)
    expect(verify(key, input, bytes(signature))).toBe(true)
    expect(verify(key, `${input}A`, bytes(signature))).toBe(false)
  })

  it('RFC 7515 A.2: RSASSA-PKCS1-v1_5 SHA-256', () => {
    const key = publicKey('RS256', RSA)
    const input = `eyJhbGciOiJSUzI1NiJ9.${PAYLOAD}`
    const signature = bytes(
      'cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw',
    )
    expect(verify(key, input, signature)).toBe(true)
    expect(verify(key, `${input}A`, signature)).toBe(false)
    // The other padding of the same key is another algorithm.
    expect(verify(publicKey('PS256', RSA), input, signature)).toBe(false)
  })

  it('RFC 7515 A.3: ECDSA P-256 SHA-256', () => {
    const key = importKey({ key: P256 }, 'key')
    const input = `eyJhbGciOiJFUzI1NiJ9.${PAYLOAD}`
    const signature = bytes('DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q')
    expect(key.alg).toBe('ES256')
    expect(verify(key, input, signature)).toBe(true)
    expect(verify(key, `${input}A`, signature)).toBe(false)
  })

  it('RFC 7638 section 3.1: the thumbprint of an RSA key is its name', () => {
    expect(publicKey('RS256', THUMBPRINTED).kid).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
  })
})

describe.each(ALGORITHMS)('keys of %s', (alg) => {
  it('sign what only they verify, and nothing that is a bit different', async () => {
    const [key, other] = await Promise.all([generateKey(alg), generateKey(alg)])
    const signature = bytes(sign(key, 'a.b'))
    expect(signature).toHaveLength(key.size)
    expect(verify(key, 'a.b', signature)).toBe(true)
    expect(verify(other, 'a.b', signature)).toBe(false)
    expect(verify(key, 'a.c', signature)).toBe(false)
    for (let at = 0; at < signature.length; at += 7) {
      const altered = Buffer.from(signature)
      altered[at] = (altered[at] as number) ^ (1 << (at % 8))
      expect(verify(key, 'a.b', altered), `byte ${at}`).toBe(false)
    }
  })

  it('JW-19: no signature of another length is one, whatever it holds', async () => {
    const key = await generateKey(alg)
    const good = bytes(sign(key, 'a.b'))
    const zero = Buffer.alloc(1)
    const lengths = [good.subarray(1), good.subarray(0, -1), Buffer.concat([zero, good]), Buffer.concat([good, zero])]
    lengths.push(Buffer.alloc(0), zero, Buffer.alloc(key.size), Buffer.alloc(10_000), Buffer.concat([good, good]))
    for (const signature of lengths) expect(verify(key, 'a.b', signature), `${signature.length} bytes`).toBe(false)
  })

  it('come back from their text as they were', async () => {
    const key = await generateKey(alg)
    const again = readKey(exportKey(key))
    expect(again).toMatchObject({ kid: key.kid, alg, size: key.size })
    expect(verify(again, 'a.b', bytes(sign(key, 'a.b')))).toBe(true)
    expect(verify(key, 'a.b', bytes(sign(again, 'a.b')))).toBe(true)
  })

  it('KM-03: show their public members only', async () => {
    const key = await generateKey(alg)
    const shown = publicJwk(key)
    if (alg === 'HS256') {
      expect(shown).toBeNull()
      return
    }
    const members = { OKP: ['crv', 'x'], EC: ['crv', 'x', 'y'], RSA: ['e', 'n'] }[shown?.kty as 'OKP' | 'EC' | 'RSA']
    expect(Object.keys(shown ?? {}).sort()).toEqual(['alg', 'kid', 'kty', 'use', ...members].sort())
    expect(shown).toMatchObject({ alg, kid: key.kid, use: 'sig' })
    const given = createPublicKey({ key: { ...shown } as { kty: string }, format: 'jwk' })
    expect(given.equals(key.verifier)).toBe(true)
  })

  it('KM-08: show nothing secret of themselves, printed, serialised or spread', async () => {
    const key = await generateKey(alg)
    const { kid, alg: _, kty, crv, x, y, n, e, ...secret } = JSON.parse(exportKey(key)) as Record<string, string>
    expect(Object.keys(secret).length).toBeGreaterThan(0)
    const shown = [
      JSON.stringify(key),
      JSON.stringify({ ...key, more: [key] }),
      inspect(key, { depth: 20, showHidden: true }),
      inspect(key, { depth: 20, getters: true }),
      `${key} ${key.secret}`,
    ].join('\n')
    expect(shown).toContain(kid)
    for (const value of Object.values(secret)) {
      for (const form of [value, bytes(value).toString('hex'), bytes(value).toString('base64')]) {
        expect(shown).not.toContain(form)
      }
      expect(shown).not.toContain([...bytes(value).subarray(0, 8)].join(', '))
    }
  })
})

describe('KM-04: a sealed key is of its one algorithm', () => {
  const whole = { ...ED25519, kid: 'one', alg: 'EdDSA' }

  it.each([
    ['of another kind than its algorithm', { ...whole, alg: 'HS256' }],
    ['of another curve than its algorithm', { ...whole, alg: 'ES256' }],
    ['of an algorithm that is not ours', { ...whole, alg: 'RS512' }],
    ['of no algorithm', { ...whole, alg: undefined }],
    ['with a secret but of another kind', { ...SHARED, kid: 'one', alg: 'EdDSA' }],
    ['without its secret', { kty: 'oct', kid: 'one', alg: 'HS256' }],
    ['without its private part', { ...whole, d: undefined }],
    ['without a name', { ...whole, kid: undefined }],
    ['with a name that is none', { ...whole, kid: '../one' }],
    ['with a number for a name', { ...whole, kid: 5 }],
    ['that is null', null],
    ['that is a list', [whole]],
  ])('one %s is no key', (_, value) => {
    expect(readKey(JSON.stringify(whole)).alg).toBe('EdDSA')
    expect(() => readKey(JSON.stringify(value))).toThrow(new TypeError('This is not a key'))
  })

  it('KM-08: what is no key is not repeated in the error', () => {
    const text = JSON.stringify(whole)
    for (const broken of [
      text.slice(0, -20),
      text.replaceAll('"', "'"),
      text.replace(ED25519.d, `"${ED25519.d}`),
      '',
    ]) {
      const thrown = caught(() => readKey(broken))
      expect(thrown).toBeInstanceOf(TypeError)
      expect(inspect(thrown, { depth: 9 })).not.toContain(ED25519.d.slice(0, 8))
    }
  })
})

function caught(work: () => unknown): unknown {
  try {
    work()
  } catch (fault) {
    return fault
  }
  throw new Error('nothing was thrown')
}
