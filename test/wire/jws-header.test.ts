import { describe, expect, it } from 'vitest'
import { parseCompact } from '../../src/wire/jws.ts'
import { good, HEADER, header, made, parse, TYP } from './compact.ts'

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
