import { describe, expect, it } from 'vitest'
import { ConfigurationError } from '../../src/errors.ts'
import { type OriginProof, origins, proofOfOrigin } from '../../src/wire/origin.ts'

const own = origins(['https://app.test', 'https://partner.test:8443', 'http://localhost:3000'], 'origins')
const LISTED = 'https://partner.test:8443'
const EVIL = 'https://evil.test'

describe('proofOfOrigin', () => {
  const matrix: readonly [string | null, string | null, string | null, OriginProof][] = [
    ['same-origin', null, null, 'own'],
    ['same-origin', 'null', null, 'own'],
    ['same-origin', 'https://app.test', 'https://app.test/x', 'own'],
    ['none', null, null, 'own'],
    ['none', 'https://app.test', null, 'own'],
    ['none', 'null', null, 'foreign'],
    ['none', EVIL, null, 'foreign'],
    ['none', 'chrome-extension://abcdef', null, 'foreign'],
    ['same-site', null, null, 'foreign'],
    ['same-site', null, 'https://app.test/', 'foreign'],
    ['same-site', 'https://api.app.test', null, 'foreign'],
    ['same-site', LISTED, null, 'own'],
    ['cross-site', null, null, 'foreign'],
    ['cross-site', null, 'https://app.test/', 'foreign'],
    ['cross-site', EVIL, 'https://app.test/', 'foreign'],
    ['cross-site', 'null', null, 'foreign'],
    ['cross-site', LISTED, null, 'own'],
    ['Same-Origin', null, null, 'foreign'],
    ['same-origin, cross-site', null, null, 'foreign'],
    ['same-origin ', null, null, 'foreign'],
    ['something-new', null, null, 'foreign'],
    ['something-new', LISTED, null, 'own'],
    ['', null, null, 'foreign'],
    [null, 'https://app.test', null, 'own'],
    [null, LISTED, EVIL, 'own'],
    [null, EVIL, 'https://app.test/', 'foreign'],
    [null, 'null', 'https://app.test/', 'foreign'],
    [null, '', 'https://app.test/', 'foreign'],
    [null, null, 'https://app.test/some/page?x=1', 'own'],
    [null, null, 'https://app.test', 'own'],
    [null, null, `${LISTED}/`, 'own'],
    [null, null, EVIL, 'foreign'],
    [null, null, 'https://evil.test/?https://app.test/', 'foreign'],
    [null, null, 'https://app.test@evil.test/', 'foreign'],
    [null, null, 'https://app.test.evil.test/', 'foreign'],
    [null, null, 'blob:https://app.test/1', 'foreign'],
    [null, null, 'about:blank', 'foreign'],
    [null, null, 'not a url', 'foreign'],
    [null, null, '', 'foreign'],
    [null, null, null, 'none'],
  ]
  it.each(matrix)('CS-02: Sec-Fetch-Site %j, Origin %j, Referer %j: %s', (secFetchSite, origin, referer, proof) => {
    expect(proofOfOrigin({ secFetchSite, origin, referer }, own)).toBe(proof)
  })

  it('CS-02: a request without any signal proves nothing', () => {
    expect(proofOfOrigin({}, own)).toBe('none')
  })

  it.each([
    ['https://app.test', 'own'],
    ['https://app.test:443', 'own'],
    ['HTTPS://APP.TEST', 'own'],
    ['https://App.Test', 'own'],
    ['http://localhost:3000', 'own'],
    ['http://app.test', 'foreign'],
    ['http://app.test:443', 'foreign'],
    ['https://app.test:8443', 'foreign'],
    ['https://app.test:444', 'foreign'],
    ['https://app.test.', 'foreign'],
    ['https://app.test.evil.com', 'foreign'],
    ['https://evilapp.test', 'foreign'],
    ['https://sub.app.test', 'foreign'],
    ['https://test', 'foreign'],
    ['https://app.test@evil.test', 'foreign'],
    ['https://evil.test#https://app.test', 'foreign'],
    ['https://app.test/', 'foreign'],
    ['https://app.test/path', 'foreign'],
    ['https://app.test?x', 'foreign'],
    ['https://app.test\\', 'foreign'],
    ['https:app.test', 'foreign'],
    ['//app.test', 'foreign'],
    ['app.test', 'foreign'],
    [' https://app.test', 'foreign'],
    ['https://app.test ', 'foreign'],
    ['https://app\t.test', 'foreign'],
    ['https://app%2etest', 'foreign'],
    ['https://\uff41pp.test', 'foreign'],
    ['https://\u00aapp.test', 'foreign'],
    ['https://app.test, https://evil.test', 'foreign'],
    ['https://app.test https://evil.test', 'foreign'],
    ['null', 'foreign'],
    ['NULL', 'foreign'],
    ['*', 'foreign'],
    ['file://', 'foreign'],
    ['data:', 'foreign'],
  ])('CS-03: Origin %j is %s', (origin, proof) => {
    expect(proofOfOrigin({ origin }, own)).toBe(proof)
  })
})

describe('origins', () => {
  it('writes them in one form', () => {
    expect([...origins(['HTTPS://App.Test:443', 'http://localhost:80', 'http://[::1]:3000'], 'cors.origins')]).toEqual([
      'https://app.test',
      'http://localhost',
      'http://[::1]:3000',
    ])
  })

  it.each([
    '*',
    'null',
    '',
    'app.test',
    'https://app.test/',
    'https://app.test/x',
    'https://*.app.test',
    'https://',
    'ftp://app.test',
    'https://app.test:99999',
  ])('refuses %j by name', (entry) => {
    expect(() => origins(['https://app.test', entry], 'cors.origins')).toThrow(ConfigurationError)
    expect(() => origins([entry], 'cors.origins')).toThrow(`cors.origins has ${JSON.stringify(entry)}`)
  })
})
