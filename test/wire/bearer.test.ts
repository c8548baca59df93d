import { describe, expect, it } from 'vitest'
import { readBearer } from '../../src/wire/bearer.ts'

describe('readBearer', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['BEARER abc', 'abc'],
    ['bEaReR abc', 'abc'],
    ['Bearer   abc', 'abc'],
    ['Bearer aZ09-._~+/==', 'aZ09-._~+/=='],
    ['Bearer eyJh.eyJp.c2ln', 'eyJh.eyJp.c2ln'],
  ])('JW-23: reads %j', (header, token) => {
    expect(readBearer(header)).toEqual({ found: 'one', token })
  })

  it('tells absence from anything else', () => {
    expect(readBearer(null)).toEqual({ found: 'none' })
    expect(readBearer(undefined)).toEqual({ found: 'none' })
  })

  it.each([
    '',
    ' ',
    'Bearer',
    'Bearer ',
    'Bearer    ',
    'Bearerabc',
    'Bearer\tabc',
    'Bearer \tabc',
    'Bearer\u00a0abc',
    ' Bearer abc',
    'Bearer abc ',
    'Bearer abc def',
    'Bearer abc, Bearer def',
    'Bearer abc,Bearer def',
    'Bearer abc,',
    'Bearer ,abc',
    'Bearer a=b',
    'Bearer =',
    'Bearer "abc"',
    'Bearer token="abc"',
    'Bearer abc;',
    'Bearer abc\n',
    'Bearer abc\r\nX: y',
    'Bearer abc\0',
    'Bearer a%20b',
    'Bearer é',
    'Basic YTpi',
    'Basic YTpi, Bearer abc',
    'DPoP abc',
    'Token abc',
    'Bearers abc',
    'abc',
    '\u0102earer abc',
  ])('JW-23: %j is bad, not absent', (header) => {
    expect(readBearer(header)).toEqual({ found: 'bad' })
  })

  it('JW-23: two header lines are bad', () => {
    const headers = new Headers([
      ['authorization', 'Bearer abc'],
      ['authorization', 'Bearer def'],
    ])
    expect(readBearer(headers.get('authorization'))).toEqual({ found: 'bad' })
  })
})
