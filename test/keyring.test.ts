import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type KeyRecord, type KeySchedule, standing, turnOf } from '../src/keyring.ts'

const SCHEDULE: KeySchedule = { every: 1000, publish: 100, overlap: 50 }
const key = (kid: string, from: number, over: Partial<KeyRecord> = {}): KeyRecord => ({
  kid,
  alg: 'EdDSA',
  createdAt: from - SCHEDULE.publish,
  signsFrom: from,
  sealed: 'sealed',
  removedAt: null,
  ...over,
})
const at = (now: number, ...keys: KeyRecord[]) => {
  const { signing, verifying, over, due } = standing(keys, now, SCHEDULE)
  const kids = (records: readonly KeyRecord[]) => records.map(({ kid }) => kid).join()
  return { signing: signing?.kid ?? null, verifying: kids(verifying), over: kids(over), due }
}

describe('which key is good for what', () => {
  it('KM-01: publishes a key before it signs, and lets the one before it verify until its last token is over', () => {
    const [a, b] = [key('a', 0), key('b', 1000)]
    expect(at(0, a)).toEqual({ signing: 'a', verifying: 'a', over: '', due: false })
    expect(at(899, a).due).toBe(false)
    expect(at(900, a).due).toBe(true)
    expect(at(999, a, b)).toEqual({ signing: 'a', verifying: 'a,b', over: '', due: false })
    expect(at(1000, a, b)).toEqual({ signing: 'b', verifying: 'a,b', over: '', due: false })
    expect(at(1049, a, b).verifying).toBe('a,b')
    expect(at(1050, a, b)).toEqual({ signing: 'b', verifying: 'b', over: 'a', due: false })
  })

  it('KM-02: a removed key is good for nothing, and the one beside it signs', () => {
    const [a, b, c] = [key('a', 0), key('b', 1000), key('c', 2000)]
    const gone = { sealed: null, removedAt: 1 }
    expect(at(1010, a, { ...b, ...gone })).toMatchObject({ signing: 'a', verifying: 'a' })
    expect(at(1950, { ...b, ...gone }, c)).toMatchObject({ signing: 'c', verifying: 'c' })
    expect(at(1010, { ...a, ...gone })).toEqual({ signing: null, verifying: '', over: '', due: true })
  })

  it('makes the first key sign at once, and later ones after they were published', () => {
    expect(turnOf([], 7, SCHEDULE)).toEqual({ createdAt: 7, signsFrom: 7 })
    const removed = key('a', 0, { removedAt: 3, sealed: null })
    expect(turnOf([removed], 7, SCHEDULE)).toEqual({ createdAt: 7, signsFrom: 7 })
    expect(turnOf([key('a', 0)], 7, SCHEDULE)).toEqual({ createdAt: 7, signsFrom: 107 })
  })

  it('KM-01: the newest stays the newest where another clock was ahead', () => {
    const ahead = key('ahead', 500, { createdAt: 400 })
    expect(turnOf([ahead], 7, SCHEDULE)).toEqual({ createdAt: 401, signsFrom: 501 })
  })

  it('KM-01: at every instant of any history the key that signs is published, and no key is both good and over', () => {
    const records = fc.array(fc.record({ from: fc.integer({ min: 0, max: 3000 }), removed: fc.boolean() }), {
      maxLength: 6,
    })
    fc.assert(
      fc.property(records, fc.integer({ min: 0, max: 4000 }), (given, now) => {
        const keys = given.map(({ from, removed }, i) =>
          key(`k${i}`, from, removed ? { removedAt: 1, sealed: null } : {}),
        )
        const { signing, verifying, over, due } = standing(keys, now, SCHEDULE)
        if (signing) expect(verifying).toContain(signing)
        else expect(due).toBe(true)
        expect(verifying.filter((one) => over.includes(one))).toEqual([])
        expect(verifying.length + over.length).toBe(keys.filter((one) => one.removedAt === null).length)
      }),
      { seed: 11, numRuns: 2000 },
    )
  })
})
