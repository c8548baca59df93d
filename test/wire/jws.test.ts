import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compact, encoded, MAX_TOKEN, payloadOf } from '../../src/wire/jws.ts'
import { leastEffort } from '../support/effort.ts'
import { fixed } from '../support/property.ts'
import { part } from '../support/signed.ts'
import { good, HEADER, header, made, PAYLOAD, parse, payload, SIGNATURE } from './compact.ts'

describe('a token in good form', () => {
  it('is read as what it is', () => {
    const parsed = parse(good)
    expect(parsed).toMatchObject({ kid: 'one', alg: 'EdDSA', input: good.slice(0, good.lastIndexOf('.')) })
    expect(parsed?.signature).toEqual(Buffer.alloc(64, 7))
    expect(parsed && payloadOf(parsed)).toEqual(PAYLOAD)
  })

  it('is what is made', () => {
    const signed: string[] = []
    const token = compact(encoded(HEADER), PAYLOAD, (input) => {
      signed.push(input)
      return SIGNATURE
    })
    expect(token).toBe(good)
    expect(signed).toEqual([good.slice(0, good.lastIndexOf('.'))])
  })

  it('may have a header in any order, with space in it and with members that mean nothing', () => {
    expect(header('{"kid":"one","typ":"at+jwt","alg":"EdDSA"}')).not.toBeNull()
    expect(header(' { "typ" : "at+jwt" ,\n "alg":"EdDSA","kid":"one"}')).not.toBeNull()
    expect(header('{"typ":"at+jwt","alg":"EdDSA","kid":"one","cty":"x","n":[1]}')).not.toBeNull()
  })
})

describe('JW-06: only the compact form in its one spelling', () => {
  const [h, p, s] = good.split('.') as [string, string, string]

  it.each([
    ['nothing', ''],
    ['a dot', '.'],
    ['two dots', '..'],
    ['one part', h],
    ['two parts', `${h}.${p}`],
    ['four parts', `${good}.${s}`],
    ['five parts', `${h}..${p}.${s}.${s}`],
    ['no header', `.${p}.${s}`],
    ['no payload', `${h}..${s}`],
    ['no signature', `${h}.${p}.`],
    ['a dot before', `.${good}`],
    ['a dot behind', `${good}.`],
    ['a space before', ` ${good}`],
    ['a space behind', `${good} `],
    ['a line behind', `${good}\n`],
    ['a line in the middle', `${h}.${p.slice(0, 4)}\n${p.slice(4)}.${s}`],
    ['a NUL behind', `${good}\0`],
    ['padding', `${h}.${p}.${s}==`],
    ['padding of the header', `${h}=.${p}.${s}`],
    ['a tab', `${h}\t.${p}.${s}`],
    ['a question mark', `${good}?`],
    ['a percent sign', good.replace('.', '%2E')],
    ['Bearer', `Bearer ${good}`],
    ['quotes', `"${good}"`],
    ['the JSON serialization', JSON.stringify({ protected: h, payload: p, signature: s })],
    ['the general JSON serialization', JSON.stringify({ payload: p, signatures: [{ protected: h, signature: s }] })],
    ['an object', '[object Object]'],
  ])('%s is refused', (_, text) => {
    expect(parse(good)).not.toBeNull()
    expect(parse(text)).toBeNull()
  })

  it('the alphabet of plain base64 is refused', () => {
    const odd = made(HEADER, PAYLOAD, Buffer.alloc(63, 0xff).toString('base64url'))
    expect(odd).toContain('_')
    expect(parse(odd)).not.toBeNull()
    expect(parse(odd.replaceAll('_', '/'))).toBeNull()
    const plus = made(HEADER, PAYLOAD, Buffer.alloc(63, 0xfb).toString('base64url'))
    expect(plus).toContain('-')
    expect(parse(plus)).not.toBeNull()
    expect(parse(plus.replaceAll('-', '+'))).toBeNull()
  })

  it('letters of other scripts that end in the byte of a good one are refused', () => {
    for (const at of [2, h.length + 3, good.length - 4]) {
      const twin = String.fromCharCode(good.charCodeAt(at) + 0x100)
      expect(parse(good.slice(0, at) + twin + good.slice(at + 1)), `at ${at}`).toBeNull()
      const surrogate = String.fromCharCode(0xd800 + good.charCodeAt(at))
      expect(parse(good.slice(0, at) + surrogate + good.slice(at + 1)), `at ${at}`).toBeNull()
    }
  })

  it('unused bits are zero, in every part and of every length', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    for (let length = 1; length <= 9; length += 1) {
      const bytes = Buffer.alloc(length, 0x5a)
      const text = bytes.toString('base64url')
      const spellings = [...alphabet].filter((last) => {
        const other = text.slice(0, -1) + last
        return Buffer.from(other, 'base64url').equals(bytes) && parse(`${h}.${p}.${other}`) !== null
      })
      expect(spellings, `${length} bytes`).toEqual([text.at(-1)])
    }
    // One character of four holds no byte.
    for (const last of alphabet) expect(parse(`${h}.${p}.AAAA${last}`)).toBeNull()
    const body = part('{"sub":"ada"} ')
    expect(body.length % 4).not.toBe(0)
    const next = alphabet[alphabet.indexOf(body.at(-1) as string) + 1]
    expect(parse(`${h}.${body}.${s}`)).not.toBeNull()
    expect(parse(`${h}.${body.slice(0, -1)}${next}.${s}`)).toBeNull()
  })

  it('is canonical: of all texts only one stands for what was signed', () => {
    const texts = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
      fc.string({ unit: fc.constantFrom(...'AQgwZz09-_+/= .\n\u0141\u00c1'), maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 12 }),
    )
    const property = fc.property(texts, (text) => {
      const bytes = Buffer.from(text, 'base64url')
      const canonical = text !== '' && bytes.toString('base64url') === text
      expect(parse(`${h}.${p}.${text}`) !== null).toBe(canonical)
      expect(parse(`${h}.${text}.${s}`) !== null).toBe(canonical)
    })
    fc.assert(property, fixed(4000))
  })

  it('never throws, whatever the text is', () => {
    const pieces = fc.constantFrom(
      h,
      p,
      s,
      '.',
      '..',
      '=',
      part('{}'),
      part('[]'),
      part('{"kid":1}'),
      '\u{1f4a9}',
      '\ud800',
    )
    const joined = fc.array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 7 })
    const property = fc.property(joined, (parts) => {
      const text = parts.join('')
      if (parse(text) !== null) expect(text).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
    })
    fc.assert(property, fixed(3000))
  })
})

describe('JW-17: size and structure are limited before anything is decoded', () => {
  it('the longest token is read, and one that is longer is not', () => {
    const most = MAX_TOKEN - good.length + part(PAYLOAD).length
    const body = 'A'.repeat(most - (most % 4))
    const token = `${part(HEADER)}.${body}.${SIGNATURE}`
    expect(token.length).toBeLessThanOrEqual(MAX_TOKEN)
    expect(token.length).toBeGreaterThan(MAX_TOKEN - 4)
    expect(parse(token)).not.toBeNull()
    expect(parse(`${part(HEADER)}.${body}AAAA.${SIGNATURE}`)).toBeNull()
  })

  it('a header that is too long is refused', () => {
    expect(parse(made({ ...HEADER, x: 'x'.repeat(900) }))).not.toBeNull()
    expect(parse(made({ ...HEADER, x: 'x'.repeat(1024) }))).toBeNull()
  })

  it.each([
    ['16 kB', () => made(HEADER, 'x'.repeat(12_288))],
    ['1 MB', () => made(HEADER, 'x'.repeat(1_000_000))],
    ['1 MB in the header', () => made({ ...HEADER, x: 'x'.repeat(1_000_000) })],
    ['1 MB in the signature', () => made(HEADER, PAYLOAD, 'A'.repeat(1_000_000))],
    ['50,000 deep', () => made(HEADER, '['.repeat(50_000))],
    ['50,000 deep in the header', () => made(`{"typ":"at+jwt","x":${'['.repeat(50_000)}`)],
    ['100,000 claims', () => made(HEADER, `{${Array.from({ length: 100_000 }, (_, n) => `"c${n}":1`).join()}}`)],
    ['100,000 dots', () => '.'.repeat(100_000)],
    ['dots up to the limit', () => '.'.repeat(MAX_TOKEN)],
    ['4,000 deep in the header', () => made(`{"x":${'['.repeat(4000)}`)],
  ])('%s is refused in no time', (_, make) => {
    const text = make()
    expect(parse(text)).toBeNull()
    expect(leastEffort(() => parse(text))).toBeLessThan(5)
  })

  it('the deepest payload that fits does no harm', () => {
    const deep = (depth: number) => `{"x":${'['.repeat(depth)}${']'.repeat(depth)}}`
    expect(() => payload(deep(3000))).not.toThrow()
    expect(payload(`{"x":"\u00e9","y":${'['.repeat(7)}${']'.repeat(7)}}`)).toBeNull()
  })
})
