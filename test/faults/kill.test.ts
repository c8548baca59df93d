import { afterEach, expect, it } from 'vitest'
import { killMidway } from './support/kill.ts'
import { cleanUp } from './support/server.ts'

afterEach(cleanUp)

const SEED = 20_261_120

it.each([SEED, SEED + 1, SEED + 2])(
  'P7, TE-10: kill -9 amid 200 sign-outs under load undoes and loses nothing that was answered (seed %i)',
  async (seed) => {
    const { seen, killAfter, wrong } = await killMidway(seed)
    const answered = seen.signOuts.filter(({ answer }) => answer).length
    expect(answered).toBeGreaterThanOrEqual(killAfter)
    expect(answered).toBeLessThan(200)
    for (const list of [seen.signUps, seen.signIns, seen.reads]) {
      expect(list.filter(({ answer }) => answer).length).toBeGreaterThan(0)
    }
    expect(wrong).toEqual([])
  },
  60_000,
)
