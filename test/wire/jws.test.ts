import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compact, encoded, MAX_TOKEN, parseCompact, payloadOf } from '../../src/wire/jws.ts'
import { fixed } from '../support/property.ts'
import { part } from '../support/signed.ts'

const TYP = 'at+jwt'
const HEADER = { typ: TYP, alg: 'EdDSA', kid: 'one' }
const SIGNATURE = Buffer.alloc(64, 7).toString('base64url')
const PAYLOAD = { sub: 'ada' }

const made = (header: object | string | Buffer, payload: object | string | Buffer = PAYLOAD, signature = SIGNATURE) =>
  `${part(header)}.${part(payload)}.${signature}`
const good = made(HEADER)
const parse = (token: string) => parseCompact(token, TYP)

/** What stands in the payload, for texts that are no objects too. */
const payload = (given: object | string | Buffer) => {
  const parsed = parse(made(HEADER, given))
  if (parsed === null) throw new Error('the form is good')
  return payloadOf(parsed)
}

const header = (text: string) => parse(made(text))

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

describe('JW-02: the algorithm is text, and is compared by whoever has the key', () => {
  it.each([
    ['a list', ['EdDSA']],
    ['null', null],
    ['a number', 1],
    ['true', true],
    ['an object', {}],
    ['missing', undefined],
  ])('%s is refused', (_, alg) => {
    expect(parse(made({ ...HEADER, alg }))).toBeNull()
  })

  it('is handed on as it stands', () => {
    for (const alg of ['none', 'None', 'none ', '', 'hs256', 'eddsa']) {
      expect(parse(made({ ...HEADER, alg }))?.alg).toBe(alg)
    }
  })
})

describe('JW-04: keys in a token are refused', () => {
  it.each([
    ['jwk', { kty: 'oct', k: 'AAAA' }],
    ['jku', 'https://evil.example/keys'],
    ['x5u', 'https://evil.example/chain'],
    ['x5c', ['AAAA']],
    ['x5t', 'AAAA'],
    ['x5t#S256', 'AAAA'],
    ['jwk', null],
  ])('%s', (name, value) => {
    expect(parse(made({ ...HEADER, [name]: value }))).toBeNull()
    expect(parse(made({ [name]: value, ...HEADER }))).toBeNull()
    // In another spelling of the same name.
    const escaped = `\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${name.slice(1)}`
    expect(header(JSON.stringify({ ...HEADER, [name]: value }).replace(`"${name}"`, `"${escaped}"`))).toBeNull()
  })
})

describe('JW-05: a kid is a bounded name', () => {
  it.each([
    ['a path', '../../etc/passwd'],
    ['an absolute path', '/dev/null'],
    ['SQL', "' OR 1=1 --"],
    ['a command', '$(id)'],
    ['a line', 'one\n'],
    ['a space', 'one '],
    ['a dot', 'a.b'],
    ['a letter of another script', 'on\u00e9'],
    ['nothing', ''],
    ['65 characters', 'k'.repeat(65)],
    ['ten thousand characters', 'k'.repeat(10_000)],
    ['a number', 1],
    ['an object', { toString: 'one' }],
    ['a list', ['one']],
    ['null', null],
    ['true', true],
    ['missing', undefined],
  ])('%s is refused', (_, kid) => {
    expect(parse(made({ ...HEADER, kid }))).toBeNull()
  })

  it('is not read through a prototype, nor leads to one', () => {
    expect(header('{"typ":"at+jwt","alg":"EdDSA","__proto__":{"kid":"one"}}')).toBeNull()
    expect(header('{"__proto__":{"kid":"one","alg":"EdDSA","typ":"at+jwt"}}')).toBeNull()
    expect(parse(made({ ...HEADER, kid: 'k'.repeat(64) }))?.kid).toHaveLength(64)
    expect(parse(made({ ...HEADER, kid: '__proto__' }))?.kid).toBe('__proto__')
  })
})

describe('JW-07: nothing critical is understood', () => {
  it.each([
    ['an unknown name', { crit: ['x'], x: 1 }],
    ['an empty list', { crit: [] }],
    ['a name twice', { crit: ['x', 'x'], x: 1 }],
    ['no list', { crit: 'x', x: 1 }],
    ['null', { crit: null }],
    ['a registered name', { crit: ['alg'] }],
    ['a name that is not there', { crit: ['x'] }],
    ['b64 as critical', { crit: ['b64'], b64: true }],
    ['b64: false as critical', { crit: ['b64'], b64: false }],
    ['b64: false alone', { b64: false }],
    ['b64: true alone', { b64: true }],
  ])('%s is refused', (_, members) => {
    expect(parse(made({ ...HEADER, ...members }))).toBeNull()
  })
})

describe('JW-08: a name twice is refused', () => {
  const rest = '"typ":"at+jwt","alg":"EdDSA","kid":"one"'

  it.each([
    ['alg', `{${rest},"alg":"none"}`],
    ['alg first', `{"alg":"none",${rest}}`],
    ['alg the same', `{"alg":"EdDSA",${rest}}`],
    ['kid', `{${rest},"kid":"two"}`],
    ['typ', `{"typ":"JWT",${rest}}`],
    ['alg, escaped', `{${rest},"\\u0061lg":"none"}`],
    ['alg, escaped first', `{"\\u0061lg":"none",${rest}}`],
    ['a name that means nothing', `{${rest},"x":1,"x":2}`],
    ['a name deeper down', `{${rest},"x":{"y":1,"y":2}}`],
    ['a name in a list', `{${rest},"x":[{"y":1,"y":[]}]}`],
  ])('%s in the header', (_, text) => {
    expect(header(`{${rest}}`)).not.toBeNull()
    expect(header(text)).toBeNull()
  })

  it.each([
    ['sub', '{"sub":"ada","sub":"bob"}'],
    ['exp', '{"exp":1,"sub":"ada","exp":2}'],
    ['roles', '{"roles":["member"],"roles":["admin"]}'],
    ['roles, escaped', '{"roles":["member"],"\\u0072oles":["admin"]}'],
    ['sub, escaped first', '{"s\\u0075b":"bob","sub":"ada"}'],
    ['a name beside text of another script', '{"sub":"\u00e9","sub":"bob"}'],
    ['a name deeper down', '{"ses":{"exp":1,"exp":2}}'],
    ['a name of a prototype', '{"__proto__":1,"__proto__":2}'],
    ['the empty name', '{"":1,"":2}'],
    ['a name with a quote made up for', '{"sub":"a","sub":"b","x":"\\"\\""}'],
  ])('%s in the payload', (_, text) => {
    expect(JSON.parse(text)).toBeTypeOf('object')
    expect(payload(text)).toBeNull()
  })

  it('and one in two objects is not', () => {
    expect(payload('{"exp":1,"ses":{"exp":2},"all":[{"exp":3},{"exp":4}]}')).toEqual({
      exp: 1,
      ses: { exp: 2 },
      all: [{ exp: 3 }, { exp: 4 }],
    })
    expect(payload('{"sub":"sub","x":["sub","sub"]}')).toEqual({ sub: 'sub', x: ['sub', 'sub'] })
    expect(payload('{"n\\u0061me":"\\"quoted\\""}')).toEqual({ name: '"quoted"' })
  })

  it('never, as JSON that names nothing twice says what JSON.parse says', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'sub', '\\u0061', '\u00e9')
    const value = fc.constantFrom(
      '1',
      '"x"',
      '"a"',
      '[]',
      '["a","b"]',
      '{"a":1}',
      '{"a":"b","b":"a"}',
      '{"a":1,"a":1}',
      'null',
    )
    const property = fc.property(fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 6 }), (members) => {
      const text = `{${members.map(([key, content]) => `"${key}":${content}`).join(',')}}`
      const names = members.map(([key]) => JSON.parse(`"${key}"`))
      const twice = new Set(names).size < names.length || text.includes('{"a":1,"a":1}')
      expect(payload(text)).toEqual(twice ? null : JSON.parse(text))
    })
    fc.assert(property, fixed(2000))
  })
})

describe('JW-14: the kind of a token', () => {
  it.each(['at+jwt', 'application/at+jwt', 'AT+JWT', 'Application/At+Jwt'])('%s is the kind', (typ) => {
    expect(parse(made({ ...HEADER, typ }))).not.toBeNull()
  })

  it.each([
    ['JWT'],
    ['logout+jwt'],
    ['dpop+jwt'],
    ['dbsc+jwt'],
    ['jwt'],
    ['at'],
    ['at+jwt '],
    ['at+jwt;x=1'],
    ['text/at+jwt'],
    ['application/x/at+jwt'],
    ['application/application/at+jwt'],
    ['\u212At+jwt'],
    [''],
    [null],
    [['at+jwt']],
    [undefined],
  ])('%s is another', (typ) => {
    expect(parse(made({ ...HEADER, typ }))).toBeNull()
  })

  it('a header that was good for one kind is not for another', () => {
    expect(parseCompact(good, TYP)).not.toBeNull()
    expect(parseCompact(good, 'dpop+jwt')).toBeNull()
    const other = made({ ...HEADER, typ: 'dpop+jwt' })
    expect(parseCompact(other, 'dpop+jwt')).not.toBeNull()
    expect(parseCompact(other, TYP)).toBeNull()
  })

  it.each(['enc', 'zip'])('JW-21: a member %s belongs to another kind of token', (name) => {
    expect(parse(made({ ...HEADER, [name]: 'DEF' }))).toBeNull()
  })
})

describe('JW-18: strict JSON objects only', () => {
  const bodies: readonly (readonly [string, string | Buffer])[] = [
    ['a list', '[]'],
    ['a text', '"sub"'],
    ['null', 'null'],
    ['a number', '1'],
    ['true', 'true'],
    ['data behind', '{"sub":"ada"}x'],
    ['a second object', '{"sub":"ada"}{}'],
    ['a NUL behind', '{"sub":"ada"}\0'],
    ['a comment', '{"sub":"ada"/* */}'],
    ['a comma too many', '{"sub":"ada",}'],
    ['single quotes', "{'sub':'ada'}"],
    ['a line in a text', '{"sub":"a\nda"}'],
    ['NaN', '{"sub":NaN}'],
    ['a byte order mark', '\ufeff{"sub":"ada"}'],
    ['UTF-16', Buffer.from('{"sub":"ada"}', 'utf16le')],
    ['UTF-16 with its mark', Buffer.from('\ufeff{"sub":"ada"}', 'utf16le')],
    ['invalid UTF-8', Buffer.from([...Buffer.from('{"sub":"'), 0xff, ...Buffer.from('"}')])],
    ['an overlong character', Buffer.from([...Buffer.from('{"sub":"'), 0xc0, 0xaf, ...Buffer.from('"}')])],
    ['a surrogate in UTF-8', Buffer.from([...Buffer.from('{"sub":"'), 0xed, 0xa0, 0x80, ...Buffer.from('"}')])],
    ['half a character', Buffer.from([...Buffer.from('{"sub":"'), 0xe2, 0x82, ...Buffer.from('"}')])],
    ['half a surrogate pair', '{"sub":"\\ud800"}'],
    ['random bytes', randomBytes(60)],
  ]

  it.each(bodies)('%s is no payload', (_, body) => {
    expect(payload(body)).toBeNull()
  })

  it.each(bodies)('%s is no header', (_, body) => {
    expect(parse(made(body))).toBeNull()
    // As the rest of a header that is good.
    const text = Buffer.isBuffer(body) ? body.toString('latin1') : body
    const within = text.replace('"sub":', '"typ":"at+jwt","alg":"EdDSA","kid":"one","sub":')
    expect(parse(made(Buffer.from(within, 'latin1')))).toBeNull()
  })

  it('text of any script is', () => {
    expect(payload('{"name":"\u0416\u6f22\u{1f600}"}')).toEqual({ name: '\u0416\u6f22\u{1f600}' })
  })
})

describe('JW-17: size and structure are limited before anything is decoded', () => {
  const spent = (text: string): number => {
    const began = performance.now()
    expect(parse(text)).toBeNull()
    return performance.now() - began
  }

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
    // The quickest of a few: what else the machine does only adds.
    expect(Math.min(spent(text), spent(text), spent(text))).toBeLessThan(5)
  })

  it('the deepest payload that fits does no harm', () => {
    const deep = (depth: number) => `{"x":${'['.repeat(depth)}${']'.repeat(depth)}}`
    expect(() => payload(deep(3000))).not.toThrow()
    expect(payload(`{"x":"\u00e9","y":${'['.repeat(7)}${']'.repeat(7)}}`)).toBeNull()
  })
})

describe('JW-22: names of prototypes', () => {
  it('are members of their own and nothing else', () => {
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      for (const text of [`{"${name}":{"admin":true,"x":1}}`, `{"${name}":{"admin":"\u00e9"}}`]) {
        const read = payload(text)
        expect(({} as Record<string, unknown>).admin).toBeUndefined()
        expect((read as Record<string, unknown> | null)?.admin).toBeUndefined()
        if (read) expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
      }
    }
    const found = header('{"typ":"at+jwt","alg":"EdDSA","kid":"one","__proto__":{"alg":"none"}}')
    expect(found?.alg ?? 'EdDSA').toBe('EdDSA')
  })
})
