import { describe, expect, it } from 'vitest'
import { readBearer } from '../../src/wire/bearer.ts'
import { readCookie } from '../../src/wire/cookie.ts'
import { device } from '../../src/wire/device.ts'
import { JSON_LIMITS, parseJsonStrict } from '../../src/wire/json.ts'
import { proofOfOrigin } from '../../src/wire/origin.ts'
import { returnTarget } from '../../src/wire/return-target.ts'
import { clientSource, trustedProxies } from '../../src/wire/source.ts'
import { safeText } from '../../src/wire/text.ts'
import { readSessionToken } from '../../src/wire/token.ts'
import { isProportional, leastEffort } from '../support/effort.ts'

const NAME = '__Host-sid'

describe('ER-06: hostile length costs time in proportion', () => {
  const NONE = { length: 1e9, depth: 1e9, members: 1e9 }
  const trusted = trustedProxies(['10.0.0.0/8'])
  const hops = (forwardedFor: string) => clientSource({ remote: '10.0.0.1', forwardedFor }, trusted)
  const cases: readonly [string, (n: number) => unknown][] = [
    ['cookie, name again and again', (n) => readCookie(`${NAME} `.repeat(n / 8), NAME)],
    ['cookie, name and a run of spaces', (n) => readCookie(`${NAME}${' '.repeat(n)}`.repeat(2), NAME)],
    ['cookie, spaces', (n) => readCookie(`a${' '.repeat(n)}${NAME}=x`, NAME)],
    ['cookie, nearly the name', (n) => readCookie('__Host-si'.repeat(n / 8), NAME)],
    ['bearer, spaces', (n) => readBearer(`Bearer ${' '.repeat(n)}`)],
    ['bearer, a long token and a flaw', (n) => readBearer(`Bearer ${'a'.repeat(n)}==!`)],
    ['bearer, padding', (n) => readBearer(`Bearer a${'='.repeat(n)}a`)],
    ['session token', (n) => readSessionToken('A'.repeat(n))],
    ['origin', (n) => proofOfOrigin({ origin: `https://${'a.'.repeat(n / 2)}` }, new Set())],
    ['referer', (n) => proofOfOrigin({ referer: `https://a/${'../'.repeat(n / 3)}` }, new Set())],
    ['target', (n) => returnTarget(`/${'a/../'.repeat(n / 5)}`, new Set())],
    ['hops', (n) => hops('10.0.0.1,'.repeat(n / 8))],
    ['good hops', (n) => hops(Array.from({ length: n / 8 }, () => '10.0.0.1').join(','))],
    ['commas', (n) => hops(','.repeat(n))],
    ['one long hop', (n) => hops(`${' '.repeat(n)}x`)],
    ['text', (n) => safeText('\x1b['.repeat(n / 2), n)],
    ['device', (n) => device('Mozilla/5.0 ('.repeat(n / 13))],
    ['JSON, arrays', (n) => parseJsonStrict(`{"a":${'['.repeat(n)}`, NONE)],
    ['JSON, objects', (n) => parseJsonStrict('{"a":'.repeat(n / 5), NONE)],
    ['JSON, backslashes', (n) => parseJsonStrict(`{"a":"${'\\'.repeat(n)}"}`, NONE)],
    ['JSON, escaped quotes', (n) => parseJsonStrict(`{"a":"${'\\"'.repeat(n / 2)}`, NONE)],
    ['JSON, quotes', (n) => parseJsonStrict('"'.repeat(n), NONE)],
    ['JSON, digits', (n) => parseJsonStrict(`{"a":${'1'.repeat(n)}}`, NONE)],
    ['JSON, signs', (n) => parseJsonStrict(`{"a":${'-'.repeat(n)}}`, NONE)],
    [
      'JSON, members',
      (n) => parseJsonStrict(`{${Array.from({ length: n / 16 }, (_, i) => `"m${i}":${i}`).join()}}`, NONE),
    ],
  ]

  it.each(cases)('%s', (_, run) => {
    expect(isProportional(run)).toBe(true)
  })

  it('and this would find what does not: all of the rest read again, now and then', () => {
    const again = (text: string) => {
      let sum = 0
      for (let from = 0; from < text.length; from += 512) {
        for (let i = from; i < text.length; i += 1) sum += text.charCodeAt(i)
      }
      return sum
    }
    expect(isProportional((n) => again('a'.repeat(n)))).toBe(false)
  })

  it('JW-17: the worst within the limits is refused in a few milliseconds', () => {
    const worst = ['[', '{"a":', '"\\u0061",', '{}', '1,'].map((unit) => `{"x":[${unit.repeat(10_000)}`)
    for (const text of worst) {
      expect(leastEffort(() => parseJsonStrict(text, JSON_LIMITS))).toBeLessThan(50)
      expect(parseJsonStrict(text, JSON_LIMITS).ok).toBe(false)
    }
  })
})
