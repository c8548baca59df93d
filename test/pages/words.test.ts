import { describe, expect, it } from 'vitest'
import { machineTime, words } from '../../src/pages/words.ts'
import { pages as dePages } from '../../src/texts/de/pages.ts'
import { tongue as de } from '../../src/texts/de/tongue.ts'
import { pages as enPages } from '../../src/texts/en/pages.ts'
import { tongue as en } from '../../src/texts/en/tongue.ts'

const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000]
const english = words(en, enPages.time)
const german = words(de, dePages.time)

describe('durations in words', () => {
  it.each([
    [0, 'less than a second', 'weniger als eine Sekunde'],
    [999, 'less than a second', 'weniger als eine Sekunde'],
    [SECOND, '1 second', '1 Sekunde'],
    [90 * SECOND, '1 minute 30 seconds', '1 Minute, 30 Sekunden'],
    [30 * MINUTE, '30 minutes', '30 Minuten'],
    [90 * MINUTE, '1 hour 30 minutes', '1 Stunde, 30 Minuten'],
    [12 * HOUR, '12 hours', '12 Stunden'],
    [14 * DAY, '14 days', '14 Tage'],
    [DAY + HOUR + MINUTE, '1 day 1 hour', '1 Tag, 1 Stunde'],
    [DAY + MINUTE, '1 day', '1 Tag'],
  ])('%i ms is %s', (ms, inEnglish, inGerman) => {
    expect([english.duration(ms), german.duration(ms)]).toEqual([inEnglish, inGerman])
  })

  it('tells the past roughly and the future to a unit that is at least two', () => {
    expect([0, MINUTE - 1, MINUTE, 119 * MINUTE, 25 * HOUR].map(english.ago)).toEqual([
      'just now',
      'just now',
      '1 minute ago',
      '1 hour ago',
      '1 day ago',
    ])
    expect(german.ago(3 * DAY)).toBe('vor 3 Tagen')
    expect([-5, 999, 59 * SECOND, 30 * MINUTE - 1, 90 * MINUTE, 12 * HOUR - 5, 14 * DAY].map(english.ahead)).toEqual([
      'now',
      'now',
      'in 59 seconds',
      'in 30 minutes',
      'in 90 minutes',
      'in 12 hours',
      'in 14 days',
    ])
    expect(german.ahead(14 * DAY)).toBe('in 14 Tagen')
  })

  it('writes moments in UTC, for people and for machines', () => {
    expect(english.utc(1_800_000_000_000)).toBe('15 Jan 2027, 08:00 UTC')
    expect(german.utc(1_800_000_000_000)).toBe('15. Jan. 2027, 08:00 UTC')
    expect(german.day(1_800_000_000_000)).toBe('15. Januar 2027')
    expect(machineTime(1_800_000_000_000)).toBe('2027-01-15 08:00:00Z')
  })
})
