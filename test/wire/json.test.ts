import { describe, expect, it } from 'vitest'
import { JSON_LIMITS, parseJsonStrict } from '../../src/wire/json.ts'

const detail = (text: string, limits = JSON_LIMITS) => {
  const result = parseJsonStrict(text, limits)
  return result.ok ? null : result.detail
}

describe('parseJsonStrict', () => {
  it.each([
    '{}',
    ' \r\n\t{ "a" : 1 } ',
    '{"a":{"a":{"a":[]}},"b":[{"a":1},{"a":2}]}',
    '{"a":"{\\"a\\":1,\\"a\\":2}","b":"[[[","c":",\\"c\\":"}',
    '{"a":[1,"a","a",{"a":0}],"A":null,"a ":true}',
    '{"n":[0,-0,1.5,-1e10,1E-400,12345678901234567890]}',
    '{"s":"\\u00e9 \\ud83d\\ude00 😀 \\\\ \\" \\/ \\b"}',
    '{"\\\\":1,"\\\\\\"":2}',
    '{"":1}',
    '{"toString":1,"hasOwnProperty":2}',
  ])('reads %j as JSON.parse does', (text) => {
    expect(parseJsonStrict(text)).toEqual({ ok: true, value: JSON.parse(text) })
  })

  it.each([
    '{"alg":1,"alg":2}',
    '{"alg":1,"b":{},"alg":1}',
    '{"alg":1,"\\u0061lg":2}',
    '{"\\u0061lg":1,"alg":2}',
    '{"\\u0061lg":1,"\\u0061\\u006cg":2}',
    '{"/":1,"\\/":2}',
    '{"x":{"roles":[],"roles":["admin"]}}',
    '{"x":[{"a":1,"a":2}]}',
    '{"":1,"":2}',
    '{"a" :1 , "a"\n:2}',
  ])('JW-08: a name that occurs twice is refused: %j', (text) => {
    expect(detail(text)).toBe('A member name occurs twice')
  })

  it.each([
    '{"__proto__":{"admin":true}}',
    '{"\\u005f_proto__":1}',
    '{"a":{"constructor":{}}}',
    '{"a":[{"prototype":1}]}',
  ])('JW-22, ER-05: names that lead to a prototype are refused: %j', (text) => {
    expect(detail(text)).toBe('A member name is not allowed')
    expect(({} as { admin?: unknown }).admin).toBeUndefined()
  })

  it('JW-22: they may be values', () => {
    expect(detail('{"a":"__proto__","b":["constructor"]}')).toBeNull()
  })

  it.each([
    '{"password":"\\ud800"}',
    '{"password":"\\udc00\\ud800"}',
    '{"\\udfff":1}',
    '{"password":"\\ud83d \\ude00"}',
    `{"password":"${'\ud800'}"}`,
  ])('PW-04: half a surrogate pair is refused: %j', (text) => {
    expect(detail(text)).toMatch(/not valid Unicode/)
  })

  it.each([
    '',
    ' ',
    'null',
    'true',
    '1',
    '"text"',
    '[]',
    '[{}]',
    '{} {}',
    '{}x',
    '\ufeff{}',
    '{"a":1}\0',
    '{',
    '}',
    '{]',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{,}',
    '{"a" "b"}',
    "{'a':1}",
    '{a:1}',
    '{"a":01}',
    '{"a":+1}',
    '{"a":1.}',
    '{"a":NaN}',
    '{"a":"\n"}',
    '{"a":"\\x"}',
    '{"a":"\\u12"}',
    '{"a":"',
    '{"a":"\\',
    '{"a":1}//',
    '{/**/}',
    '{"a":1e400}',
    '{"a":-1e400}',
    `{"a":${'9'.repeat(400)}}`,
  ])('JW-18: %j is refused', (text) => {
    expect(parseJsonStrict(text).ok).toBe(false)
  })

  it('JW-17: depth is bounded', () => {
    const nested = (depth: number) => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
    expect(detail(nested(20))).toBeNull()
    expect(detail(nested(21))).toBe('The JSON text is nested too deeply')
    expect(detail('{"a":'.repeat(10_000))).toBe('The JSON text is nested too deeply')
    expect(detail(nested(3), { ...JSON_LIMITS, depth: 2 })).toBe('The JSON text is nested too deeply')
  })

  it('JW-17: length and members are bounded', () => {
    expect(detail(`{"a":"${'x'.repeat(JSON_LIMITS.length - 8)}"}`)).toBeNull()
    expect(detail(`{"a":"${'x'.repeat(JSON_LIMITS.length - 7)}"}`)).toBe('The JSON text is too long')
    const members = (count: number) =>
      JSON.stringify({ x: Object.fromEntries(Array.from({ length: count - 1 }, (_, n) => [`m${n}`, n])) })
    expect(detail(members(1000))).toBeNull()
    expect(detail(members(1001))).toBe('The JSON object has too many members')
  })

  it('ER-07: a refusal repeats nothing of the text', () => {
    for (const text of [
      '{"secret":1,"secret":2}',
      '{"secret"',
      '{"__proto__":"secret"}',
      '["secret"]',
      '{"a":secret}',
    ]) {
      expect(detail(text)).not.toBeNull()
      expect(detail(text)).not.toContain('secret')
    }
  })
})
