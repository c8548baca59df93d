import { isoTime } from '../clock.ts'
import { randomText } from '../crypto.ts'
import type { AuthEvent } from '../events.ts'
import type { AuditLog } from '../store.ts'
import type { Endpoint, Post, WebhookStanding } from '../webhook.ts'
import { webhookHeaders } from '../wire/webhook.ts'
import type { Core } from './core.ts'

/** Events read at a time, which is all that is ever in memory. */
const BATCH = 100

/** How soon it looks for events of other nodes, and for an endpoint that is another node's to serve, milliseconds. */
const LOOK_MS = 2000
const OTHERS_MS = 5000

/** How long a node has the turn, milliseconds: longer than an attempt takes by default. Who overruns it sends twice. */
const TURN_MS = 60_000

/** How long after an event of this node, milliseconds: others of the same moment go with it. */
const SOON_MS = 20

/** After the first failure, and at most, milliseconds; doubled each time, and up to half of it left out by chance. */
const FIRST_PAUSE_MS = 5000
const LONGEST_PAUSE_MS = 3_600_000

/** After so many attempts in vain an event is given up, some two hours after the first; sooner where the answer was that it is not wanted. */
const MOST_ATTEMPTS = 12
const MOST_REFUSALS = 3

export type Line = {
  readonly endpoint: Endpoint
  start(): void
  /** Something happened that it wants. */
  hurry(): void
  standing(): WebhookStanding
  stop(): Promise<void>
}

type Lining = Pick<Core, 'clock' | 'recorder'> & {
  readonly audit: AuditLog
  readonly endpoint: Endpoint
  readonly post: Post
  readonly node: string
}

/** How an attempt went; `wait` is what the receiver asked for, milliseconds. */
type Outcome =
  | { readonly good: true }
  | { readonly good: false; readonly why: string; readonly most: number; readonly wait: number }

/**
 * Sends to one endpoint what it wants of the audit log, one after the other in the order of the log, by one node at a time. An
 * event that does not get through holds up those behind it, until it is given up: which is an event itself, and the dead letter.
 */
export function line({ audit, clock, recorder, endpoint, post, node }: Lining): Line {
  const { reader, name } = endpoint
  const work = `deliver ${reader}`
  let [delivered, failed, givenUp] = [0, 0, 0]
  /** In a row, whichever events they were of; and of the event at the head. */
  let failures = 0
  let attempts = 0
  let stuckSince: number | null = null
  let until = 0
  /** Where it stands, while it is this node's turn. */
  let position: number | null = null
  let stopped = false
  let hurried = false
  let cancel = () => {}
  let running: Promise<void> | null = null

  async function hasTurn(): Promise<boolean> {
    const now = clock.now()
    if (now < until - TURN_MS / 2) return true
    const has = await audit.source.turn(work, node, now, now + TURN_MS)
    until = has ? now + TURN_MS : 0
    if (!has) [position, stuckSince, attempts] = [null, null, 0]
    return has
  }

  async function attempt(event: AuthEvent): Promise<Outcome> {
    const body = JSON.stringify({ type: event.type, timestamp: isoTime(event.at), data: event })
    const at = Math.floor(clock.now() / 1000)
    const headers = webhookHeaders({ id: event.id, at, body }, endpoint.secrets)
    try {
      const { status, retryAfter } = await post(endpoint, headers, body)
      if (status >= 200 && status < 300) return { good: true }
      const later = status >= 500 || [408, 425, 429].includes(status)
      const most = status === 410 ? 1 : later ? MOST_ATTEMPTS : MOST_REFUSALS
      return { good: false, why: String(status), most, wait: (retryAfter ?? 0) * 1000 }
    } catch {
      return { good: false, why: 'no_answer', most: MOST_ATTEMPTS, wait: 0 }
    }
  }

  /** Whether the line may go on to the next event; otherwise after how long it tries this one again. */
  async function deliver(event: AuthEvent): Promise<'next' | number> {
    const outcome = await attempt(event)
    if (outcome.good) {
      delivered += 1
      failures = 0
      attempts = 0
      stuckSince = null
      return 'next'
    }
    if (stopped) return 0
    failed += 1
    failures += 1
    attempts += 1
    stuckSince ??= event.at
    const data = { endpoint: name, event: event.id, type: event.type, attempts }
    const happening = { outcome: 'failure', actor: 'system', reason: outcome.why, data } as const
    if (attempts >= outcome.most) {
      givenUp += 1
      attempts = 0
      recorder.record({ type: 'webhook.given_up', ...happening }, {}, clock.now())
      return 'next'
    }
    if (failures === 1) recorder.record({ type: 'webhook.failing', ...happening }, {}, clock.now())
    return Math.max(pause(failures), Math.min(outcome.wait, LONGEST_PAUSE_MS))
  }

  /** Answers after how long to look again. */
  async function round(): Promise<number> {
    if (!(await hasTurn())) return OTHERS_MS
    position ??= await audit.place(reader)
    const found = await audit.after(position, BATCH)
    let kept = position
    for (const { position: at, event } of found) {
      if (stopped || !(await hasTurn())) return OTHERS_MS
      if (endpoint.wants(event.type)) {
        const so = await deliver(event)
        if (so !== 'next') return so
        await audit.advance(reader, at)
        kept = at
      }
      position = at
    }
    if (position !== kept) await audit.advance(reader, position)
    return found.length < BATCH ? LOOK_MS : 0
  }

  function schedule(ms: number): void {
    cancel()
    if (!stopped) cancel = clock.after(ms, run)
  }

  function run(): void {
    running ??= (async () => {
      let next = LOOK_MS
      try {
        if (hurried) await recorder.flush()
        hurried = false
        next = await round()
      } catch (fault) {
        recorder.fault(fault, `delivering to ${name}`)
        until = 0
        position = null
      } finally {
        running = null
        schedule(hurried && failures === 0 ? SOON_MS : next)
      }
    })()
  }

  return {
    endpoint,
    start: () => schedule(SOON_MS),
    hurry() {
      // Where it is another node's turn, that one finds it.
      if (hurried || until <= clock.now()) return
      hurried = true
      // While it fails it keeps to its pauses.
      if (failures === 0 && !running) schedule(SOON_MS)
    },
    standing: () => ({ endpoint: name, delivered, failed, givenUp, stuckSince }),
    async stop() {
      stopped = true
      cancel()
      await running
      if (until > 0) await audit.source.turn(work, node, clock.now(), 0).catch(() => {})
    },
  }
}

function pause(failures: number): number {
  const whole = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1))
  const chance = Buffer.from(randomText(2), 'base64url').readUInt16BE() / 65_536
  return Math.ceil(whole * (0.5 + chance / 2))
}
