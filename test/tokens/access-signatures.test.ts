import { constants, sign as signRaw } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ALGORITHMS } from '../../src/crypto.ts'
import { FORGED } from '../../src/tokens/refusals.ts'
import { CLAIMS, NOW, signatureOf, token, twin, withSignature } from '../support/signed.ts'
import { byAlg, key, readBy, tokens } from './issuer.ts'

describe('JW-06, JW-19: one token has one spelling', () => {
  it.each(ALGORITHMS)('a token of %s with any one character different is refused', async (alg) => {
    const own = byAlg[alg]
    const good = token(own)
    const reader = tokens(own)
    expect(await reader.read(good, NOW)).toMatchObject({ ok: true })
    for (let at = 0; at < good.length; at += alg.endsWith('S256') && alg !== 'ES256' ? 3 : 1) {
      for (const other of [next(good.charAt(at)), '.', '=', String.fromCharCode(good.charCodeAt(at) + 0x100)]) {
        if (other === good.charAt(at)) continue
        const altered = good.slice(0, at) + other + good.slice(at + 1)
        const found = await reader.read(altered, NOW)
        if (found.ok) throw new Error(`character ${at} as ${JSON.stringify(other)} is accepted`)
      }
    }
  })

  it('JW-19: PSS with a salt of another length is refused, and so is the other padding', async () => {
    const own = byAlg.PS256
    const good = token(own)
    const input = Buffer.from(good.slice(0, good.lastIndexOf('.')))
    const padding = constants.RSA_PKCS1_PSS_PADDING
    for (const saltLength of [0, 20, 31, 33, 64, constants.RSA_PSS_SALTLEN_MAX_SIGN]) {
      const signature = signRaw('sha256', input, { key: own.secret, padding, saltLength })
      expect(await readBy(own, withSignature(good, signature)), `salt of ${saltLength}`).toBe(FORGED)
    }
    const right = signRaw('sha256', input, { key: own.secret, padding, saltLength: 32 })
    expect(await readBy(own, withSignature(good, right))).toMatchObject({ ok: true })
    expect(await readBy(own, withSignature(good, signRaw('sha256', input, own.secret)))).toBe(FORGED)
    const other = signRaw('sha512', input, { key: own.secret, padding, saltLength: 32 })
    expect(await readBy(own, withSignature(good, other))).toBe(FORGED)
  })

  it.each(['RS256', 'PS256'] as const)('JW-19: %s signatures that are shorter or longer are refused', async (alg) => {
    const own = byAlg[alg]
    const good = token(own)
    const signature = signatureOf(good)
    const zero = Buffer.alloc(1)
    for (const other of [
      signature.subarray(1),
      signature.subarray(0, -1),
      Buffer.concat([zero, signature]),
      Buffer.concat([signature, zero]),
      Buffer.alloc(signature.length),
      Buffer.alloc(signature.length, 0xff),
    ]) {
      expect(await readBy(own, withSignature(good, other))).toBe(FORGED)
    }
  })

  it('JW-19: EdDSA with S + L, which is the same number, is refused', async () => {
    const good = token(key)
    const signature = signatureOf(good)
    const L = 2n ** 252n + 27742317777372353535851937790883648493n
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + L
    const more = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()
    expect(await readBy(key, withSignature(good, Buffer.concat([signature.subarray(0, 32), more])))).toBe(FORGED)
  })

  it('TE-09: the twin of an ES256 token is as good, and says the same session', async () => {
    const own = byAlg.ES256
    const good = token(own)
    const other = withSignature(good, twin(signatureOf(good)))
    const [first, second] = [await readBy(own, good), await readBy(own, other)]
    expect(other).not.toBe(good)
    expect(second).toEqual(first)
    expect(second).toMatchObject({ ok: true, value: { claims: { sid: CLAIMS.sid } } })
  })
})

function next(character: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return character === '.' ? 'A' : alphabet.charAt((alphabet.indexOf(character) + 1) % 64)
}
