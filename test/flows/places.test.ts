import { describe, expect, it } from 'vitest'
import { fromOf, isAmong, places } from '../../src/flows/places.ts'
import { sampleSession } from '../../src/testing/samples.ts'

const at = (n: number) => fromOf(`203.0.113.${n}`, 'curl/8.0')

describe('where a session is used from', () => {
  const session = sampleSession('ann')

  it('SL-10: is where it began, or where it was last seen, until something else is known', () => {
    const { of } = places()
    expect(of(session, null)).toEqual({ known: [{ ip: session.ip, device: session.device }], waiting: [] })
    expect(of(session, { ip: '203.0.113.1', userAgent: 'curl/8.0' }).known).toEqual([at(1)])
  })

  it('SL-10: is kept for as long as nobody proved themselves elsewhere: what waits, waits for this run of it', () => {
    const { of, waits } = places()
    waits(session, of(session, null), at(1))
    expect(of(session, null).waiting).toEqual([at(1)])
    const later = { ...session, authenticatedAt: session.authenticatedAt + 1 }
    expect(of(later, null)).toEqual({ known: [{ ip: session.ip, device: session.device }], waiting: [] })
  })

  it('SL-10: stays, of the session under the next id, once it was proved', () => {
    const { of, waits, proved } = places()
    waits(session, of(session, null), at(1))
    const next = { ...session, id: sampleSession('next').id, authenticatedAt: session.authenticatedAt + 1 }
    proved(session, next, { source: '203.0.113.1', userAgent: 'curl/8.0' })
    proved(next, next, { source: '203.0.113.1', userAgent: 'curl/8.0' })
    proved(next, next, {})
    expect(of(next, null)).toMatchObject({ known: [{ ip: session.ip }, { ip: '203.0.113.1' }], waiting: [] })
  })

  it('SL-10: takes a bounded amount of memory, and what was asked last stays', () => {
    const { of, waits, proved } = places()
    for (let n = 0; n < 20; n += 1) waits(session, of(session, null), at(n))
    expect(of(session, null).waiting).toEqual([12, 13, 14, 15, 16, 17, 18, 19].map(at))
    for (let n = 0; n < 20; n += 1) proved(session, session, { source: `203.0.113.${n}`, userAgent: 'curl/8.0' })
    expect(of(session, null).known).toEqual([12, 13, 14, 15, 16, 17, 18, 19].map(at))
    for (let n = 0; n < 9_999; n += 1) waits(sampleSession(`${n}`), { known: [at(0)], waiting: [] }, at(1))
    expect(isAmong(of(session, null).known, at(19))).toBe(true)
    waits(sampleSession('one too many'), { known: [at(0)], waiting: [] }, at(1))
    expect(isAmong(of(session, null).known, at(19))).toBe(false)
  })
})
