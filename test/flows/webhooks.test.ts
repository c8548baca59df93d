import { describe, expect, it, onTestFinished } from 'vitest'
import type { Options } from '../../src/options.ts'
import type { Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import type { ManualClock } from '../../src/testing/clock.ts'
import { verifyWebhook, webhookSecret } from '../../src/webhooks.ts'
import { type House, house, must, PASSWORD } from '../support/house.ts'
import { type Answering, type Received, type Receiver, receiver } from '../support/receiver.ts'

const SECRET = webhookSecret()

async function begin(given: Partial<Options> & { nodes?: number } = {}): Promise<House> {
  const made = await house({ baseUrl: 'http://localhost:3000', ...given })
  onTestFinished(() => made.close())
  return made
}

/** Real requests take real time, in which the clock of the test goes on in small steps. */
async function until(clock: ManualClock, isSo: () => boolean, step = 25): Promise<void> {
  const end = performance.now() + 10_000
  while (!isSo()) {
    if (performance.now() > end) throw new Error('it did not come to that')
    await clock.advance(step)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Lets what is under way come to an end, and looks that nothing follows. */
async function quiet(clock: ManualClock, ms = 10_000): Promise<void> {
  for (let i = 0; i < 20; i++) {
    await clock.advance(ms / 20)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const hook = ({ url }: Receiver, more = {}) => ({ url: `${url}/hook`, secret: SECRET, ...more })
const typeOf = ({ body }: Received): string => JSON.parse(body).type
const idOf = ({ headers }: Received): string => String(headers['webhook-id'])
const people = (auth: House['auth'], ...names: string[]) =>
  names.reduce(
    (before, name) =>
      before.then(async () => void must(await auth.users.create({ email: `${name}@example.com`, password: PASSWORD }))),
    Promise.resolve(),
  )

describe('webhooks', () => {
  it('are signed so that the receiver can verify them, with what the audit log has and no secret', async () => {
    const there = await receiver()
    const { auth, clock, enter } = await begin({ webhooks: [hook(there, { events: ['session.*'] })] })
    const { cookie, carrier } = await enter('ann', { source: '192.0.2.1' })
    await auth.signOut(carrier)
    await until(clock, () => there.received.length === 2)
    expect(there.received.map(typeOf)).toEqual(['session.created', 'session.ended'])
    const { items } = await auth.audit({ type: 'session.ended' }, null, 1)
    const [, ended] = there.received as [Received, Received]
    const carried = { get: (name: string) => String(ended.headers[name]) }
    expect(verifyWebhook(carried, ended.body, SECRET, clock.now())).toEqual({
      ok: true,
      id: items[0]?.id,
      type: 'session.ended',
      timestamp: new Date(items[0]?.at ?? 0).toISOString(),
      data: items[0],
    })
    expect(verifyWebhook(carried, ended.body, webhookSecret(), clock.now()).ok).toBe(false)
    const told = JSON.stringify(there.received)
    for (const secret of [SECRET, SECRET.slice(6), cookie.split('=')[1] ?? '', PASSWORD])
      expect(told).not.toContain(secret)
  })

  it('while a secret is rotated each signs, so that receivers change theirs when they like', async () => {
    const there = await receiver()
    const next = webhookSecret()
    const { auth, clock } = await begin({
      webhooks: [hook(there, { secret: [next, SECRET], events: ['user.created'] })],
    })
    await people(auth, 'ann')
    await until(clock, () => there.received.length === 1)
    const [{ headers, body }] = there.received as [Received]
    for (const secret of [next, SECRET]) {
      expect(verifyWebhook({ get: (name) => String(headers[name]) }, body, secret, clock.now()).ok).toBe(true)
    }
  })

  it('a receiver that is down, slow or answers 500 gets everything later, in order; nobody waits for it', async () => {
    let mode: 'good' | 'slow' | '500' = 'good'
    const there = await receiver(() => (mode === 'slow' ? 'hangs' : { status: mode === '500' ? 500 : 200 }))
    const { auth, clock, events } = await begin({
      webhooks: [hook(there, { events: ['user.created'], timeout: 500 })],
    })
    await there.stop()
    await people(auth, 'ann', 'bea')
    await quiet(clock, 2000)
    expect(auth.metrics().webhooks).toMatchObject([{ delivered: 0, givenUp: 0 }])
    mode = '500'
    await there.start()
    await until(clock, () => there.received.length === 2, 200)
    mode = 'slow'
    await until(clock, () => there.received.length === 3, 200)
    const before = performance.now()
    await people(auth, 'cy')
    expect(performance.now() - before).toBeLessThan(5000)
    mode = 'good'
    await until(clock, () => auth.metrics().webhooks[0]?.delivered === 3, 200)
    const emails = await Promise.all(
      there.received.slice(-3).map(async ({ body }) => (await auth.users.find(JSON.parse(body).data.subject))?.email),
    )
    expect(emails).toEqual(['ann@example.com', 'bea@example.com', 'cy@example.com'])
    expect(new Set(there.received.slice(0, -2).map(idOf)).size).toBe(1)
    expect(events.filter(({ type }) => type === 'webhook.failing')).toHaveLength(1)
    expect(auth.metrics().webhooks[0]?.stuckSince).toBe(null)
  })

  it('who does not want an event is not asked again and again, and the next one comes through', async () => {
    let answer: Answering = { status: 400 }
    const there = await receiver(() => answer)
    const { auth, clock, events } = await begin({ webhooks: [hook(there, { events: ['user.created'] })] })
    await people(auth, 'ann')
    await until(clock, () => auth.metrics().webhooks[0]?.givenUp === 1, 500)
    expect(there.received).toHaveLength(3)
    answer = { status: 410 }
    await people(auth, 'bea')
    await until(clock, () => auth.metrics().webhooks[0]?.givenUp === 2, 500)
    expect(there.received).toHaveLength(4)
    answer = { status: 302, headers: { location: 'http://127.0.0.1:1/' } }
    await people(auth, 'cy')
    await until(clock, () => auth.metrics().webhooks[0]?.givenUp === 3, 500)
    answer = { status: 200 }
    await people(auth, 'dee')
    await until(clock, () => auth.metrics().webhooks[0]?.delivered === 1, 500)
    expect(events.filter(({ type }) => type === 'webhook.given_up').map(({ reason }) => reason)).toEqual([
      '400',
      '410',
      '302',
    ])
  })

  it('Retry-After is kept to', async () => {
    const there = await receiver(() =>
      there.received.length === 1 ? { status: 429, headers: { 'retry-after': '600' } } : {},
    )
    const { auth, clock } = await begin({ webhooks: [hook(there, { events: ['user.created'] })] })
    await people(auth, 'ann')
    await until(clock, () => there.received.length === 1)
    await quiet(clock, 590_000)
    expect(there.received).toHaveLength(1)
    await until(clock, () => there.received.length === 2, 1000)
  })

  it('what was recorded while nobody was up is sent by whoever comes next, after a crash at most once again', async () => {
    const store = memory()
    const reopened: Store = store
    const there = await receiver()
    const webhooks = [hook(there, { events: ['user.created' as const] })]
    const first = await house({ store, webhooks, baseUrl: 'http://localhost:3000' })
    await people(first.auth, 'ann')
    await until(first.clock, () => there.received.length === 1)
    await there.stop()
    await people(first.auth, 'bea')
    await first.auth.audit({}, null, 1)
    await first.close()
    await there.start()
    const second = await begin({ store: reopened, webhooks, clock: first.clock })
    await people(second.auth, 'cy')
    await until(second.clock, () => there.received.length === 3, 200)
    await quiet(second.clock)
    expect(there.received).toHaveLength(3)
    expect(new Set(there.received.map(idOf)).size).toBe(3)
  })

  it('of several nodes one sends, whichever of them it happened on; another takes over when it is gone', async () => {
    const there = await receiver()
    const made = await begin({ nodes: 3, webhooks: [hook(there, { events: ['user.created'] })] })
    const [one, two, three] = made.nodes as [House['auth'], House['auth'], House['auth']]
    await people(one, 'ann')
    await people(two, 'bea')
    await people(three, 'cy')
    await until(made.clock, () => there.received.length === 3, 200)
    await quiet(made.clock)
    expect(there.received).toHaveLength(3)
    const serving = made.nodes.filter((node) => (node.metrics().webhooks[0]?.delivered ?? 0) > 0)
    expect(serving).toHaveLength(1)
    await made.patiently(serving[0]?.close() ?? Promise.resolve())
    // In memory, who closes one closes all.
    await made.store.audit.source.open()
    const left = made.nodes.find((node) => node !== serving[0]) as House['auth']
    await people(left, 'dee')
    await until(made.clock, () => there.received.length === 4, 200)
  })

  it('LG-07: an endpoint that hangs keeps nobody from signing in, and the node from stopping no longer than a moment', async () => {
    const there = await receiver(() => 'hangs')
    const { auth, clock, enter, close } = await house({
      baseUrl: 'http://localhost:3000',
      webhooks: [hook(there, { timeout: '30s' })],
    })
    const { carrier } = await enter('ann')
    await until(clock, () => there.received.length === 1)
    expect((await auth.authenticate(carrier)).ok).toBe(true)
    const began = performance.now()
    await close()
    expect(performance.now() - began).toBeLessThan(2000)
  })

  it('an event that the receiver does not want to hear of is passed over without a request', async () => {
    const there = await receiver()
    const { auth, clock } = await begin({ webhooks: [hook(there, { events: ['user.locked'] })] })
    await people(auth, ...Array.from({ length: 3 }, (_, i) => `person-${i}`))
    const user = await auth.users.findByEmail('person-0@example.com')
    await auth.lock(user?.id ?? '')
    await until(clock, () => there.received.length === 1, 200)
    expect(there.received.map(typeOf)).toEqual(['user.locked'])
  })
})
