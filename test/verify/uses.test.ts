import { describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../src/errors.ts'
import { manualClock } from '../../src/testing/clock.ts'
import type { Asking } from '../../src/verify/server.ts'
import { useReports } from '../../src/verify/uses.ts'

type Use = { readonly sid: string; readonly at: number; readonly counter?: number }

/** Reports to a server whose answers are given, under a clock that stands still. */
function reporting() {
  const clock = manualClock()
  const told: Use[][] = []
  const faults: unknown[] = []
  const way = { status: 204, down: false }
  const server = async (url: string, { method, json }: Asking = {}) => {
    if (way.down) throw new StoreUnavailable('the server does not answer')
    expect([url, method]).toEqual(['https://auth.example/auth/feed/ack', 'POST'])
    if (way.status === 204) told.push((json as { uses: Use[] }).uses)
    return { status: way.status, body: null }
  }
  const uses = useReports(server, 'https://auth.example/auth', clock, (fault) => void faults.push(fault))
  const see = (sid: string, counter?: number) => uses.saw(sid, counter, clock.now())
  return { uses, see, clock, told, faults, way }
}

describe('uses of sessions', () => {
  it('P2: are told once a second, each session once, with its latest use and newest counter', async () => {
    const { see, clock, told } = reporting()
    see('one', 3)
    see('two')
    await clock.advance(900)
    see('one')
    expect(told).toEqual([])
    const at = clock.now()
    await clock.advance(100)
    expect(told).toEqual([
      [
        { sid: 'one', at, counter: 3 },
        { sid: 'two', at: at - 900 },
      ],
    ])
    await clock.advance(10_000)
    expect(told).toHaveLength(1)
  })

  it('P5: are told a thousand at a time, which is what a server takes, and none is left out', async () => {
    const { see, clock, told } = reporting()
    for (let i = 0; i < 2500; i++) see(`session ${i}`)
    await clock.advance(1000)
    expect(told.map((one) => one.length)).toEqual([1000, 1000, 500])
    expect(new Set(told.flat().map(({ sid }) => sid)).size).toBe(2500)
  })

  it.each([
    ['does not answer', { down: true }, { down: false }],
    ['does not take them', { status: 503 }, { status: 204 }],
  ])('P5: that the server %s are told later, by when they were', async (_, broken, mended) => {
    const { see, clock, told, faults, way } = reporting()
    Object.assign(way, broken)
    see('one', 1)
    see('two', 1)
    const at = clock.now()
    await clock.advance(5000)
    expect(faults.length).toBeGreaterThan(1)
    see('two', 2)
    const later = clock.now()
    Object.assign(way, mended)
    await clock.advance(1000)
    expect(told.flat().sort((a, b) => a.sid.localeCompare(b.sid))).toEqual([
      { sid: 'one', at, counter: 1 },
      { sid: 'two', at: later, counter: 2 },
    ])
  })

  it('are bounded, also while the server is gone', async () => {
    const { see, clock, told, way } = reporting()
    for (let i = 0; i < 100_100; i++) see(`session ${i}`)
    await clock.advance(1000)
    expect(told.flat()).toHaveLength(100_000)
    way.down = true
    for (let i = 0; i < 100_000; i++) see(`session ${i}`)
    await clock.advance(2000)
    see('one more')
    way.down = false
    await clock.advance(3000)
    expect(told.flat()).toHaveLength(200_000)
  })

  it('are told before the service ends', async () => {
    const { see, uses, clock, told } = reporting()
    see('one')
    await uses.close()
    expect(told).toEqual([[{ sid: 'one', at: clock.now() }]])
  })
})
