import { describe, expect, it, onTestFinished } from 'vitest'
import type { Happening } from '../../src/flows/recorder.ts'
import { line } from '../../src/flows/webhook-line.ts'
import { checkedWebhooks } from '../../src/flows/webhook-setting.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { sampleEvent } from '../../src/testing/samples.ts'
import type { Endpoint, Post } from '../../src/webhook.ts'
import { webhookSecret } from '../../src/webhooks.ts'

const HOUR = 3_600_000

type Answer = { readonly status: number; readonly retryAfter?: number } | 'no answer'

/** One line over an audit log in memory, and a receiver that answers as it is told. */
async function begin(answer: (attempt: number, id: string) => Answer) {
  const clock = manualClock()
  const { audit } = memory()
  await audit.source.open()
  const told: Happening[] = []
  const faults: string[] = []
  const attempts: { at: number; id: string }[] = []
  const [endpoint] = checkedWebhooks(
    [{ url: 'https://hooks.example/', secret: webhookSecret(), events: ['user.created'] }],
    new URL('https://app.example'),
  ) as [Endpoint]
  const post: Post = async (_, headers) => {
    const id = String(headers['webhook-id'])
    attempts.push({ at: clock.monotonic(), id })
    const so = answer(attempts.length, id)
    if (so === 'no answer') throw new Error('nobody is there')
    return { retryAfter: null, ...so }
  }
  const recorder = {
    record: (happening: Happening) => void told.push(happening),
    fault: (_: unknown, doing: string) => void faults.push(doing),
    flush: async () => {},
    listen: () => () => {},
    counts: () => {
      throw new Error('nobody asks')
    },
  }
  const make = (node: string, over = audit) => line({ audit: over, clock, recorder, endpoint, post, node })
  const one = make('one')
  onTestFinished(() => one.stop())
  await audit.place(endpoint.reader)
  const happen = (...names: string[]) => audit.append(names.map((name) => sampleEvent(name, { type: 'user.created' })))
  const ids = () => attempts.map(({ id }) => id.replace(/-+$/, ''))
  return { clock, audit, told, faults, attempts, endpoint, one, make, happen, ids }
}

describe('the line to an endpoint', () => {
  it('pauses double up to an hour with chance in them, and after twelve attempts an event is a dead letter', async () => {
    const { clock, told, attempts, one, happen } = await begin(() => ({ status: 503 }))
    await happen('a')
    one.start()
    await clock.advance(12 * HOUR)
    expect(attempts).toHaveLength(12)
    const pauses = attempts.slice(1).map(({ at }, i) => at - (attempts[i]?.at ?? 0))
    for (const [i, pause] of pauses.entries()) {
      const whole = Math.min(HOUR, 5000 * 2 ** i)
      expect(pause).toBeGreaterThanOrEqual(whole / 2)
      expect(pause).toBeLessThanOrEqual(whole)
    }
    expect(new Set(pauses.map((pause, i) => pause / Math.min(HOUR, 5000 * 2 ** i))).size).toBeGreaterThan(5)
    const data = { endpoint: 'hooks.example', event: expect.stringMatching(/^a-+$/), type: 'user.created' }
    expect(told).toEqual([
      expect.objectContaining({ type: 'webhook.failing', reason: '503', data: { ...data, attempts: 1 } }),
      expect.objectContaining({ type: 'webhook.given_up', reason: '503', data: { ...data, attempts: 12 } }),
    ])
    expect(one.standing()).toMatchObject({ delivered: 0, failed: 12, givenUp: 1 })
  })

  it('a receiver that is away for two days loses few events, and gets the others in order', async () => {
    let away = true
    const { clock, one, happen, ids, told } = await begin(() => (away ? 'no answer' : { status: 204 }))
    const names = Array.from({ length: 30 }, (_, i) => `e${String(i).padStart(2, '0')}`)
    await happen(...names)
    one.start()
    await clock.advance(48 * HOUR)
    const lost = told.filter(({ type }) => type === 'webhook.given_up').length
    expect(lost).toBeGreaterThan(0)
    expect(lost).toBeLessThanOrEqual(7)
    expect(told.filter(({ type }) => type === 'webhook.failing')).toHaveLength(1)
    away = false
    const before = ids().length
    await clock.advance(2 * HOUR)
    expect(ids().slice(before)).toEqual(names.slice(lost))
    expect(one.standing().stuckSince).toBe(null)
  })

  it('goes on behind what it has sent, whoever has the turn; a turn that is not given up runs out', async () => {
    const { clock, one, make, happen, ids } = await begin(() => ({ status: 204 }))
    await happen('a')
    one.start()
    await clock.advance(100)
    const two = make('two')
    onTestFinished(() => two.stop())
    two.start()
    await happen('b')
    await clock.advance(10_000)
    expect([ids(), two.standing().delivered]).toEqual([['a', 'b'], 0])
    await one.stop()
    await happen('c')
    await clock.advance(10_000)
    expect([ids(), two.standing().delivered]).toEqual([['a', 'b', 'c'], 1])
  })

  it('what was answered and not taken down is sent again, under the same id', async () => {
    const { clock, audit, make, happen, ids, faults } = await begin(() => ({ status: 204 }))
    let down = true
    const forgetful = {
      ...audit,
      advance: (...given: Parameters<typeof audit.advance>) =>
        down ? Promise.reject(new Error('down')) : audit.advance(...given),
    }
    const other = make('other', forgetful)
    onTestFinished(() => other.stop())
    await happen('a')
    other.start()
    await clock.advance(100)
    down = false
    await clock.advance(10_000)
    expect(ids()).toEqual(['a', 'a'])
    expect(faults).toEqual(['delivering to hooks.example'])
  })

  it('an audit log that fails is asked again, and says so', async () => {
    const { clock, audit, make, happen, ids, faults } = await begin(() => ({ status: 204 }))
    let down = true
    const failing = {
      ...audit,
      after: (...given: Parameters<typeof audit.after>) =>
        down ? Promise.reject(new Error('down')) : audit.after(...given),
    }
    const other = make('other', failing)
    onTestFinished(() => other.stop())
    await happen('a')
    other.start()
    await clock.advance(5000)
    expect(ids()).toEqual([])
    down = false
    await clock.advance(5000)
    expect(ids()).toEqual(['a'])
    expect(faults.length).toBeGreaterThan(0)
  })

  it('thousands of events that nobody wants are gone through in pages, without a request', async () => {
    const { clock, audit, endpoint, one, ids } = await begin(() => ({ status: 204 }))
    const many = Array.from({ length: 5000 }, (_, i) => sampleEvent(`n${i}`, { type: 'token.refreshed' }))
    await audit.append(many)
    await audit.append([sampleEvent('last', { type: 'user.created' })])
    one.start()
    await clock.advance(5000)
    expect(ids()).toEqual(['last'])
    expect(await audit.after(await audit.place(endpoint.reader), 10)).toEqual([])
  })
})
