import { describe, expect, it } from 'vitest'
import { manualClock } from '../../src/testing/clock.ts'
import { holds, LEASE_MS, leaseFrom, moment, NO_LEASE } from '../../src/view/lease.ts'

describe('a lease', () => {
  it('P1: ends exactly L after the question, not after the answer', async () => {
    const clock = manualClock()
    const asked = moment(clock)
    await clock.advance(1000)
    const lease = leaseFrom(asked)
    await clock.advance(LEASE_MS - 1001)
    expect(holds(lease, moment(clock))).toBe(true)
    await clock.advance(1)
    expect(holds(lease, moment(clock))).toBe(false)
  })

  it('P1: ends while the machine is suspended and its monotonic clock stands still', () => {
    const clock = manualClock()
    const lease = leaseFrom(moment(clock))
    clock.suspend(LEASE_MS)
    expect(holds(lease, moment(clock))).toBe(false)
  })

  it('P1: is not lengthened by a wall clock that steps back', async () => {
    const clock = manualClock()
    const lease = leaseFrom(moment(clock))
    clock.step(-3_600_000)
    await clock.advance(LEASE_MS)
    expect(holds(lease, moment(clock))).toBe(false)
  })

  it('is held by nobody before the first read', () => {
    expect(holds(NO_LEASE, moment(manualClock()))).toBe(false)
  })
})
