import { describe, expect, it } from 'vitest'
import { ago, ahead, inWords, machineTime, utc } from '../../src/pages/words.ts'

const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000]

describe('durations in words', () => {
  it.each([
    [0, 'less than a second'],
    [999, 'less than a second'],
    [SECOND, '1 second'],
    [90 * SECOND, '1 minute 30 seconds'],
    [30 * MINUTE, '30 minutes'],
    [90 * MINUTE, '1 hour 30 minutes'],
    [12 * HOUR, '12 hours'],
    [14 * DAY, '14 days'],
    [DAY + HOUR + MINUTE, '1 day 1 hour'],
    [DAY + MINUTE, '1 day'],
  ])('%i ms is %s', (ms, words) => {
    expect(inWords(ms)).toBe(words)
  })

  it('tells the past roughly and the future to the minute', () => {
    expect([0, MINUTE - 1, MINUTE, 119 * MINUTE, 25 * HOUR].map(ago)).toEqual([
      'just now',
      'just now',
      '1 minute ago',
      '1 hour ago',
      '1 day ago',
    ])
    expect([-5, 999, 59 * SECOND, 30 * MINUTE - 1, 12 * HOUR - 5].map(ahead)).toEqual([
      'now',
      'now',
      'in 59 seconds',
      'in 30 minutes',
      'in 12 hours',
    ])
  })

  it('writes moments in UTC, for people and for machines', () => {
    expect(utc(1_800_000_000_000)).toBe('15 Jan 2027, 08:00 UTC')
    expect(machineTime(1_800_000_000_000)).toBe('2027-01-15 08:00:00Z')
  })
})
