import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { recent } from '../src/recent.ts'

it('finds what was kept, as it was kept', () => {
  const texts = recent<{ text: string }>(100)
  const made = { text: 'good' }
  expect(texts.find('good')).toBeNull()
  expect(texts.keep('good', made)).toBe(made)
  expect(texts.find('good')).toBe(made)
  expect(texts.find('bad')).toBeNull()
})

it('is bounded: the longest unused go, what is used again stays', () => {
  const texts = recent<{ text: string }>(100)
  const keep = (prefix: string, count: number) => {
    for (let n = 0; n < count; n++) texts.keep(`${prefix}${n}`, { text: prefix })
  }
  keep('a', 10_000)
  keep('b', 10_000)
  // The older generation is not forgotten yet, and this brings one into the young one.
  expect(texts.find('a1')).toEqual({ text: 'a' })
  keep('c', 9_999)
  expect(texts.find('a1')).toEqual({ text: 'a' })
  expect(texts.find('a2')).toBeNull()
  expect(texts.find('b2')).toEqual({ text: 'b' })
})

it('keeps no text that is too long', () => {
  const texts = recent<{ text: string }>(1024)
  const [long, longer] = ['x'.repeat(1024), 'x'.repeat(1025)]
  texts.keep(long, { text: 'long' })
  expect(texts.find(long)).toEqual({ text: 'long' })
  expect(texts.keep(longer, { text: 'longer' })).toEqual({ text: 'longer' })
  expect(texts.find(longer)).toBeNull()
})

it('takes no text for one whose characters end in the same bytes', () => {
  const texts = recent<{ text: string }>(1024)
  texts.keep('\u0141', { text: 'one' })
  expect(texts.find('A')).toBeNull()
  expect(texts.find('\u0141')).toEqual({ text: 'one' })
})

it('keeps nothing of the larger text that one was cut out of', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const texts = recent<{ text: string }>(1024)
  const used = () => {
    collect()
    return process.memoryUsage().heapUsed
  }
  const before = used()
  for (let n = 0; n < 200; n++) {
    const header = `${Buffer.alloc(200_000, 'x').toString('latin1')}; token=${String(n).padStart(500, 't')}`
    texts.keep(header.slice(-500), { text: 'kept' })
  }
  expect(texts.find('0'.padStart(500, 't'))).toEqual({ text: 'kept' })
  // Whole, they would be 40 MB.
  expect(used() - before).toBeLessThan(10_000_000)
})
