import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Auth } from '../index.ts'

/** Request durations, seconds: from what is decided in memory to what waits for a hash or an ending. */
const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** What an HTTP method is told apart by; anything else is `OTHER`. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** What a server tells of itself in the text format of Prometheus. */
export type ServerMetrics = {
  /** Counts one request. `route` is a row of the table, or `none`; `seconds` until the head of the answer was there. */
  request(method: string, route: string, status: number, seconds: number): void
  /** All there is, and its media type. */
  text(): Promise<{ readonly body: string; readonly type: string }>
}

/** Counters come from `auth.metrics()` when somebody asks, so that no request pays for them but by one observation. */
export function serverMetrics(auth: Auth): ServerMetrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const labels = ['method', 'route', 'status'] as const
  const requests = new Counter({
    name: 'sallyport_http_requests_total',
    help: 'Requests by row of the table and status',
    labelNames: labels,
    registers,
  })
  const durations = new Histogram({
    name: 'sallyport_http_request_duration_seconds',
    help: 'Until the head of the answer was there',
    labelNames: ['method', 'route'] as const,
    buckets: DURATIONS,
    registers,
  })
  read(auth, registry)
  return {
    request(method, route, status, seconds) {
      const known = METHODS.has(method) ? method : 'OTHER'
      requests.inc({ method: known, route, status })
      durations.observe({ method: known, route }, seconds)
    },
    async text() {
      const [own, settling] = [await registry.metrics(), settled(auth)]
      return { body: `${own.trimEnd()}\n${settling}`, type: registry.contentType }
    },
  }
}

type Sample = readonly [value: number, labels?: Readonly<Record<string, string>>]

/** Everything that `auth.metrics()` has, drawn at each scrape. */
function read(auth: Auth, registry: Registry): void {
  const registers = [registry]

  function gauge(name: string, help: string, labelNames: readonly string[], samples: () => readonly Sample[]): void {
    new Gauge({
      name: `sallyport_${name}`,
      help,
      labelNames: [...labelNames],
      registers,
      collect() {
        this.reset()
        for (const [value, labels = {}] of samples()) this.set({ ...labels }, value)
      },
    })
  }

  function counter(name: string, help: string, labelNames: readonly string[], samples: () => readonly Sample[]): void {
    new Counter({
      name: `sallyport_${name}_total`,
      help,
      labelNames: [...labelNames],
      registers,
      collect() {
        this.reset()
        for (const [value, labels = {}] of samples()) this.inc({ ...labels }, value)
      },
    })
  }

  const now = () => auth.metrics()
  const by = (label: string, counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).map(([word, count]): Sample => [count, { [label]: word }])

  gauge('lease_held', '1 while requests are decided from memory, 0 while each asks the store', [], () => [
    [now().state === 'leased' ? 1 : 0],
  ])
  const feeds = ['source', 'part'] as const
  gauge('feed_leased', 'Whether the lease of a feed is held', feeds, () => ofFeeds(now(), (one) => Number(one.leased)))
  gauge('feed_position', 'The newest change that was applied', feeds, () => ofFeeds(now(), (one) => one.position))
  gauge('feed_age_seconds', 'Since the last complete read was asked: nothing older is missing here', feeds, () =>
    ofFeeds(now(), (one) => (one.age === null ? null : one.age / 1000)),
  )
  counter(
    'decisions',
    'Who is calling? From memory, by asking as it was not there, or as there was no lease',
    ['how'],
    () => by('how', now().decisions),
  )
  gauge('lookups_in_progress', 'Questions to the store about requests', [], () => [[now().lookups.underWay]])
  counter(
    'lookups',
    'Questions to the store about requests, and those that were refused as too many',
    ['outcome'],
    () => by('outcome', { asked: now().lookups.count, refused: now().lookups.refused }),
  )
  gauge('endings_waiting', 'Endings that wait to be true on every server', [], () => [[now().waiting.count]])
  gauge('sessions_cached', 'Sessions in memory', [], () => [[now().cachedSessions]])
  gauge('sessions_denied', 'Ended sessions without a record that are remembered', [], () => [[now().deniedSessions]])
  counter('events', 'What happened on this server, by kind', ['type'], () => by('type', now().events.byType))
  counter('session_endings', 'Sessions that ended on this server, by why', ['reason'], () =>
    by('reason', now().events.endings),
  )
  counter('sign_ins', 'Sign-ins by outcome', ['outcome'], () => {
    const { byType, refusedSignIns } = now().events
    const { 'sign_in.succeeded': succeeded, 'sign_in.throttled': throttled } = byType
    return by('outcome', { succeeded, throttled, ...refusedSignIns })
  })
  counter('refreshes', 'Refreshes that moved a counter', [], () => [[now().events.byType['token.refreshed']]])
  counter('token_thefts', 'Spent refresh tokens that were used again', [], () => [
    [now().events.byType['token.reused']],
  ])
  gauge('audit_waiting', 'Events that wait to be written', [], () => [[now().events.audit.waiting]])
  counter('audit_lost', 'Events that were given up, as they could not be written', [], () => [
    [now().events.audit.lost],
  ])
  gauge('hashing_jobs', 'Passwords that are hashed and that wait', ['state'], () => {
    const { running, waiting } = now().hashing
    return by('state', { running, waiting })
  })
  counter('hashing_refused', 'Passwords that were not hashed, as too many waited', [], () => [[now().hashing.refused]])
  gauge('store_connections', 'Connections to a database', ['source', 'state'], () =>
    now().connections.flatMap(({ source, most, open, idle, waiting }) =>
      by('state', { most, busy: open - idle, idle, waiting }).map(([n, labels]): Sample => [n, { source, ...labels }]),
    ),
  )
  counter(
    'webhook_deliveries',
    'What was sent, attempts in vain, and events that were given up',
    ['endpoint', 'outcome'],
    () =>
      now().webhooks.flatMap(({ endpoint, delivered, failed, givenUp }) =>
        by('outcome', { delivered, failed, given_up: givenUp }).map(
          ([n, labels]): Sample => [n, { endpoint, ...labels }],
        ),
      ),
  )
  gauge('webhook_stuck_since_seconds', 'When the event happened that does not get through', ['endpoint'], () =>
    now().webhooks.flatMap(({ endpoint, stuckSince }): Sample[] =>
      stuckSince === null ? [] : [[stuckSince / 1000, { endpoint }]],
    ),
  )
}

type Feeds = ReturnType<Auth['metrics']>

function ofFeeds({ feeds }: Feeds, value: (feed: Feeds['feeds'][number]) => number | null): readonly Sample[] {
  const parts = new Map<string, number>()
  return feeds.flatMap((feed): Sample[] => {
    const part = parts.get(feed.source) ?? 0
    parts.set(feed.source, part + 1)
    const now = value(feed)
    return now === null ? [] : [[now, { source: feed.source, part: String(part) }]]
  })
}

/** A histogram that somebody else has counted, which prom-client has no way to take over. Milliseconds become seconds. */
function settled(auth: Auth): string {
  const { bounds, counts, count, sum } = auth.metrics().settling
  const name = 'sallyport_settle_duration_seconds'
  let total = 0
  const buckets = bounds.map((bound, i) => {
    total += counts[i] ?? 0
    return `${name}_bucket{le="${bound / 1000}"} ${total}`
  })
  const head = [`# HELP ${name} How long endings took to be true on every server`, `# TYPE ${name} histogram`]
  const tail = [`${name}_bucket{le="+Inf"} ${count}`, `${name}_sum ${sum / 1000}`, `${name}_count ${count}`]
  return `${[...head, ...buckets, ...tail].join('\n')}\n`
}
