import { describe, expect, expectTypeOf, it } from 'vitest'
import { ConfigurationError } from '../../src/errors.ts'
import {
  type Cookie,
  type CookieAttributes,
  clearCookie,
  MAX_COOKIE,
  readCookie,
  serializeCookie,
} from '../../src/wire/cookie.ts'

const NAME = '__Host-sid'
const one = (value: string) => ({ found: 'one', value })
const none = { found: 'none' }
const many = { found: 'many' }

describe('readCookie', () => {
  it.each([
    ['__Host-sid=abc', one('abc')],
    ['a=1; __Host-sid=abc; b=2', one('abc')],
    ['a=1;__Host-sid=abc;b=2', one('abc')],
    ['a=1; \t__Host-sid \t= \tabc \t; b=2', one('abc')],
    ['__Host-sid=', one('')],
    ['__Host-sid=  ', one('')],
    ['__Host-sid=  ; a=1', one('')],
    ['__Host-sid=a=b==', one('a=b==')],
    ['__Host-sid', none],
    ['a=1; __Host-sid; b=2', none],
    ['x__Host-sid=abc', none],
    ['__Host-sidx=abc', none],
    ['a=__Host-sid=abc', none],
    ['a=1 __Host-sid=abc', none],
    [';;; ; __Host-sid=abc;;', one('abc')],
    ['', none],
    [null, none],
    [undefined, none],
  ])('reads %j as %j', (header, expected) => {
    expect(readCookie(header, NAME)).toEqual(expected)
  })

  it('finds nothing under an empty name', () => {
    expect(readCookie('=x; a=b', '')).toEqual(none)
  })

  it.each([
    '__Host-sid=good; __Host-sid=evil',
    '__Host-sid=evil; __Host-sid=good',
    '__Host-sid=same; __Host-sid=same',
    '__Host-sid=good; a=1; b=2; \t__Host-sid\t=evil',
    '__Host-sid=; __Host-sid=good',
    '__Host-sid=a; __Host-sid=b; __Host-sid=c',
    '__Host-sid=good;__Host-sid=evil',
    '__Host-sid=good,__Host-sid=evil',
    '__Host-sid=good, a=1, __Host-sid=evil',
    'a=1, __Host-sid=evil; __Host-sid=good',
    'a=1, __Host-sid=evil, __Host-sid=good',
  ])('CK-07: a doubled cookie is a conflict, never first or last: %j', (header) => {
    expect(readCookie(header, NAME)).toEqual(many)
  })

  it('CK-07: a value planted behind a comma in another cookie is never taken', () => {
    expect(readCookie('theme=dark, __Host-sid=evil', NAME)).toEqual(none)
    expect(readCookie('theme=dark,__Host-sid=evil; a=1', NAME)).toEqual(none)
  })

  const alien = [
    '\u00a0',
    '\u2003',
    '\u3000',
    '\ufeff',
    '\v',
    '\f',
    '\0',
    '\x7f',
    '\x85',
    '\u200b',
    '\n',
    '\r',
    '"',
    "'",
  ]
  it.each(alien)('CK-08: %j before, inside or behind the name makes another cookie', (character) => {
    for (const name of [`${character}__Host-sid`, `__Host${character}-sid`, `__Host-sid${character}`]) {
      expect(readCookie(`${name}=evil`, NAME)).toEqual(none)
      expect(readCookie(`a=1; ${name}=evil; __Host-sid=good`, NAME)).toEqual(one('good'))
    }
  })

  it.each([
    '__host-sid=evil',
    '__HOST-SID=evil',
    '__Host-SID=evil',
    '%5F%5FHost-sid=evil',
    '__Host%2Dsid=evil',
    '__Host%2dsid=evil',
    '=__Host-sid=evil',
    ' = __Host-sid=evil',
    '==__Host-sid=evil',
  ])('CK-08: %j is not the protected cookie', (header) => {
    expect(readCookie(header, NAME)).toEqual(none)
    expect(readCookie(`${header}; __Host-sid=good`, NAME)).toEqual(one('good'))
  })

  it('CK-09: $Version, $Path and quotes have no meaning', () => {
    const header = '$Version=1; a="x; __Host-sid=REAL; b=y"'
    expect(readCookie(header, NAME)).toEqual(one('REAL'))
    expect(readCookie(header, 'a')).toEqual(one('"x'))
    expect(readCookie(header, 'b')).toEqual(one('y"'))
    expect(readCookie('$Version=1; __Host-sid=x; $Path=/', NAME)).toEqual(one('x'))
    expect(readCookie('__Host-sid="quoted"', NAME)).toEqual(one('"quoted"'))
  })

  it('CK-10: values are not decoded', () => {
    expect(readCookie('__Host-sid=j:{"a":1}', NAME)).toEqual(one('j:{"a":1}'))
    expect(readCookie('__Host-sid=%41%3B', NAME)).toEqual(one('%41%3B'))
    expect(readCookie('__Host-sid=s:abc.def', NAME)).toEqual(one('s:abc.def'))
  })

  it('CK-11: cookies over several lines equal the joined form', () => {
    const lines = new Headers([
      ['cookie', 'a=1'],
      ['cookie', '__Host-sid=abc'],
      ['cookie', 'b=2'],
    ]).get('cookie')
    expect(readCookie(lines, NAME)).toEqual(readCookie('a=1; __Host-sid=abc; b=2', NAME))
    expect(readCookie(lines, NAME)).toEqual(one('abc'))
  })

  it('CK-11: a duplicate over several lines is a conflict', () => {
    const lines = new Headers([
      ['cookie', '__Host-sid=good'],
      ['cookie', '__Host-sid=evil'],
    ]).get('cookie')
    expect(readCookie(lines, NAME)).toEqual(many)
  })
})

const base = { name: 'sid', value: 'abc', path: '/', httpOnly: true, secure: true, sameSite: 'lax' } as const
/** As plain JavaScript would call it: past the compiler, so that the check at run time is what is tested. */
const loose = (change: object) => serializeCookie({ ...base, ...change } as Cookie)

describe('serializeCookie', () => {
  it('CK-01: writes the protected cookie', () => {
    expect(serializeCookie({ ...base, name: '__Host-sid' })).toBe(
      '__Host-sid=abc; Path=/; Secure; HttpOnly; SameSite=Lax',
    )
  })

  it('CK-04: is not persistent unless told', () => {
    expect(loose({})).not.toMatch(/max-age|expires/i)
    expect(loose({ maxAge: 60, domain: 'app.example', path: '/auth', sameSite: 'strict' })).toBe(
      'sid=abc; Max-Age=60; Domain=app.example; Path=/auth; Secure; HttpOnly; SameSite=Strict',
    )
  })

  it('writes what it is told without prefix and Secure on localhost', () => {
    expect(loose({ secure: false, httpOnly: false })).toBe('sid=abc; Path=/; SameSite=Lax')
  })

  it.each([
    ['__Host- without Secure', { name: '__Host-sid', secure: false }, /needs Secure/],
    ['__Host- with a path', { name: '__Host-sid', path: '/auth' }, /needs Path=\//],
    ['__Host- with a domain', { name: '__Host-sid', domain: 'app.example' }, /cannot have a Domain/],
    ['__HOST- in another case', { name: '__HOST-sid', domain: 'app.example' }, /cannot have a Domain/],
    ['__Secure- without Secure', { name: '__Secure-rt', secure: false }, /needs Secure/],
  ])('CK-01: refuses %s', (_, change, message) => {
    expect(() => loose(change)).toThrow(ConfigurationError)
    expect(() => loose(change)).toThrow(message)
    expect(() => clearCookie({ ...base, ...change } as CookieAttributes)).toThrow(message)
  })

  it('CK-01: a __Host- cookie with a domain does not compile', () => {
    expectTypeOf<CookieAttributes<'__Host-sid'>['domain']>().toEqualTypeOf<undefined>()
    expectTypeOf<CookieAttributes<'__Host-sid'>['path']>().toEqualTypeOf<'/'>()
    expectTypeOf<CookieAttributes<'__Host-sid'>['secure']>().toEqualTypeOf<true>()
    expectTypeOf<CookieAttributes<'__Secure-rt'>['secure']>().toEqualTypeOf<true>()
    expectTypeOf<CookieAttributes<'__Secure-rt'>['domain']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<CookieAttributes['secure']>().toEqualTypeOf<boolean>()
  })

  it('CK-03: SameSite is always explicit, and None needs Secure', () => {
    expect(loose({ sameSite: 'none' })).toContain('; SameSite=None')
    expect(() => loose({ sameSite: 'none', secure: false })).toThrow(/SameSite=None without Secure/)
    expect(() => loose({ sameSite: undefined })).toThrow(/SameSite/)
    expect(() => loose({ sameSite: 'toString' })).toThrow(/SameSite/)
  })

  const bad = ['\r', '\n', '\0', ';', ',', '"', '\\', ' ', '\t', '\x7f', '\x1b', '\u00e9', '\u2028', '\ud800']
  it.each(bad)('CK-06: %j is refused in name, value, path and domain', (character) => {
    for (const part of ['name', 'value', 'path', 'domain']) {
      const good = { name: 'sid', value: 'abc', path: '/auth', domain: 'app.example' }[part]
      for (const text of [`${character}${good}`, `${good}${character}`, `${good}${character}${good}`]) {
        expect(() => loose({ [part]: text }), `${part} ${JSON.stringify(text)}`).toThrow()
      }
    }
  })

  it.each([
    ['name', ''],
    ['name', 'a=b'],
    ['path', ''],
    ['path', 'auth'],
    ['path', `/${'a'.repeat(1024)}`],
    ['domain', ''],
    ['domain', '.app.example'],
    ['domain', 'app.example.'],
    ['domain', 'app..example'],
    ['domain', '-app.example'],
    ['domain', `${'a'.repeat(64)}.example`],
    ['domain', `${'a.'.repeat(130)}example`],
    ['maxAge', -1],
    ['maxAge', 1.5],
    ['maxAge', Number.NaN],
    ['maxAge', Number.POSITIVE_INFINITY],
  ])('CK-06: refuses %s %j', (part, value) => {
    expect(() => loose({ [part]: value })).toThrow(ConfigurationError)
  })

  it('CK-05: name and value of more than 4096 bytes are a clear error', () => {
    const most = MAX_COOKIE - base.name.length
    expect(loose({ value: 'v'.repeat(most) })).toContain('v'.repeat(most))
    expect(() => loose({ value: 'v'.repeat(most + 1) })).toThrow(/'sid' would take 4097 bytes, browsers keep 4096/)
  })

  it('KM-08: an error does not repeat the value', () => {
    for (const value of ['secret;', 's'.repeat(5000)]) {
      let message = ''
      try {
        loose({ value })
      } catch (error) {
        message = String(error)
      }
      expect(message).not.toBe('')
      expect(message).not.toContain(value)
      expect(message).not.toContain('secret')
    }
  })

  it('TE-04: clearing repeats the attributes of creation', () => {
    const cookie = { ...base, name: '__Secure-rt', path: '/auth', domain: 'app.example', sameSite: 'strict' } as const
    const attributes = (header: string) => header.split('; ').slice(1)
    const made = attributes(serializeCookie(cookie))
    const cleared = clearCookie({ ...cookie, maxAge: 600 })
    expect(attributes(cleared)).toEqual(expect.arrayContaining(made))
    expect(attributes(cleared).filter((attribute) => !made.includes(attribute))).toEqual([
      'Expires=Thu, 01 Jan 1970 00:00:00 GMT',
      'Max-Age=0',
    ])
    expect(cleared).toMatch(/^__Secure-rt=;/)
  })
})
