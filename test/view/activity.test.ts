import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Activity, SessionId } from '../../src/session.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { activityBuffer } from '../../src/view/activity.ts'

const STEP = 60_000
const id = 'session' as SessionId

function buffered() {
  const clock = manualClock()
  const writes: Activity[] = []
  let down = false
  let faults = 0
  const buffer = activityBuffer(
    clock,
    () => STEP,
    async (uses) => {
      if (down) throw new Error('down')
      writes.push(...uses)
    },
    () => {
      faults += 1
    },
  )
  const rotation = { counter: 0, rotatedAt: clock.now(), seenAt: null }
  const record = { id, authenticatedAt: clock.now(), lastActiveAt: clock.now(), longestIdle: 0, ...rotation }
  return {
    clock,
    writes,
    buffer,
    record,
    faults: () => faults,
    setDown: (value: boolean) => {
      down = value
    },
  }
}

describe('buffered activity', () => {
  it('P5: writes a session that is used all the time at most once in a step', async () => {
    const { clock, writes, buffer, record } = buffered()
    const use = buffer.resume(record)
    for (let second = 0; second < 600; second++) {
      await clock.advance(1000)
      buffer.note(use, clock.now())
    }
    expect(writes.length).toBeGreaterThanOrEqual(8)
    expect(writes.length).toBeLessThanOrEqual(10)
  })

  it('P5: writes a use after a step without one at the next flush, so that little can be lost', async () => {
    const { clock, writes, buffer, record } = buffered()
    const use = buffer.resume(record)
    await clock.advance(STEP)
    buffer.note(use, clock.now())
    const usedAt = clock.now()
    await clock.advance(250)
    expect(writes).toMatchObject([{ lastActiveAt: usedAt, longestIdle: STEP }])
  })

  it('P5: never has more than one step and one flush of activity unwritten', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 90_000 }), { maxLength: 12 }), async (pauses) => {
        const { clock, writes, buffer, record } = buffered()
        const use = buffer.resume(record)
        for (const pause of pauses) {
          await clock.advance(pause)
          buffer.note(use, clock.now())
        }
        const usedAt = clock.now()
        await clock.advance(STEP + 250)
        if (pauses.length > 0) expect(writes.at(-1)?.lastActiveAt).toBe(usedAt)
        const times = writes.map((write) => write.lastActiveAt)
        expect(times).toEqual([...times].sort((a, b) => a - b))
      }),
      { seed: 20261120, numRuns: 25 },
    )
  })

  it('keeps what could not be written, and writes it when the store is back', async () => {
    const { clock, writes, buffer, record, faults, setDown } = buffered()
    const use = buffer.resume(record)
    setDown(true)
    await clock.advance(STEP)
    buffer.note(use, clock.now())
    const usedAt = clock.now()
    await clock.advance(2000)
    expect(faults()).toBeGreaterThan(0)
    setDown(false)
    await clock.advance(300)
    expect(writes).toMatchObject([{ lastActiveAt: usedAt }])
  })

  it('does not lose what is pending when the session is read again', async () => {
    const { clock, buffer, record } = buffered()
    const use = buffer.resume(record)
    await clock.advance(1000)
    buffer.note(use, clock.now())
    expect(buffer.resume(record).lastActiveAt).toBe(clock.now())
  })

  it('a pause from before re-authentication is not carried over it', async () => {
    const { clock, buffer, record } = buffered()
    const use = buffer.resume(record)
    await clock.advance(STEP)
    buffer.note(use, clock.now())
    const again = buffer.resume({ ...record, authenticatedAt: clock.now(), longestIdle: 0 })
    expect(again.longestIdle).toBe(0)
  })

  it('a clock that steps back moves nothing', async () => {
    const { clock, writes, buffer, record } = buffered()
    const use = buffer.resume(record)
    clock.step(-10_000)
    buffer.note(use, clock.now())
    await clock.advance(STEP)
    expect(use.lastActiveAt).toBe(record.lastActiveAt)
    expect(writes).toEqual([])
  })

  it('P5: a use that arrives while a write is under way is written in its turn, and not lost', async () => {
    const clock = manualClock()
    const writes: Activity[] = []
    let answer = () => {}
    const buffer = activityBuffer(
      clock,
      () => STEP,
      (uses) => {
        writes.push(...uses)
        return new Promise((resolve) => {
          answer = resolve
        })
      },
      () => {},
    )
    const rotation = { counter: 0, rotatedAt: clock.now(), seenAt: null }
    const record = { id, authenticatedAt: clock.now(), lastActiveAt: clock.now(), longestIdle: 0 }
    const use = buffer.resume({ ...record, ...rotation })
    await clock.advance(STEP)
    buffer.note(use, clock.now())
    await clock.advance(250)
    expect(writes).toHaveLength(1)
    await clock.advance(100)
    buffer.note(use, clock.now())
    const usedAt = clock.now()
    answer()
    await clock.advance(STEP + 500)
    expect(writes.at(-1)?.lastActiveAt).toBe(usedAt)
  })

  it('writes everything when it is drained', async () => {
    const { clock, writes, buffer, record } = buffered()
    const use = buffer.resume(record)
    await clock.advance(1000)
    buffer.note(use, clock.now())
    await buffer.drain()
    expect(writes).toHaveLength(1)
  })
})
