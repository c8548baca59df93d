import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type Context,
  type ContextManager,
  context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startedTracer } from '../../src/server/tracing.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import type { Tracer } from '../../src/tracing.ts'
import { type House, holding, house, must, PASSWORD } from '../support/house.ts'

/** What an SDK for Node brings along, so that spans know their parents. */
function contexts(): ContextManager {
  const storage = new AsyncLocalStorage<Context>()
  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, run, self, ...given) => storage.run(active, () => run.call(self as never, ...given)),
    bind: (_, target) => target,
    enable: () => manager,
    disable: () => manager,
  }
  return manager
}

const exporter = new InMemorySpanExporter()
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })

let open: House
beforeAll(() => void context.setGlobalContextManager(contexts()))
afterAll(() => {
  context.disable()
  trace.disable()
})
beforeEach(() => exporter.reset())
afterEach(() => open.close())

const names = (spans: readonly ReadableSpan[]) => spans.map(({ name }) => name)
const begin = async (more: Parameters<typeof house>[0] = {}) => {
  open = await house({ tracer: provider.getTracer('sallyport'), ...more })
  return open
}

describe('spans', () => {
  it('are there for sign-in, refresh and endings with their settling and the store beneath them', async () => {
    const { auth, patiently } = await begin({ strategy: hybrid() })
    const ann = { email: 'ann@example.com', password: PASSWORD, transport: 'bearer' as const }
    must(await auth.signUp(ann))
    exporter.reset()
    const signedIn = must(await auth.signIn(ann))
    if (signedIn.status !== 'signed_in') throw new Error('she is signed in')
    const spans = exporter.getFinishedSpans()
    const [root] = spans.filter(({ parentSpanContext }) => parentSpanContext === undefined)
    expect(root).toMatchObject({ name: 'sallyport.signIn', kind: SpanKind.INTERNAL })
    const started = spans.find(({ name }) => name === 'sallyport.store.sessions.start')
    expect(started?.kind).toBe(SpanKind.CLIENT)
    expect(started?.parentSpanContext?.spanId).toBe(root?.spanContext().spanId)
    expect(names(spans)).toContain('sallyport.store.users.findByEmail')

    exporter.reset()
    must(await auth.refresh({ get: () => null }, signedIn.carried.tokens?.refreshToken ?? '', {}))
    expect(names(exporter.getFinishedSpans()).at(-1)).toBe('sallyport.refresh')

    exporter.reset()
    await patiently(auth.end(signedIn.session.id))
    const ending = exporter.getFinishedSpans()
    const [end, settle] = ['sallyport.end', 'sallyport.settle'].map((name) => ending.find((one) => one.name === name))
    expect(settle?.parentSpanContext?.spanId).toBe(end?.spanContext().spanId)
  })

  it('P2: none for a warm decision, nor for what is done in the background', async () => {
    const { auth, clock, enter } = await begin()
    const { carrier } = await enter('ann')
    must(await auth.authenticate(carrier))
    // What the sign-up left to be done after its answer.
    await clock.advance(1000)
    exporter.reset()
    for (let i = 0; i < 100; i++) must(await auth.authenticate(carrier))
    await clock.advance(120_000)
    expect(names(exporter.getFinishedSpans())).toEqual([])
  })

  it('LG-03: say how it came out, and hold no secret and nothing personal', async () => {
    const store = memory()
    let down = false
    const users: typeof store.users = {
      ...store.users,
      findByEmail: (key) => (down ? Promise.reject(new Error(`no way to ${key}`)) : store.users.findByEmail(key)),
    }
    const { auth, enter } = await begin({ store: { ...store, users } })
    const { cookie, signedIn } = await enter('ann', { source: '192.0.2.1', userAgent: 'Agent/1' })
    await auth.signIn({ email: 'ann@example.com', password: 'not this one at all' })
    down = true
    await expect(auth.signIn({ email: 'ann@example.com', password: PASSWORD })).rejects.toThrow()
    await auth.authenticate(holding({ cookie: `${cookie}x` }))
    const spans = exporter.getFinishedSpans()
    const signIns = spans.filter(({ name }) => name === 'sallyport.signIn')
    expect(signIns[0]).toMatchObject({
      attributes: { 'sallyport.outcome': 'invalid_credentials' },
      status: { code: SpanStatusCode.UNSET },
    })
    expect(signIns[1]).toMatchObject({
      attributes: { 'error.type': 'Error' },
      status: { code: SpanStatusCode.ERROR },
      events: [],
    })
    const told = JSON.stringify(
      spans.map(({ name, attributes, status, events, links }) => ({ name, attributes, status, events, links })),
    )
    for (const secret of [
      'ann@',
      PASSWORD,
      cookie,
      signedIn.user.id,
      signedIn.session.id,
      '192.0.2.1',
      'Agent',
      'no way to',
    ]) {
      expect(told).not.toContain(secret)
    }
  })

  it('LG-07: a tracer that throws, before or after, changes nothing and does nothing twice', async () => {
    const before: Tracer = {
      startActiveSpan() {
        throw new Error('broken')
      },
    }
    const after: Tracer = {
      startActiveSpan(_, __, run) {
        const fail = () => {
          throw new Error('broken')
        }
        run({ setAttribute: fail, setStatus: fail, end: fail })
        throw new Error('broken')
      },
    }
    for (const tracer of [before, after]) {
      const { auth, enter, events, close } = await begin({ tracer })
      const { carrier } = await enter('ann')
      must(await auth.authenticate(carrier))
      expect((await auth.signOut(carrier)).ended).toBe(true)
      expect(events.filter(({ type }) => type === 'session.created')).toHaveLength(1)
      await close()
    }
  })

  it('the server traces where an SDK was started before it, and loads nothing where none was', async () => {
    await begin()
    trace.disable()
    context.disable()
    expect(await startedTracer()).toBe(undefined)
    trace.setGlobalTracerProvider(provider)
    const tracer = await startedTracer()
    tracer?.startActiveSpan('by the SDK', {}, (span) => span.end())
    expect(names(exporter.getFinishedSpans())).toContain('by the SDK')
  })
})
