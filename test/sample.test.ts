import { expect, it } from 'vitest'
import { randomText } from '../src/crypto.ts'
import { guessed, placeOfId } from '../src/sample.ts'
import { sampleSession, T0 } from '../src/testing/samples.ts'
import { opened } from './stores/sqlite-fixture.ts'

it('random ids are spread evenly, in the order of their bytes', () => {
  const ids = Array.from({ length: 20_000 }, () => randomText(16)).sort()
  const places = ids.map(placeOfId)
  expect(places).toEqual(places.toSorted((a, b) => a - b))
  for (const [i, place] of places.entries()) expect(Math.abs(place - i / ids.length)).toBeLessThan(0.02)
})

it('guesses how many there are within the margin it says', () => {
  const ids = Array.from({ length: 200_000 }, () => randomText(16)).sort()
  let wrong = 0
  for (let i = 0; i < 50; i++) {
    const from = `${'-0123456789ABCDEFGHIJKLMNOPQRSTUV'[i % 32]}${randomText(12)}`
    const at = ids.findIndex((id) => id >= from)
    const { count, margin } = guessed(4_000, from, ids[at + 3_999] ?? null)
    expect(margin).toBeLessThan(200_000 / 15)
    if (Math.abs(count - ids.length) > margin) wrong += 1
  }
  expect(wrong).toBeLessThanOrEqual(2)
})

it('a store of many sessions tells how many are open without going through them', async () => {
  const store = await opened()
  const records = Array.from({ length: 9_000 }, (_, i) => sampleSession(`s${i}`, { id: randomText(16) as never }))
  await Promise.all(records.map((record) => store.sessions.start(record, null, T0)))
  await Promise.all(records.slice(0, 3_000).map(({ id }) => store.sessions.end(id, 'signed_out', T0)))
  const { count, margin } = await store.sessions.count('F')
  expect(margin).toBeGreaterThan(0)
  expect(Math.abs(count - 6_000)).toBeLessThan(margin * 1.5)
})
