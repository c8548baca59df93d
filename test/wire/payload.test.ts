import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJsonStrict } from '../../src/wire/json.ts'
import { MAX_TOKEN, parseCompact, payloadOf } from '../../src/wire/jws.ts'
import { fixed } from '../support/property.ts'

/*
 * Honest tokens are read by a short way, and everything else by the strict reader of `wire/json.ts`. The short way may not
 * let anything pass that the strict one refuses.
 */

const LIMITS = { length: MAX_TOKEN, depth: 6, members: 200 }

const part = (text: string) => Buffer.from(text).toString('base64url')
const HEADER = part('{"typ":"at+jwt","alg":"EdDSA","kid":"one"}')
const payload = (text: string) => {
  const parsed = parseCompact(`${HEADER}.${part(text)}.AAAA`, 'at+jwt')
  return parsed && payloadOf(parsed)
}
const header = (text: string) => parseCompact(`${part(text)}.e30.AAAA`, 'at+jwt')
const strictly = (text: string) => {
  const strict = parseJsonStrict(text, LIMITS)
  return strict.ok ? strict.value : null
}

/** ASCII and without escapes, so that the short way is tried; `wide` is what sends a text the long way. */
const ways = (text: string) => [text, text.replace(/\}$/, ',"wide":"\u00e9"}')]
const nested = (depth: number) => `{"x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
const objects = (depth: number) => `${'{"x":'.repeat(depth)}1${'}'.repeat(depth)}`
const members = (count: number) => `{${Array.from({ length: count }, (_, n) => `"m${n}":${n}`).join()}}`

describe('what the short way lets pass', () => {
  it.each([
    ['JW-17: as deep as allowed', nested(6), true],
    ['JW-17: too deep, in lists', nested(7), false],
    ['JW-17: too deep, in objects', objects(7), false],
    ['JW-17: a thousand deep', nested(1000), false],
    ['JW-17: as many members as allowed', members(199), true],
    ['JW-17: too many members', members(201), false],
    ['JW-17: many texts and few members', `{"x":[${Array(400).fill('"a"').join()}]}`, true],
    ['JW-18: a number that is too large for one', '{"exp":1e400}', false],
    ['JW-18: one deeper down', '{"x":[{"exp":-1e999}]}', false],
    ['JW-18: half a surrogate pair, escaped', '{"sub":"\\ud800"}', false],
    ['JW-18: a whole one, escaped', '{"sub":"\\ud83d\\ude00 \\""}', true],
    ['JW-22: __proto__', '{"__proto__":{"admin":true}}', false],
    ['JW-22: constructor', '{"x":{"constructor":{"prototype":{"admin":true}}}}', false],
    ['JW-22: prototype in a list', '{"x":[{"prototype":1}]}', false],
    ['JW-22: such names as values', '{"x":["__proto__","constructor"],"y":"prototype"}', true],
    ['JW-08: a name twice', '{"sub":"ada","sub":"ada"}', false],
    ['JW-08: a name twice, without texts', '{"exp":1,"exp":1}', false],
    ['JW-08: a number for a name, twice', '{"1":1,"1":2}', false],
  ])('%s', (_, text, good) => {
    for (const way of ways(text)) {
      expect(payload(way) !== null, way.slice(0, 80)).toBe(good)
      expect(strictly(way) !== null).toBe(good)
    }
    expect(({} as { admin?: unknown }).admin).toBeUndefined()
  })

  it('JW-17: holds for headers too', () => {
    const all = '"typ":"at+jwt","alg":"EdDSA","kid":"one"'
    const more = (count: number) => Array.from({ length: count }, (_, n) => `,"m${n}":${n}`).join('')
    expect(header(`{${all}${more(13)}}`)).not.toBeNull()
    expect(header(`{${all}${more(14)}}`)).toBeNull()
    expect(header(`{${all},"x":[[]]}`)).not.toBeNull()
    expect(header(`{${all},"x":[[[]]]}`)).toBeNull()
    expect(header(`{${all},"__proto__":{}}`)).toBeNull()
    expect(header(`{${all},"constructor":1}`)).toBeNull()
  })

  it('JW-08 JW-17 JW-18 JW-22: is what the strict reader lets pass, and says the same', () => {
    const piece = fc.constantFrom(
      ...['{', '}', '[', ']', ':', ',', '"', ' ', '\n', '\\', '\\u0061', '\u00e9', '\ud83d\ude00', '\u007f', '\t'],
      ...[
        '"a"',
        '"b"',
        '""',
        '"1"',
        '"__proto__"',
        '"constructor"',
        '"a":',
        '"b":',
        '"1":',
        '"__proto__":',
        '"prototype":',
      ],
      ...['1', '-0', '1e400', '1.5', 'true', 'null', '{}', '[]', '{"a":1}', '["a"]', '{"a":"b"}', '[[[[[[]]]]]]'],
    )
    const loose = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''))
    const name = fc.constantFrom('a', 'b', 'c', '1', 'sub', 'prototype', '\\u0061', '\u00e9')
    const value = fc.letrec<{ any: string }>((tie) => ({
      any: fc.oneof(
        { depthSize: 'large' },
        fc.constantFrom('1', '"a"', '""', '1e400', 'null', '"\\""', '"\u00e9"', '"\\ud800"', 'true'),
        fc.array(tie('any'), { maxLength: 3 }).map((items) => `[${items.join()}]`),
        fc
          .array(fc.tuple(name, tie('any')), { maxLength: 4 })
          .map((list) => `{${list.map(([key, item]) => `"${key}":${item}`).join()}}`),
      ),
    })).any
    const object = fc.array(fc.tuple(name, value), { maxLength: 5 }).map((list) => {
      return `{${list.map(([key, item]) => `"${key}":${item}`).join()}}`
    })
    let passed = 0
    const property = fc.property(fc.oneof(loose, object, object), (text) => {
      const strict = text === '' ? null : strictly(text)
      expect(payload(text)).toEqual(strict)
      if (strict !== null) passed += 1
    })
    fc.assert(property, fixed(6000))
    // Otherwise nothing would have been compared.
    expect(passed).toBeGreaterThan(1000)
  })
})

describe('where somebody gave every object a member', () => {
  it('JW-08: it does not make up for a name that occurs twice', () => {
    let read: readonly unknown[]
    Object.defineProperty(Object.prototype, 'inherited', { value: 1, enumerable: true, configurable: true })
    try {
      read = ['{"sub":1,"sub":2}', '{"sub":"ada"}', '{"x":[{"sub":1,"sub":2}]}'].map(payload)
    } finally {
      Reflect.deleteProperty(Object.prototype, 'inherited')
    }
    expect(read).toEqual([null, { sub: 'ada' }, null])
  })
})
