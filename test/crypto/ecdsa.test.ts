import { sign as signRaw, verify as verifyRaw } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { derOf } from '../../src/crypto/ecdsa.ts'
import { generateKey, sign, verify } from '../../src/crypto.ts'
import { fixed } from '../support/property.ts'
import { twin } from '../support/signed.ts'

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

const scalar = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
const pair = (r: bigint, s: bigint): Buffer => Buffer.concat([scalar(r), scalar(s)])
const key = await generateKey('ES256')

/** DER by the letter of X.690: shortest two's complement. */
function der(r: bigint, s: bigint): string {
  const [left, right] = [r, s].map((value) => {
    const hex = value.toString(16)
    const even = hex.length % 2 ? `0${hex}` : hex
    const bytes = Number.parseInt(even.slice(0, 2), 16) >= 0x80 ? `00${even}` : even
    return `02${(bytes.length / 2).toString(16).padStart(2, '0')}${bytes}`
  }) as [string, string]
  return `30${((left.length + right.length) / 2).toString(16).padStart(2, '0')}${left}${right}`
}

describe('signatures of ES256', () => {
  it.each<[string, bigint, bigint]>([
    ['r=0, s=0', 0n, 0n],
    ['r=0', 0n, 1n],
    ['s=0', 1n, 0n],
    ['r=n', ORDER, 1n],
    ['s=n', 1n, ORDER],
    ['r=n, s=n', ORDER, ORDER],
    ['r=n, s=0', ORDER, 0n],
    ['r=n+1', ORDER + 1n, 1n],
    ['s=n+1', 1n, ORDER + 1n],
    ['both of all ones', 2n ** 256n - 1n, 2n ** 256n - 1n],
    ['r of the field prime', 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn, 1n],
  ])('JW-19: %s are no numbers of one', (_, r, s) => {
    expect(derOf(pair(r, s))).toBeNull()
    expect(verify(key, 'a.b', pair(r, s))).toBe(false)
  })

  it('JW-19: the smallest and the largest numbers are numbers, and sign nothing', () => {
    for (const [r, s] of [
      [1n, 1n],
      [ORDER - 1n, ORDER - 1n],
      [1n, ORDER - 1n],
    ] as const) {
      expect(derOf(pair(r, s))?.toString('hex')).toBe(der(r, s))
      expect(verify(key, 'a.b', pair(r, s))).toBe(false)
    }
  })

  it('JW-19: DER is written by its rules, whatever the numbers', () => {
    const number = fc.bigInt({ min: 1n, max: ORDER - 1n })
    // Short ones, which a random signature has once in hundreds.
    const short = fc.tuple(number, fc.nat(255)).map(([value, bits]) => value >> BigInt(bits) || 1n)
    const any = fc.oneof(number, short, fc.constantFrom(0x7fn, 0x80n, 0xffn, 0x100n, 0x8000n))
    const property = fc.property(any, any, (r, s) => {
      expect(derOf(pair(r, s))?.toString('hex')).toBe(der(r, s))
    })
    fc.assert(property, fixed(2000))
  })

  it('JW-19: every good signature verifies, also those with short numbers', () => {
    let short = 0
    for (let n = 0; n < 1500; n += 1) {
      const signature = Buffer.from(sign(key, `a.${n}`), 'base64url')
      if (signature[0] === 0 || signature[32] === 0) short += 1
      if (!verify(key, `a.${n}`, signature)) throw new Error(`not verified: ${signature.toString('hex')}`)
    }
    expect(short).toBeGreaterThan(0)
  })

  it('JW-19: a signature in DER, longer, shorter or padded is none', () => {
    const input = Buffer.from('a.b')
    const inDer = signRaw('sha256', input, key.secret)
    expect(verifyRaw('sha256', input, key.verifier, inDer)).toBe(true)
    const good = Buffer.from(sign(key, 'a.b'), 'base64url')
    const zero = Buffer.alloc(1)
    const [r, s] = [good.subarray(0, 32), good.subarray(32)]
    const others = [
      inDer,
      Buffer.concat([good, zero]),
      Buffer.concat([zero, good]),
      Buffer.concat([zero, r, zero, s]),
      Buffer.concat([r, zero, s]),
      good.subarray(0, 63),
      Buffer.concat([r.subarray(1), s.subarray(1)]),
      Buffer.concat([s, r]),
      Buffer.concat([r, r]),
      r,
    ]
    expect(verify(key, 'a.b', good)).toBe(true)
    for (const [n, other] of others.entries()) expect(verify(key, 'a.b', other), `variant ${n}`).toBe(false)
  })

  it('the twin (r, n - s) is as good: whoever denies tokens by their text would let it in', () => {
    const good = Buffer.from(sign(key, 'a.b'), 'base64url')
    expect(twin(good).equals(good)).toBe(false)
    expect(verify(key, 'a.b', twin(good))).toBe(true)
  })
})
