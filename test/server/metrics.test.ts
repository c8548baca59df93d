import { afterEach, describe, expect, it } from 'vitest'
import { serverMetrics } from '../../src/server/metrics.ts'
import { checkedMetrics, metricsAnswer } from '../../src/server/metrics-access.ts'
import { type House, holding, house, must, PASSWORD } from '../support/house.ts'

let open: House | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

/** `name{labels}` → value, of every sample; and the type of each family. */
function parsed(text: string) {
  const samples = new Map<string, number>()
  const types = new Map<string, string>()
  for (const line of text.split('\n')) {
    const type = /^# TYPE (\S+) (\S+)$/.exec(line)
    if (type) types.set(type[1] as string, type[2] as string)
    const sample = /^([a-z0-9_]+(?:\{.*\})?) (\S+)$/.exec(line)
    if (sample) samples.set(sample[1] as string, Number(sample[2]))
  }
  return { samples, types }
}

async function scraped(metrics: ReturnType<typeof serverMetrics>) {
  return parsed((await metrics.text()).body)
}

describe('metrics', () => {
  it('tell what happened: decisions, sign-ins by outcome, endings by reason, settling, leases', async () => {
    open = await house()
    const { auth, enter, patiently } = open
    const metrics = serverMetrics(auth)
    const { carrier } = await enter('ann')
    const before = await scraped(metrics)
    for (let i = 0; i < 5; i++) await auth.authenticate(carrier)
    await auth.signIn({ email: 'ann@example.com', password: 'not this one at all' })
    await auth.signIn({ email: 'nobody@example.com', password: PASSWORD })
    must(await auth.signIn({ email: 'ann@example.com', password: PASSWORD }))
    await patiently(auth.signOut(carrier))
    const { samples } = await scraped(metrics)
    const grown = (name: string) => (samples.get(name) ?? 0) - (before.samples.get(name) ?? 0)
    expect(grown('sallyport_decisions_total{how="warm"}') + grown('sallyport_decisions_total{how="cold"}')).toBe(5)
    expect(grown('sallyport_decisions_total{how="warm"}')).toBeGreaterThanOrEqual(4)
    expect(grown('sallyport_sign_ins_total{outcome="wrong"}')).toBe(1)
    expect(grown('sallyport_sign_ins_total{outcome="unknown_user"}')).toBe(1)
    expect(grown('sallyport_sign_ins_total{outcome="succeeded"}')).toBe(1)
    expect(grown('sallyport_session_endings_total{reason="signed_out"}')).toBe(1)
    expect(grown('sallyport_settle_duration_seconds_count')).toBe(1)
    expect(samples.get('sallyport_settle_duration_seconds_bucket{le="+Inf"}')).toBe(
      samples.get('sallyport_settle_duration_seconds_count'),
    )
    expect(samples.get('sallyport_lease_held')).toBe(1)
    expect(samples.get('sallyport_feed_age_seconds{source="memory",part="0"}')).toBeGreaterThanOrEqual(0)
    expect(samples.get('sallyport_sessions_cached')).toBeGreaterThan(0)
    expect(samples.get('sallyport_token_thefts_total')).toBe(0)
    for (const name of ['nodejs_eventloop_lag_p99_seconds', 'process_resident_memory_bytes']) {
      expect(samples.has(name), name).toBe(true)
    }
  })

  it('tell of endings that wait while a server does not answer', async () => {
    open = await house()
    const { auth, enter, patiently, store, clock } = open
    const metrics = serverMetrics(auth)
    const { carrier } = await enter('ann')
    const waiting = async () => (await scraped(metrics)).samples.get('sallyport_endings_waiting')
    expect(await waiting()).toBe(0)
    await store.users.source.feed.register(null)
    const leaving = auth.signOut(carrier)
    await clock.advance(1000)
    expect(await waiting()).toBe(1)
    await patiently(leaving)
    expect(await waiting()).toBe(0)
  })

  it('are of names and types as Prometheus wants them, and scraping twice counts nothing twice', async () => {
    open = await house()
    const metrics = serverMetrics(open.auth)
    await open.enter('ann')
    const [first, second] = [await scraped(metrics), await scraped(metrics)]
    const own = [...first.types].filter(([name]) => name.startsWith('sallyport_'))
    expect(own.length).toBeGreaterThan(20)
    for (const [name, type] of own) {
      expect(name).toMatch(/^sallyport_[a-z_]+$/)
      expect(name.endsWith('_total'), name).toBe(type === 'counter')
    }
    const counters = [...first.samples].filter(([name]) => /^sallyport_.*_total/.test(name))
    expect(counters.filter(([name, value]) => second.samples.get(name) !== value)).toEqual([])
    const { body, type } = await metrics.text()
    expect(type).toContain('text/plain')
    expect(body.endsWith('\n')).toBe(true)
  })

  it('LG-03: labels are bounded, and hold nothing that came from outside', async () => {
    open = await house()
    const { auth } = open
    const metrics = serverMetrics(auth)
    const seen: string[] = []
    for (const path of [
      '/auth/session',
      '/auth/sessions/AAAAAAAAAAAAAAAAAAAAAA',
      '/evil?x=1',
      '/auth/../x',
      '/livez',
    ]) {
      const matched = (route: string) => void seen.push(route)
      const request = new Request(`https://app.example${path}`, { headers: { 'x-evil': '1' } })
      await auth.handler(request, { matched })
    }
    expect(seen).toEqual(['/auth/session', '/auth/sessions/{id}', 'none', 'none', '/livez'])
    for (const [i, route] of seen.entries()) metrics.request(i === 0 ? 'GET' : `EVIL${i}`, route, 200, 0.01)
    for (let i = 0; i < 300; i++) {
      auth.report({ type: 'access.denied', reason: `reason-${i}` }, {})
      await auth.authenticate(holding({ bearer: `guess-${i}` }))
    }
    const { samples } = await scraped(metrics)
    expect(samples.get('sallyport_http_requests_total{method="OTHER",route="none",status="200"}')).toBe(2)
    expect(samples.get('sallyport_http_request_duration_seconds_count{method="GET",route="/auth/session"}')).toBe(1)
    expect(samples.size).toBeLessThan(400)
    expect([...samples.keys()].join()).not.toMatch(/EVIL|evil|AAAA|reason-/)
  })

  it('are for whoever has the token, and nothing else is there', async () => {
    open = await house()
    const metrics = serverMetrics(open.auth)
    const asking = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      metricsAnswer(metrics, 'a-token-that-nobody-guesses', new Request(`http://x${path}`, { method, headers }))
    const good = { authorization: 'Bearer a-token-that-nobody-guesses' }
    const answer = await asking('/metrics', good)
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(await answer.text()).toContain('sallyport_lease_held 1')
    for (const headers of [{}, { authorization: 'Bearer x' }, { authorization: `${good.authorization} x` }]) {
      const refused = await asking('/metrics', headers as Record<string, string>)
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="metrics"'])
      expect(await refused.text()).not.toContain('sallyport_')
    }
    expect((await asking('/metrics', good, 'POST')).status).toBe(404)
    expect((await asking('/', good)).status).toBe(404)
    expect(await (await asking('/metrics', good, 'HEAD')).text()).toBe('')
  })

  it('what is configured is checked', () => {
    expect(checkedMetrics({}, 3000)).toBe(null)
    expect(checkedMetrics({ port: 9100 }, 3000)).toEqual({ port: 9100, token: null })
    for (const [given, message] of [
      [{ port: 3000 }, /port of the server itself/],
      [{ port: 0 }, /METRICS_PORT is 0/],
      [{ token: 'short' }, /METRICS_TOKEN is shorter/],
    ] as const) {
      expect(() => checkedMetrics(given, 3000)).toThrow(message)
      expect(() => checkedMetrics(given, 3000)).not.toThrow(/short'/)
    }
  })
})
