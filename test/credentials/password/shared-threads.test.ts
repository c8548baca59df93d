import { expect, it } from 'vitest'
import { onSharedThread } from '../../../src/credentials/password/shared-threads.ts'

it('TH-10: three of libuv’s threads at most are occupied, in order of arrival, and a job that fails gives its own back', async () => {
  const began: number[] = []
  const jobs = Array.from({ length: 6 }, () => Promise.withResolvers<number>())
  const answers = jobs.map(({ promise }, i) =>
    onSharedThread(() => {
      began.push(i)
      return promise
    }).catch(() => 'failed'),
  )
  const settled = () => new Promise((resolve) => setImmediate(resolve))
  await settled()
  expect(began).toEqual([0, 1, 2])
  jobs[1]?.reject(new Error('no'))
  await settled()
  expect(began).toEqual([0, 1, 2, 3])
  jobs.forEach(({ resolve }, i) => void resolve(i))
  expect(await Promise.all(answers)).toEqual([0, 'failed', 2, 3, 4, 5])
})
