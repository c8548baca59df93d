import { availableParallelism } from 'node:os'
import { expect, it } from 'vitest'
import { hashingPool } from '../../../src/credentials/password/pool.ts'
import { ConfigurationError } from '../../../src/errors.ts'

/** A job that ends when it is told to, and says when it began. */
function job(log: string[], name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  return {
    run: () => {
      log.push(name)
      return promise
    },
    end: () => resolve(name),
    fail: (error: Error) => reject(error),
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

it('TH-10: so many run, so many wait in order, the rest is refused without being started', async () => {
  const pool = hashingPool({ concurrency: 2, queue: 2 })
  const began: string[] = []
  const jobs = ['a', 'b', 'c', 'd', 'e'].map((name) => job(began, name))
  const answers = jobs.map((one) => pool.run(one.run))
  await settled()
  expect(began).toEqual(['a', 'b'])
  expect(await answers[4]).toEqual({ ok: false, refusal: { code: 'overloaded', retryAfter: 1 } })
  jobs[1]?.end()
  await settled()
  expect(began).toEqual(['a', 'b', 'c'])
  jobs[0]?.end()
  jobs[2]?.end()
  await settled()
  jobs[3]?.end()
  expect(await Promise.all(answers.slice(0, 4))).toEqual(['a', 'b', 'c', 'd'].map((value) => ({ ok: true, value })))
  expect(began).toEqual(['a', 'b', 'c', 'd'])
})

it('TH-10: a job that throws gives its place back, and nobody overtakes the one whose turn it is', async () => {
  const pool = hashingPool({ concurrency: 1, queue: 1 })
  const began: string[] = []
  const [first, second, third] = ['first', 'second', 'third'].map((name) => job(began, name)) as [
    ReturnType<typeof job>,
    ReturnType<typeof job>,
    ReturnType<typeof job>,
  ]
  const failing = pool.run(first.run)
  const waiting = pool.run(second.run)
  first.fail(new Error('broken'))
  await expect(failing).rejects.toThrow('broken')
  const late = pool.run(third.run)
  await settled()
  expect(began).toEqual(['first', 'second'])
  second.end()
  third.end()
  expect((await Promise.all([waiting, late])).every((answer) => answer.ok)).toBe(true)
})

it('TH-10: a job that throws at once is no different', async () => {
  const pool = hashingPool({ concurrency: 1, queue: 0 })
  const thrown = pool.run(() => {
    throw new Error('at once')
  })
  await expect(thrown).rejects.toThrow('at once')
  expect(await pool.run(async () => 1)).toEqual({ ok: true, value: 1 })
})

it('TH-10: eight for each core at once, unless told otherwise', async () => {
  const pool = hashingPool({ queue: 0 })
  const cores = availableParallelism()
  const jobs = Array.from({ length: cores * 8 + 2 }, () => job([], ''))
  const answers = jobs.map((one) => pool.run(one.run))
  for (const one of jobs) one.end()
  expect((await Promise.all(answers)).filter(({ ok }) => ok)).toHaveLength(cores * 8)
})

it('TH-10: a longer queue is told to come back later', async () => {
  const pool = hashingPool({ concurrency: 1, queue: 99 })
  const jobs = Array.from({ length: 101 }, () => job([], ''))
  const answers = jobs.map((one) => pool.run(one.run))
  expect(await answers.at(-1)).toEqual({ ok: false, refusal: { code: 'overloaded', retryAfter: 5 } })
  for (const one of jobs) one.end()
  await Promise.all(answers)
})

it('TH-10: however many are handed over, no more are computed at once than there are cores', async () => {
  const pool = hashingPool({ concurrency: 512, queue: 9_488 })
  const jobs = Array.from({ length: 10_001 }, () => job([], ''))
  const answers = jobs.map((one) => pool.run(one.run))
  const retryAfter = Math.ceil((10_000 / Math.min(512, availableParallelism())) * 0.05)
  expect(await answers.at(-1)).toEqual({ ok: false, refusal: { code: 'overloaded', retryAfter } })
  for (const one of jobs) one.end()
  await Promise.all(answers)
})

it('bounds that make no sense are refused at the start', () => {
  for (const options of [{ concurrency: 0 }, { concurrency: 1.5 }, { queue: -1 }, { queue: Number.NaN }]) {
    expect(() => hashingPool(options)).toThrow(ConfigurationError)
  }
})
