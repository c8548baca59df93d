import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fixed } from '../support/property.ts'
import { header, made, parse, payload } from './compact.ts'

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
