import { describe, expect, it } from 'vitest'
import { mailQueue, type Outcome } from '../../src/mail/queue.ts'
import type { Mail, Mailer } from '../../src/mailer.ts'
import { manualClock } from '../../src/testing/clock.ts'
import type { UserId } from '../../src/user.ts'

const HOUR = 3_600_000
const mail = (id: string): Mail => ({
  ...{ id, kind: 'reset', to: 'ann@example.com', language: 'en', subject: 's', text: 't', html: 'h' },
})

function made(send: Mailer['send']) {
  const clock = manualClock()
  const told: string[] = []
  const say = (outcome: Outcome) => (outcome.kind === 'given_up' ? outcome.why : outcome.kind)
  const queue = mailQueue({
    mailer: { send },
    clock,
    told: (posted, outcome) => void told.push(`${posted.mail.id} ${say(outcome)}`),
  })
  const add = (id: string, life = HOUR, userId: string | null = null) =>
    queue.add({ mail: mail(id), userId: userId as UserId | null, until: clock.now() + life })
  return { clock, told, queue, add }
}

describe('messages that wait to be sent', () => {
  it('are sent once each, at most four at a time, in the order in which they came', async () => {
    const begun: string[] = []
    const open: (() => void)[] = []
    const { add, told, clock } = made((one) => {
      begun.push(one.id)
      return new Promise<void>((resolve) => open.push(resolve))
    })
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) add(id)
    expect(begun).toEqual(['a', 'b', 'c', 'd'])
    open[0]?.()
    await clock.advance(0)
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'e'])
    for (let i = 0; i < 3; i++) {
      for (const done of open) done()
      await clock.advance(0)
    }
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
    expect(told.sort()).toEqual(['a sent', 'b sent', 'c sent', 'd sent', 'e sent', 'f sent'])
  })

  it('are tried again after 5, 15, 45 s and so on, at most ten minutes apart, and delay is told once', async () => {
    const at: number[] = []
    const { add, told, clock } = made(async () => {
      at.push(clock.now())
      if (at.length < 8) throw new Error('down')
    })
    add('a', 24 * HOUR)
    await clock.advance(2 * HOUR)
    const pauses = at.slice(1).map((time, i) => (time - (at[i] ?? 0)) / 1000)
    expect(pauses).toEqual([5, 15, 45, 135, 405, 600, 600])
    expect(told).toEqual(['a delayed', 'a sent'])
  })

  it('are given up when nobody would read them any more, and at once when they are refused for good', async () => {
    let tries = 0
    const { add, told, clock } = made(async ({ id }) => {
      tries += 1
      throw Object.assign(new Error('no'), { permanent: id === 'refused' })
    })
    add('late', 60_000)
    add('refused')
    await clock.advance(HOUR)
    expect(told).toEqual(
      ['refused refused', 'late delayed', 'late late'].sort((a, b) => told.indexOf(a) - told.indexOf(b)),
    )
    expect(told).toHaveLength(3)
    expect(tries).toBe(4)
  })

  it('a mailer that throws, hangs or answers late is one that failed', async () => {
    let tries = 0
    const { add, told, clock } = made(({ id }) => {
      tries += 1
      if (id === 'throws' && tries < 3) throw new Error('not even a promise')
      return id === 'hangs' && tries < 3 ? new Promise<void>(() => {}) : Promise.resolve()
    })
    add('throws')
    add('hangs')
    await clock.advance(59_000)
    expect(told.sort()).toEqual(['throws delayed', 'throws sent'])
    await clock.advance(10_000)
    expect(told.sort()).toEqual(['hangs delayed', 'hangs sent', 'throws delayed', 'throws sent'])
  })

  it('are a thousand at most: what comes on top is given up, and the others are not', async () => {
    const { add, told, clock } = made(() => new Promise<void>(() => {}))
    for (let i = 0; i < 1001; i++) add(`m${i}`)
    expect(told).toEqual(['m1000 full'])
    await clock.advance(0)
  })

  it('of a user who is gone are dropped without a word, and are not tried again', async () => {
    const begun: string[] = []
    const { add, told, queue, clock } = made(async ({ id }) => {
      begun.push(id)
      throw new Error('down')
    })
    add('of ann', HOUR, 'ann')
    add('of bea', HOUR, 'bea')
    await clock.advance(1000)
    queue.forget('ann' as UserId)
    await clock.advance(10_000)
    expect(begun).toEqual(['of ann', 'of bea', 'of bea'])
    expect(told.filter((line) => line.startsWith('of ann'))).toEqual(['of ann delayed'])
  })

  it('are tried once more when the process ends, and given up after as long as it waits', async () => {
    let isDown = true
    const { add, told, queue, clock } = made(({ id }) => {
      if (id === 'hangs') return new Promise<void>(() => {})
      return isDown ? Promise.reject(new Error('down')) : Promise.resolve()
    })
    add('waits')
    await clock.advance(100)
    isDown = false
    add('hangs')
    let isClosed = false
    const closing = queue.close(10_000).then(() => {
      isClosed = true
    })
    await clock.advance(9000)
    expect(isClosed).toBe(false)
    expect(told).toEqual(['waits delayed', 'waits sent'])
    await clock.advance(1000)
    await closing
    expect(told).toEqual(['waits delayed', 'waits sent', 'hangs closed'])
  })

  it('a process that has none ends at once', async () => {
    const { queue } = made(async () => {})
    await queue.close(10_000)
  })
})
