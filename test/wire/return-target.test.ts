import { describe, expect, it } from 'vitest'
import { returnTarget } from '../../src/wire/return-target.ts'

const origins = new Set(['https://app.test', 'https://partner.test:8443'])

describe('returnTarget', () => {
  it.each([
    ['/', '/'],
    ['/account', '/account'],
    ['/a/../b', '/b'],
    ['/search?q=1&next=%2Fhome#top', '/search?q=1&next=%2Fhome#top'],
    ['/group%2Frepo', '/group%2Frepo'],
    ['/@someone', '/@someone'],
    ['/a//b', '/a//b'],
    ['/x?u=https://evil.test', '/x?u=https://evil.test'],
    ['https://app.test/home', 'https://app.test/home'],
    ['https://app.test', 'https://app.test/'],
    ['HTTPS://APP.TEST:443/home', 'https://app.test/home'],
    ['https://partner.test:8443/a?b#c', 'https://partner.test:8443/a?b#c'],
  ])('CS-10: follows %j as %j', (raw, expected) => {
    expect(returnTarget(raw, origins)).toBe(expected)
  })

  it.each([
    null,
    undefined,
    '',
    ' ',
    '//evil',
    '///evil',
    '//evil.test/%2f..',
    '/\\evil',
    '\\/evil',
    '\\\\evil',
    '/%5cevil',
    '/%2fevil',
    '/%2Fevil',
    '/%09/evil',
    '/\t/evil',
    '/\n/evil',
    '\t//evil',
    ' //evil',
    '/ /evil',
    '/.//evil',
    '/a/..//evil',
    '/%2e//evil',
    '/./%2fevil',
    '/%2e%2e/%5Cevil',
    'https:evil',
    'https:/evil',
    'https:///evil',
    'https:\\\\evil',
    'https:app.test/home',
    'https:/app.test/home',
    'https:///app.test/home',
    'https://evil',
    'https://app@evil',
    'https://app.test@evil.test/',
    'https://user:pw@app.test/',
    'https://@app.test/',
    'https://app.test:8443/',
    'http://app.test/',
    'https://app.test.evil.test/',
    'https://app.test./',
    'https://app.test\\@evil.test',
    'https://app.test%2eevil.test/',
    'https://app.test//evil',
    'https://\uff41pp.test/',
    '//app.test/home',
    'javascript:alert(1)',
    'JavaScript://app.test/%0aalert(1)',
    'java\tscript:alert(1)',
    'data:text/html,x',
    'blob:https://app.test/1',
    'ftp://app.test/',
    'account',
    './account',
    '../account',
    '?next=/',
    '#top',
    '@evil.test',
    '/a\r\nSet-Cookie: x=y',
    '/a%0d%0aSet-Cookie:%20x=y',
    '/a?b=%0D%0Ax',
    '/a%00',
    '/a\0',
    '/a\x7f',
    '/caf\u00e9',
    '/a\u2028b',
    '/a b',
    `/${'a'.repeat(2048)}`,
  ])('CS-10: does not follow %j', (raw) => {
    expect(returnTarget(raw, origins)).toBeNull()
  })

  it('CS-10: follows up to 2048 characters', () => {
    const longest = `/${'a'.repeat(2047)}`
    expect(returnTarget(longest, origins)).toBe(longest)
  })

  it('CS-10: follows no absolute URL when none is listed', () => {
    expect(returnTarget('https://app.test/', new Set())).toBeNull()
    expect(returnTarget('https://own.invalid/', new Set())).toBeNull()
  })
})
