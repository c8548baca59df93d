import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RESERVATION_MS, type Reservation, type ThrottleRule } from '../src/store.ts'
import { HOUR, MINUTE, T0 } from '../src/testing/samples.ts'
import { reserve, resolve, type ThrottleState } from '../src/throttle-state.ts'
import { fixed } from './support/property.ts'

const SECOND = 1000
const RULE: ThrottleRule = { free: 5, delay: SECOND, cap: 15 * MINUTE, window: 24 * HOUR }

/** A counter as a store would keep it. */
function counter(rule: ThrottleRule = RULE) {
  let stored: ThrottleState | null = null
  return {
    reserve(now: number): Reservation {
      const { state, reservation } = reserve(stored, rule, now)
      if (state) stored = state
      return reservation
    },
    resolve(outcome: 'failed' | 'passed' | 'clear', now: number): number {
      stored = resolve(stored, outcome, rule, now)
      return stored.failures
    },
    /** One attempt that fails at once, as soon as it may be made at or after `now`; answers when that was. */
    fail(now: number): number {
      const reservation = this.reserve(now)
      if (reservation.verdict === 'no') return this.fail(reservation.retryAt)
      expect(reservation.verdict).toBe('go')
      this.resolve('failed', now)
      return now
    },
  }
}

/** A counter that has failed `times` in a row, and when the last of them was. */
function failed(times: number, rule: ThrottleRule = RULE) {
  const one = counter(rule)
  let now = T0
  for (let count = 0; count < times; count += 1) now = one.fail(now)
  return { one, now }
}

describe('delays', () => {
  it('TH-02: five failures are free, then one waits 1 s, 2 s, 4 s and so on up to 15 minutes', () => {
    const one = counter()
    const waits: number[] = []
    let now = T0
    for (let count = 0; count < 18; count += 1) {
      const next = one.fail(now)
      waits.push((next - now) / SECOND)
      now = next
    }
    expect(waits).toEqual([0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900])
  })

  it.each([
    [-1, 'no'],
    [0, 'go'],
    [1, 'go'],
  ])('TH-02: %d ms from the end of its delay an attempt is told %s', (offset, verdict) => {
    const { one, now } = failed(7)
    expect(one.reserve(now + 4 * SECOND + offset).verdict).toBe(verdict)
  })

  it('TH-02: says when to come again', () => {
    const { one, now } = failed(6)
    expect(one.reserve(now + 1)).toEqual({ verdict: 'no', retryAt: now + 2 * SECOND, failures: 6 })
  })

  it('TH-02: asking too early costs nothing and lengthens nothing', () => {
    const { one, now } = failed(6)
    for (let early = 1; early < 1000; early += 1) one.reserve(now + early)
    expect(one.reserve(now + 2 * SECOND)).toEqual({ verdict: 'go', failures: 6 })
  })

  it('stays at its cap however often it failed', () => {
    const { one, now } = failed(200, { ...RULE, window: 3650 * 24 * HOUR })
    expect(one.reserve(now)).toEqual({ verdict: 'no', retryAt: now + 15 * MINUTE, failures: 200 })
  })
})

describe('attempts at the same time', () => {
  it('TH-06: of 50 as many go as may fail; the others wait', () => {
    const one = counter()
    const verdicts = Array.from({ length: 50 }, () => one.reserve(T0).verdict)
    expect(verdicts.filter((verdict) => verdict === 'go')).toHaveLength(5)
    expect(verdicts.filter((verdict) => verdict === 'wait')).toHaveLength(45)
  })

  it('TH-06: failures and attempts under way share the limit', () => {
    const { one, now } = failed(3)
    expect([1, 2, 3].map(() => one.reserve(now).verdict)).toEqual(['go', 'go', 'wait'])
    one.resolve('passed', now)
    expect([1, 2].map(() => one.reserve(now).verdict)).toEqual(['go', 'wait'])
  })

  it('TH-06: beyond the free ones it is one at a time', () => {
    const { one, now } = failed(5)
    expect(one.reserve(now + SECOND).verdict).toBe('go')
    expect(one.reserve(now + SECOND).verdict).toBe('wait')
    expect(one.reserve(now + 20 * SECOND).verdict).toBe('wait')
    one.resolve('failed', now + 20 * SECOND)
    expect(one.reserve(now + 22 * SECOND - 1).verdict).toBe('no')
    expect(one.reserve(now + 22 * SECOND).verdict).toBe('go')
  })

  it.each([
    [-1, 'wait'],
    [0, 'no'],
  ])('TH-06: an attempt nobody resolved counts as failed %d ms from 30 s', (offset, verdict) => {
    const { one, now } = failed(14)
    const began = now + 15 * MINUTE
    expect(one.reserve(began).verdict).toBe('go')
    const later = one.reserve(began + RESERVATION_MS + offset)
    expect(later).toMatchObject({ verdict, ...(verdict === 'no' && { failures: 15, retryAt: began + 15 * MINUTE }) })
  })

  it('TH-06: attempts nobody resolved are not lost when there were several', () => {
    const one = counter()
    for (let count = 0; count < 5; count += 1) one.reserve(T0)
    expect(one.reserve(T0 + RESERVATION_MS)).toEqual({ verdict: 'go', failures: 5 })
    expect(one.resolve('failed', T0 + RESERVATION_MS)).toBe(6)
  })

  it('TH-01, TH-06: however they interleave, nobody guesses faster than the rule', () => {
    const steps = fc.array(fc.record({ wait: fc.integer({ min: 0, max: 3000 }), resolve: fc.boolean() }), {
      maxLength: 300,
    })
    fc.assert(
      fc.property(steps, (moves) => {
        const one = counter()
        let now = T0
        let underWay = 0
        let fifth = Number.POSITIVE_INFINITY
        const late: number[] = []
        let done = 0
        for (const { wait, resolve: ends } of moves) {
          now += wait
          if (ends && underWay > 0) {
            one.resolve('failed', now)
            underWay -= 1
            done += 1
            if (done === RULE.free) fifth = now
          } else if (one.reserve(now).verdict === 'go') {
            underWay += 1
            if (now >= fifth) late.push(now)
          }
        }
        // After the fifth failure the n-th further guess comes no sooner than all the delays before it.
        for (const [n, at] of late.entries()) {
          expect(at - fifth).toBeGreaterThanOrEqual(SECOND * (2 ** Math.min(n + 1, 10) - 1))
        }
      }),
      fixed(300),
    )
  })
})

describe('success', () => {
  it('TH-04: clears the failures of what was used', () => {
    const { one, now } = failed(8)
    one.reserve(now + 8 * SECOND)
    expect(one.resolve('clear', now + 8 * SECOND)).toBe(0)
    expect(one.reserve(now + 8 * SECOND)).toEqual({ verdict: 'go', failures: 0 })
  })

  it('TH-04: that clears nothing leaves the failures where they were', () => {
    const { one, now } = failed(4)
    one.reserve(now)
    expect(one.resolve('passed', now)).toBe(4)
    expect(one.reserve(now)).toEqual({ verdict: 'go', failures: 4 })
  })

  it('is free: a thousand of them delay nobody', () => {
    const one = counter()
    for (let count = 0; count < 1000; count += 1) {
      expect(one.reserve(T0 + count).verdict).toBe('go')
      one.resolve('passed', T0 + count)
    }
  })

  it('leaves the attempts of others under way', () => {
    const one = counter()
    for (let count = 0; count < 5; count += 1) one.reserve(T0)
    one.resolve('clear', T0)
    expect([one.reserve(T0).verdict, one.reserve(T0).verdict]).toEqual(['go', 'wait'])
  })
})

describe('forgetting', () => {
  const rule: ThrottleRule = { free: 50, delay: MINUTE, cap: MINUTE, window: 10 * MINUTE }

  it.each([
    [-1, 3],
    [0, 0],
  ])('TH-05: %d ms from the end of the window %d failures are known', (offset, known) => {
    const one = counter(rule)
    one.fail(T0)
    one.fail(T0 + MINUTE)
    one.fail(T0 + 9 * MINUTE)
    expect(one.reserve(T0 + 10 * MINUTE + offset)).toEqual({ verdict: 'go', failures: known })
  })

  it('begins with the first failure, not with a success before it', () => {
    const one = counter(rule)
    one.reserve(T0)
    one.resolve('passed', T0)
    one.fail(T0 + 9 * MINUTE)
    expect(one.reserve(T0 + 19 * MINUTE - 1)).toMatchObject({ failures: 1 })
    expect(one.reserve(T0 + 19 * MINUTE)).toMatchObject({ failures: 0 })
  })

  it('begins anew after a success that cleared', () => {
    const one = counter(rule)
    one.fail(T0)
    one.reserve(T0 + 9 * MINUTE)
    one.resolve('clear', T0 + 9 * MINUTE)
    one.fail(T0 + 9.5 * MINUTE)
    expect(one.reserve(T0 + 19 * MINUTE)).toMatchObject({ failures: 1 })
  })

  it('TH-01: a window of any length keeps count until the hundredth', () => {
    const patient: ThrottleRule = { ...RULE, window: 3650 * 24 * HOUR }
    const { one, now } = failed(99, patient)
    one.reserve(now + HOUR)
    expect(one.resolve('failed', now + HOUR)).toBe(100)
  })
})
