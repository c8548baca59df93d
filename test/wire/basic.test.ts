import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isBasic, readBasic } from '../../src/wire/basic.ts'
import { fixed } from '../support/property.ts'

const header = (pair: string | Uint8Array) => `Basic ${Buffer.from(pair).toString('base64')}`
const form = (text: string) => String(new URLSearchParams([[text, '']])).slice(0, -1)

describe('credentials of programs', () => {
  it('reads what RFC 6749 section 2.3.1 writes, of any two texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (id, secret) => {
        expect(readBasic(header(`${form(id)}:${form(secret)}`))).toEqual({ found: 'one', id, secret })
      }),
      fixed(),
    )
  })

  it('takes the scheme in any case, and a secret with a colon or an escape', () => {
    const text = header('a:b').slice('Basic '.length)
    for (const scheme of ['Basic ', 'basic ', 'BASIC  ']) {
      expect(readBasic(scheme + text)).toEqual({ found: 'one', id: 'a', secret: 'b' })
    }
    expect(readBasic(header('a%3Ab:c:d%2De'))).toEqual({ found: 'one', id: 'a:b', secret: 'c:d-e' })
    expect([isBasic('basic x'), isBasic('Basic'), isBasic('Basics x'), isBasic('Bearer x')]).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it.each([
    ['nothing', 'Basic '],
    ['another scheme', header('a:b').replace('Basic', 'Bearer')],
    ['no colon', header('ab')],
    ['no padding', 'Basic YTpiYw'],
    ['bits that say nothing', 'Basic YTpiYx=='],
    ['base64url', 'Basic YTo_Pz8_'],
    ['a space inside', 'Basic YTpi Yw=='],
    ['two of them', `${header('a:b')}, ${header('a:b')}`],
    ['no UTF-8', header(new Uint8Array([0x61, 0x3a, 0xff]))],
    ['no UTF-8 behind escapes', header('a:%ff')],
    ['a broken escape', header('a:%2')],
    ['more than anybody means', header(`a:${'b'.repeat(800)}`)],
  ])('refuses %s', (_, text) => {
    expect(readBasic(text)).toEqual({ found: 'bad' })
  })
})
