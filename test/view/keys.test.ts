import { describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../src/errors.ts'
import type { KeyRecord, KeySchedule, Keys } from '../../src/keyring.ts'
import { manualClock } from '../../src/testing.ts'
import { keysView } from '../../src/view/keys.ts'

const SCHEDULE: KeySchedule = { every: 100_000, publish: 10_000, overlap: 5_000 }
const T0 = 1_800_000_000_000

const key = (kid: string, from: number, over: Partial<KeyRecord> = {}): KeyRecord => ({
  kid,
  alg: 'EdDSA',
  createdAt: from,
  signsFrom: from,
  sealed: `sealed ${kid}`,
  removedAt: null,
  ...over,
})

/** A node's keys over a list that the test changes, and answers when the test lets it. */
function begin(...first: KeyRecord[]) {
  const clock = manualClock(T0)
  let list: readonly KeyRecord[] = first
  let failing = false
  let reads = 0
  let gate: Promise<void> | null = null
  const keys = {
    async list() {
      reads += 1
      if (failing) throw new StoreUnavailable('down')
      const answer = list
      await gate
      return answer
    },
  } as Keys
  const faults: unknown[] = []
  const view = keysView({
    keys,
    clock,
    schedule: SCHEDULE,
    open: ({ sealed }) => (sealed?.includes('foreign') ? null : `opened ${sealed}`),
    onFault: (fault) => faults.push(fault),
  })
  return {
    view,
    clock,
    faults,
    reads: () => reads,
    set(...records: KeyRecord[]) {
      list = records
    },
    fail(now: boolean) {
      failing = now
    },
    /** Answers are held back until the function it returns is called. */
    hold() {
      let open = () => {}
      gate = new Promise((resolve) => {
        open = resolve
      })
      return () => {
        gate = null
        open()
      }
    },
  }
}

describe('the keys a node knows of', () => {
  it('signs nothing and lets nobody in before they were read', () => {
    const { view } = begin(key('a', T0))
    expect(view.stands('a', T0)).toBe(false)
    expect(view.signing(T0)).toBeNull()
    expect(() => view.standing(T0)).toThrow(StoreUnavailable)
  })

  it('KM-01: signs with the key whose time has come, and knows the one before until its last token is over', async () => {
    const { view } = begin(key('a', T0), key('b', T0 + 1000))
    await view.load()
    expect(view.signing(T0)?.record.kid).toBe('a')
    expect(view.signing(T0 + 1000)?.record.kid).toBe('b')
    expect(view.stands('a', T0 + 5999)).toBe(true)
    expect(view.stands('a', T0 + 6000)).toBe(false)
  })

  it('KM-02: forgets a removed key in the step in which the removal is applied', async () => {
    const { view } = begin(key('a', T0), key('b', T0 + 1000))
    await view.load()
    view.apply({ kind: 'key', kid: 'b', removed: true })
    expect(view.stands('b', T0 + 1000)).toBe(false)
    expect(view.signing(T0 + 1000)?.record.kid).toBe('a')
    // With its successor gone nothing limits it.
    expect(view.stands('a', T0 + 6000)).toBe(true)
  })

  it('KM-02: a list that was asked for before the removal and arrives after it brings nothing back', async () => {
    const { view, hold } = begin(key('a', T0), key('b', T0))
    await view.load()
    const open = hold()
    const late = view.load()
    view.apply({ kind: 'key', kid: 'a', removed: true })
    open()
    await late
    expect(view.stands('a', T0)).toBe(false)
    expect(await view.find('a', T0)).toBeNull()
    expect(view.stands('b', T0)).toBe(true)
  })

  it('JW-05: unknown kids make it ask once a second, whoever sends how many', async () => {
    const { view, clock, reads, set } = begin(key('a', T0))
    await view.load()
    const before = reads()
    await Promise.all(Array.from({ length: 1000 }, (_, i) => view.find(`unknown${i}`, T0)))
    expect(reads() - before).toBe(1)
    set(key('a', T0), key('new', T0))
    expect(await view.find('new', T0)).toBeNull()
    await clock.advance(1000)
    expect((await view.find('new', T0))?.key).toBe('opened sealed new')
    expect(reads() - before).toBe(2)
  })

  it('P3: a node without a lease is told by a read that was sent after it asked', async () => {
    const { view, hold, set, fail } = begin(key('a', T0))
    const open = hold()
    const first = view.load()
    set(key('a', T0, { removedAt: T0, sealed: null }))
    const ask = () => view.load().then(() => view.stands('a', T0))
    const asked = ask()
    open()
    await first
    expect(await asked).toBe(false)
    fail(true)
    await expect(ask()).rejects.toBeInstanceOf(StoreUnavailable)
  })

  it('P3: asking all the time holds nobody up', async () => {
    const { view } = begin(key('a', T0))
    const answers: Promise<boolean>[] = []
    for (let i = 0; i < 200; i++) {
      answers.push(view.load().then(() => view.stands('a', T0)))
      if (i % 3 === 0) await Promise.resolve()
      if (i === 20) expect(await answers[0]).toBe(true)
    }
    expect(new Set(await Promise.all(answers))).toEqual(new Set([true]))
  })

  it('does not sign with a key that it cannot open, and does not take another for it', async () => {
    const { view } = begin(key('a', T0), key('b', T0 + 1000, { sealed: 'sealed foreign' }))
    await view.load()
    expect(view.signing(T0)?.record.kid).toBe('a')
    expect(view.signing(T0 + 1000)).toBeNull()
  })

  it('P3: whoever holds a token of a good key that cannot be opened is not refused, but answered later', async () => {
    const { view, clock, set } = begin(key('a', T0, { sealed: 'sealed foreign' }), key('b', T0 + 1000))
    await view.load()
    await expect(view.find('a', T0)).rejects.toThrow('cannot be opened')
    expect(() => view.find('a', T0)).toThrow(StoreUnavailable)
    // Its last token is over.
    expect(view.find('a', T0 + 6000)).toBeNull()
    set(key('a', T0), key('b', T0 + 1000))
    await clock.advance(1000)
    expect((await view.find('a', T0))?.key).toBe('opened sealed a')
  })

  it('P3: a list that is on its way is waited for, however many unknown kids came before', async () => {
    const { view, set, hold } = begin(key('a', T0))
    await view.load()
    await view.find('unknown', T0)
    expect(view.find('b', T0)).toBeNull()
    set(key('a', T0), key('b', T0))
    const open = hold()
    view.apply({ kind: 'key', kid: 'b', removed: false })
    const found = view.find('b', T0)
    open()
    expect((await found)?.key).toBe('opened sealed b')
  })

  it('KM-02: a list of the database that was is not taken for one of the database that is', async () => {
    const { view, hold, set } = begin(key('a', T0))
    await view.load()
    const open = hold()
    const late = view.load()
    view.reset()
    set(key('a', T0, { removedAt: T0, sealed: null }))
    open()
    await late
    expect(view.stands('a', T0)).toBe(false)
  })

  it('drops what it learnt when the database is another one', async () => {
    const { view, set, faults } = begin(key('a', T0))
    await view.load()
    view.apply({ kind: 'key', kid: 'a', removed: true })
    set(key('a', T0))
    view.reset()
    expect(view.stands('a', T0)).toBe(false)
    await view.load()
    expect(view.stands('a', T0)).toBe(true)
    expect(faults).toEqual([])
  })
})
