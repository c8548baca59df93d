import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { milliseconds } from '../src/duration.ts'
import { ConfigurationError } from '../src/errors.ts'
import { fixed } from './support/property.ts'

describe('a duration', () => {
  it.each([
    ['1ms', 1],
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['12h', 43_200_000],
    ['14d', 1_209_600_000],
    ['1.5h', 5_400_000],
    ['8.05s', 8050],
    ['0.001s', 1],
    [1, 1],
    [86_400_000, 86_400_000],
  ] as const)('%s is %d ms', (value, ms) => {
    expect(milliseconds(value, 'x')).toBe(ms)
  })

  it.each([
    ...[
      '',
      ' ',
      '30',
      'm',
      '30 m',
      ' 30m',
      '30m ',
      '30M',
      '-30m',
      '+30m',
      '1e3ms',
      '.5h',
      '5.h',
      '30min',
      '1h30m',
      '٣m',
    ],
    ...['0s', '0.5ms', '1.0005s', '999999999999d', 'Infinityd', 'NaNs'],
    ...[0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53],
  ])('refuses %j', (value) => {
    expect(() => milliseconds(value as never, 'timeouts.idle')).toThrow(ConfigurationError)
  })

  it.each([[undefined], [null], [{}], [[1]], [true]])('refuses %s, which no option can be', (value) => {
    expect(() => milliseconds(value as never, 'timeouts.idle')).toThrow(ConfigurationError)
  })

  it('says which option is wrong, what it was, and what to write', () => {
    expect(() => milliseconds('half an hour', 'timeouts.idle')).toThrow(
      `timeouts.idle is "half an hour": write a duration such as '30m', '12h' or '14d', or a whole number of milliseconds`,
    )
  })

  it('takes every number of hundredths that is whole in milliseconds', () => {
    const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
    const unit = fc.constantFrom(...(Object.keys(units) as (keyof typeof units)[]))
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), unit, (hundredths, of) => {
        const text = `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}${of}`
        expect(milliseconds(text, 'x')).toBe((hundredths * units[of]) / 100)
      }),
      fixed(2000),
    )
  })
})
