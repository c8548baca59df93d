import { createCipheriv, randomBytes } from 'node:crypto'
import { CompactEncrypt, type CompactJWEHeaderParameters } from 'jose'
import { describe, expect, it, vi } from 'vitest'
import { macKey } from '../../src/crypto.ts'
import { ok, type Result } from '../../src/result.ts'
import { encryption } from '../../src/tokens/encryption.ts'
import { MALFORMED } from '../../src/tokens/refusals.ts'
import { part } from '../support/signed.ts'

const SECRET = 'test-secret-0123456789-abcdefghijklmnop'
const OLDER = 'older-secret-0123456789-abcdefghijklmno'
const key = macKey(SECRET, 'token encryption')
const INNER = 'header.payload.signature'

const begun = (...keys: ReturnType<typeof macKey>[]) => encryption(keys.length > 0 ? keys : [key])
/** What a reader is handed of a token, begun anew. */
const open = async (token: string, by = begun()): Promise<Result<string>> => by.opened(token, (inner) => ok(inner))

const good = await begun().make(INNER)
const kid = JSON.parse(Buffer.from(good.split('.')[0] as string, 'base64url').toString()).kid as string
const HEADER = { alg: 'dir', enc: 'A256GCM', cty: 'JWT', kid }

/** A whole JWE by our key under any header, by the letter of RFC 7516 section 5.1. */
function jwe(header: object | string, plaintext: string | Buffer = INNER, by = key): string {
  const aad = part(header)
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', by, nonce).setAAD(Buffer.from(aad))
  const body = Buffer.concat([cipher.update(Buffer.from(plaintext as string)), cipher.final()])
  return [aad, '', part(nonce), part(body), part(cipher.getAuthTag())].join('.')
}

describe('JW-21: a nested token', () => {
  it('opens as what it was, and shows nothing of it', async () => {
    expect(await open(good)).toEqual(ok(INNER))
    expect(JSON.parse(Buffer.from(good.split('.')[0] as string, 'base64url').toString())).toEqual(HEADER)
    expect(await open(jwe(HEADER))).toEqual(ok(INNER))
    expect(good).not.toContain(part(INNER))
    expect(await begun().make(INNER)).not.toBe(good)
  })

  it.each([
    ['alg RSA1_5', { alg: 'RSA1_5' }],
    ['alg RSA-OAEP', { alg: 'RSA-OAEP' }],
    ['alg A256KW', { alg: 'A256KW' }],
    ['alg A256GCMKW', { alg: 'A256GCMKW', iv: 'AAAAAAAAAAAAAAAA', tag: 'AAAAAAAAAAAAAAAAAAAAAA' }],
    ['alg ECDH-ES', { alg: 'ECDH-ES', epk: { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' } }],
    ['alg PBES2', { alg: 'PBES2-HS256+A128KW', p2s: 'AAAAAAAAAAA', p2c: 1_000_000_000 }],
    ['alg none', { alg: 'none' }],
    ['alg DIR', { alg: 'DIR' }],
    ['no alg', { alg: undefined }],
    ['enc A128GCM', { enc: 'A128GCM' }],
    ['enc A256CBC-HS512', { enc: 'A256CBC-HS512' }],
    ['enc a256gcm', { enc: 'a256gcm' }],
    ['no enc', { enc: undefined }],
    ['zip', { zip: 'DEF' }],
    ['an unknown zip', { zip: 'GZ' }],
    ['crit', { crit: ['x'], x: 1 }],
    ['an empty crit', { crit: [] }],
    ['crit of a name that is known', { crit: ['cty'] }],
    ['b64 as critical', { crit: ['b64'], b64: false }],
    ['no cty', { cty: undefined }],
    ['another cty', { cty: 'text/plain' }],
    ['another kid', { kid: 'AAAAAAAAAAAAAAAA' }],
    ['no kid', { kid: undefined }],
    ['a kid that is a path', { kid: '../../etc/passwd' }],
    ['a kid of a prototype', { kid: '__proto__' }],
  ])('with %s is refused, although our key made it', async (_, header) => {
    const reader = vi.fn(() => ok('read'))
    expect(await begun().opened(jwe({ ...HEADER, ...header }), reader)).toBe(MALFORMED)
    expect(reader).not.toHaveBeenCalled()
  })

  it('a billion rounds of a password function are not begun', async () => {
    const header = { ...HEADER, alg: 'PBES2-HS512+A256KW', p2s: 'AAAAAAAAAAA', p2c: 1_000_000_000 }
    const [aad, , iv, body, tag] = jwe(header).split('.')
    const bomb = [aad, part(randomBytes(40)), iv, body, tag].join('.')
    await open(good)
    const began = performance.now()
    for (const text of [bomb, jwe(header), jwe({ ...HEADER, p2c: 1_000_000_000, alg: 'PBES2-HS256+A128KW' })]) {
      expect(await open(text)).toBe(MALFORMED)
    }
    expect(performance.now() - began).toBeLessThan(1000)
  })

  it('a bomb of compressed text is not blown up', async () => {
    const made = await new CompactEncrypt(Buffer.alloc(2_000_000))
      .setProtectedHeader({ ...HEADER, zip: 'DEF' } as CompactJWEHeaderParameters)
      .encrypt(key)
    expect(made.length).toBeLessThan(12_288)
    expect(await open(made)).toBe(MALFORMED)
    // Nor is anything else: what is compressed tells of its text by its length.
    const honest = await new CompactEncrypt(Buffer.from(INNER))
      .setProtectedHeader({ ...HEADER, zip: 'DEF' } as CompactJWEHeaderParameters)
      .encrypt(key)
    expect(await open(honest)).toBe(MALFORMED)
  })

  it.each([
    ['three parts', INNER],
    ['four parts', good.split('.').slice(0, 4).join('.')],
    ['six parts', `${good}.AAAA`],
    ['an encrypted key', good.replace('..', '.AAAA.')],
    ['an empty nonce', good.split('.').with(2, '').join('.')],
    ['an empty text', good.split('.').with(3, '').join('.')],
    ['an empty tag', good.split('.').with(4, '').join('.')],
    ['a short tag', good.split('.').with(4, 'AAAAAAAAAAAAAAAA').join('.')],
    ['a short nonce', good.split('.').with(2, 'AAAA').join('.')],
    ['a space', `${good} `],
    ['a line', `${good}\n`],
    ['padding', `${good}==`],
    ['nothing', ''],
    ['dots', '....'],
    ['more than is ever made', jwe(HEADER, 'x'.repeat(9200))],
    ['a megabyte', `${good}${'A'.repeat(1_000_000)}`],
    ['a header that is no JSON', jwe('no JSON')],
    ['a header that is a list', jwe('["dir"]')],
    ['a header of null', jwe('null')],
  ])('%s is none', async (_, text) => {
    expect(await open(text)).toBe(MALFORMED)
  })

  it('JW-06: with any one character different is refused, unused bits among them', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    // Of a length that leaves bits unused in its text; the tag has some anyway.
    const token = await begun().make(`${INNER}.`)
    for (let at = 0; at < token.length; at += 1) {
      const step = alphabet.indexOf(token.charAt(at))
      for (const other of [alphabet.charAt((step + 1) % 64), alphabet.charAt((step + 33) % 64), '.', '=', '\u0141']) {
        if (other === token.charAt(at)) continue
        const altered = token.slice(0, at) + other + token.slice(at + 1)
        expect((await open(altered)).ok, `character ${at} as ${other}`).toBe(false)
      }
    }
  })

  it('is refused by the reader whatever is inside: being encrypted proves nothing', async () => {
    const opened = await begun().opened(jwe(HEADER, 'not.signed.here'), (inner) => {
      expect(inner).toBe('not.signed.here')
      return MALFORMED
    })
    expect(opened).toBe(MALFORMED)
  })

  it('that was opened is handed to the reader again, at once, and judged again', async () => {
    const by = begun()
    let answer: Result<string> = ok('good')
    expect(await by.opened(good, () => answer)).toEqual(ok('good'))
    expect(by.opened(good, () => answer)).toEqual(ok('good'))
    answer = MALFORMED
    expect(by.opened(good, () => answer)).toBe(MALFORMED)
    // One that did not open is not remembered.
    const broken = good.slice(0, -3) + (good.endsWith('AAA') ? 'BBA' : 'AAA')
    const late = by.opened(broken, () => ok('good'))
    expect(late).toBeInstanceOf(Promise)
    expect(await late).toBe(MALFORMED)
    expect(by.opened(broken, () => ok('good'))).toBeInstanceOf(Promise)
  })

  it('KM-09: of another purpose or another secret does not open', async () => {
    for (const other of [macKey(SECRET, 'refresh'), macKey(SECRET, 'csrf'), macKey(OLDER, 'token encryption')]) {
      expect(await open(good, begun(other))).toBe(MALFORMED)
      expect(await open(await begun(other).make(INNER))).toBe(MALFORMED)
      // Under our name.
      expect(await open(jwe(HEADER, INNER, other))).toBe(MALFORMED)
    }
  })

  it('of an older master secret opens while that is listed', async () => {
    const older = macKey(OLDER, 'token encryption')
    const before = await begun(older).make(INNER)
    expect(await open(before, begun(key, older))).toEqual(ok(INNER))
    expect(await open(await begun(key, older).make(INNER))).toEqual(ok(INNER))
    expect(await open(before)).toBe(MALFORMED)
    await expect(encryption([]).make(INNER)).rejects.toThrow(RangeError)
  })
})
