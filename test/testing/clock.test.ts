import { expect, it } from 'vitest'
import { sleep } from '../../src/clock.ts'
import { manualClock } from '../../src/testing.ts'

const START = 1_700_000_000_000

it('stands still until it is moved, and moves both times together', async () => {
  const clock = manualClock(START)
  const origin = clock.monotonic()
  expect(clock.now()).toBe(START)
  await clock.advance(1_500)
  expect(clock.now()).toBe(START + 1_500)
  expect(clock.monotonic()).toBe(origin + 1_500)
})

it('runs timers in the order of their times, each at exactly its time', async () => {
  const clock = manualClock(START)
  const ran: [string, number][] = []
  const note = (name: string) => () => ran.push([name, clock.now() - START])
  clock.after(30, note('c'))
  clock.after(10, note('a'))
  clock.after(10, note('b'))
  clock.after(31, note('d'))
  await clock.advance(30)
  expect(ran).toEqual([
    ['a', 10],
    ['b', 10],
    ['c', 30],
  ])
  await clock.advance(1)
  expect(ran.at(-1)).toEqual(['d', 31])
})

it('does not run what is due one millisecond later, nor what was cancelled, nor anything twice', async () => {
  const clock = manualClock()
  let ran = 0
  const count = () => {
    ran += 1
  }
  clock.after(11, count)
  const cancel = clock.after(5, count)
  cancel()
  cancel()
  await clock.advance(10)
  expect(ran).toBe(0)
  await clock.advance(1)
  await clock.advance(1_000)
  expect(ran).toBe(1)
})

it('a timer may cancel another that is due at the same moment', async () => {
  const clock = manualClock()
  const ran: string[] = []
  const cancels: (() => void)[] = []
  clock.after(10, () => {
    ran.push('first')
    cancels[0]?.()
  })
  cancels.push(clock.after(10, () => ran.push('second')))
  await clock.advance(10)
  expect(ran).toEqual(['first'])
})

it('walks a chain of timers that asynchronous work starts, each link at its own time', async () => {
  const clock = manualClock(START)
  const seen: number[] = []
  const work = async () => {
    for (let i = 0; i < 5; i += 1) {
      await sleep(clock, 100)
      await new Promise<void>((resolve) => setImmediate(resolve))
      seen.push(clock.now() - START)
    }
  }
  void work()
  await clock.advance(450)
  expect(seen).toEqual([100, 200, 300, 400])
  await clock.advance(50)
  expect(seen).toEqual([100, 200, 300, 400, 500])
})

it('lets what a timer started settle before the next one runs', async () => {
  const clock = manualClock()
  const order: string[] = []
  clock.after(1, () => {
    void Promise.resolve()
      .then(() => new Promise<void>((resolve) => setImmediate(resolve)))
      .then(() => order.push('settled'))
  })
  clock.after(2, () => order.push('next'))
  await clock.advance(2)
  expect(order).toEqual(['settled', 'next'])
})

it('a timer without delay runs at the next advance, even of nothing', async () => {
  const clock = manualClock()
  let ran = false
  clock.after(-5, () => {
    ran = true
  })
  expect(ran).toBe(false)
  await clock.advance(0)
  expect(ran).toBe(true)
})

it('advances that are asked for at the same time come one after the other', async () => {
  const clock = manualClock(START)
  const at: number[] = []
  clock.after(15, () => at.push(clock.now() - START))
  await Promise.all([clock.advance(10), clock.advance(10)])
  expect(clock.now()).toBe(START + 20)
  expect(at).toEqual([15])
})

it('step moves the wall clock either way and no timer', async () => {
  const clock = manualClock(START)
  const origin = clock.monotonic()
  let ran = 0
  clock.after(1_000, () => {
    ran += 1
  })
  clock.step(3_600_000)
  expect([clock.now(), clock.monotonic()]).toEqual([START + 3_600_000, origin])
  clock.step(-7_200_000)
  expect(clock.now()).toBe(START - 3_600_000)
  await clock.advance(999)
  expect(ran).toBe(0)
  await clock.advance(1)
  expect(ran).toBe(1)
  expect(clock.now()).toBe(START - 3_600_000 + 1_000)
})

it('suspend stops the monotonic clock and its timers while the wall clock goes on', async () => {
  const clock = manualClock(START)
  const origin = clock.monotonic()
  let ran = 0
  clock.after(10, () => {
    ran += 1
  })
  clock.suspend(60_000)
  await clock.advance(9)
  expect([clock.now(), clock.monotonic(), ran]).toEqual([START + 60_009, origin + 9, 0])
  await clock.advance(1)
  expect(ran).toBe(1)
})

it('refuses to go back but by step', async () => {
  const clock = manualClock(START)
  await expect(clock.advance(-1)).rejects.toThrow(RangeError)
  await expect(clock.advance(Number.NaN)).rejects.toThrow(RangeError)
  expect(() => clock.suspend(-1)).toThrow(RangeError)
  expect(clock.now()).toBe(START)
})

it('a timer that throws rejects the advance, with time standing there, and can be walked past', async () => {
  const clock = manualClock(START)
  let ran = false
  clock.after(5, () => {
    throw new Error('planned')
  })
  clock.after(6, () => {
    ran = true
  })
  await expect(clock.advance(10)).rejects.toThrow('planned')
  expect([clock.now() - START, ran]).toEqual([5, false])
  await clock.advance(1)
  expect(ran).toBe(true)
})

it('every clock keeps its own time', async () => {
  const [one, two] = [manualClock(START), manualClock(START)]
  await one.advance(5)
  expect(two.now()).toBe(START)
})
