import { describe, expect, it } from 'vitest'
import { device } from '../../src/wire/device.ts'

const unknown = { browser: 'unknown', os: 'unknown', type: 'unknown' }

describe('device', () => {
  it.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
      { browser: 'Chrome', os: 'Windows', type: 'desktop' },
    ],
    [
      'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
      { browser: 'Firefox', os: 'Linux', type: 'desktop' },
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      { browser: 'Safari', os: 'iOS', type: 'mobile' },
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
      { browser: 'Safari', os: 'macOS', type: 'desktop' },
    ],
  ])('reads %j', (userAgent, expected) => {
    expect(device(userAgent)).toEqual(expected)
  })

  it('is the same for an updated browser', () => {
    const at = (version: string) =>
      device(`Mozilla/5.0 (X11; Linux x86_64; rv:${version}) Gecko/20100101 Firefox/${version}`)
    expect(at('128.0')).toEqual(at('140.1'))
  })

  it.each([
    null,
    undefined,
    '',
    '\r\n',
    'x',
    '<script>alert(1)</script>',
    '../../etc/passwd',
    '__proto__',
    'constructor',
    '{"$ne":1}',
  ])('says unknown of %j', (userAgent) => {
    expect(device(userAgent)).toEqual(unknown)
  })

  it.each([
    '<img src=x onerror=alert(1)>/1.0 x',
    '\x1b[31mred/1.0 x',
    'a\r\nForged: entry/1.0 x',
    '\u202egnp.exe/1.0 x',
    `${'a'.repeat(5000)}/1.0 (x)`,
    'Mozilla/5.0 '.repeat(100_000),
    '('.repeat(1_000_000),
  ])('LG-04: hostile input gives short plain words (%#)', (userAgent) => {
    for (const word of Object.values(device(userAgent))) expect(word).toMatch(/^[A-Za-z0-9][A-Za-z0-9 ._+()-]{0,39}$/)
  })
})
