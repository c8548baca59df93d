import type { RequestContext } from '../carrier.ts'
import type { Clock } from '../clock.ts'
import { type MacKey, mac, randomText } from '../crypto.ts'
import { type AuthEvent, EVENTS, type EventType, type Listener, type Severity } from '../events.ts'
import type { Logger } from '../options.ts'
import type { AuditLog } from '../store.ts'
import { safeText } from '../wire/text.ts'
import { type Counts, counted } from './counted.ts'

/** Events that wait for a store that does not answer; past that the oldest are given up, and said so. */
const MAX_WAITING = 10_000

/** How soon a failed append is tried again, milliseconds. */
const RETRY_MS = 1000

/** How often the same fault is told at most, milliseconds: a database that is gone fails every request. And how many are told apart. */
const TELL_MS = 1000
const MAX_FAULTS = 100

/** What a flow says happened; the recorder adds the rest. */
export type Happening = {
  readonly type: EventType
  readonly outcome?: 'success' | 'failure'
  readonly severity?: Severity
  readonly actor?: string | null
  readonly subject?: string | null
  /** Session id; recorded as a keyed reference only (LG-03). */
  readonly sid?: string | null
  readonly reason?: string | null
  readonly data?: Readonly<Record<string, string | number | boolean>>
}

/**
 * Takes down what happens: to the audit log, to the listeners, and faults to the log. Nothing that goes wrong here
 * reaches who caused it: authentication neither waits for a sink nor opens because of one (LG-07).
 */
export function recorder(audit: AuditLog, clock: Clock, key: MacKey, log: Logger, listener: Listener | null) {
  let waiting: AuthEvent[] = []
  let writing: Promise<void> | null = null
  let lost = 0
  const counts = counted()
  const faults = new Map<string, { readonly at: number; more: number }>()
  const listeners = new Set<Listener>(listener ? [listener] : [])

  function append(): void {
    writing ??= Promise.resolve().then(drain)
  }

  async function drain(): Promise<void> {
    try {
      while (waiting.length > 0) {
        const batch = waiting
        waiting = []
        try {
          await audit.append(batch)
        } catch (error) {
          waiting = [...batch, ...waiting]
          throw error
        }
      }
    } catch (error) {
      log.error({ fault: nameOf(error), waiting: waiting.length }, 'the audit log cannot be written')
      clock.after(RETRY_MS, append)
    } finally {
      writing = null
    }
  }

  /** Told in a later step, so that a listener that throws or blocks is nobody's problem but its own. */
  function tell(event: AuthEvent): void {
    for (const one of listeners) {
      queueMicrotask(async () => {
        try {
          await one(event)
        } catch (error) {
          log.error({ fault: nameOf(error), event: event.type }, 'a listener failed')
        }
      })
    }
  }

  return {
    record(happening: Happening, context: RequestContext, now: number): void {
      const { type, sid, data } = happening
      const event: AuthEvent = {
        id: randomText(16),
        type,
        severity: happening.severity ?? EVENTS[type],
        at: now,
        outcome: happening.outcome ?? 'success',
        actor: text(context.actor ?? happening.actor),
        subject: text(happening.subject),
        session: sid ? sessionReference(key, sid) : null,
        source: text(context.source),
        requestId: text(context.requestId),
        reason: happening.reason ?? null,
        data: Object.freeze({ ...data }),
      }
      if (waiting.length >= MAX_WAITING) {
        waiting.shift()
        lost += 1
        if (lost % 1000 === 1) log.error({ lost }, 'audit events are given up: the audit log cannot be written')
      }
      waiting.push(Object.freeze(event))
      counts.add(event)
      append()
      tell(event)
    },

    /**
     * A fault of a part, for the operator; outside it is a 503 or nothing. One that repeats is told once a second, with how many
     * `more` there were since.
     */
    fault(error: unknown, doing: string): void {
      const fault = nameOf(error)
      const key = `${doing}: ${fault}`
      const at = clock.monotonic()
      const last = faults.get(key)
      if (last && at - last.at < TELL_MS) {
        last.more += 1
        return
      }
      if (faults.size >= MAX_FAULTS) faults.clear()
      faults.set(key, { at, more: 0 })
      log.error({ fault, doing, ...(last && last.more > 0 && { more: last.more }) }, 'a part failed')
    },

    listen(one: Listener): () => void {
      listeners.add(one)
      return () => listeners.delete(one)
    },

    /** What happened here, by kind, and how far the audit log has it. */
    counts: (): Counts => ({ ...counts.all(), audit: { waiting: waiting.length, lost } }),

    /** Resolves when what was recorded so far is stored, or cannot be for now. */
    async flush(): Promise<void> {
      if (waiting.length > 0) append()
      await writing
    },
  }
}

export type Recorder = ReturnType<typeof recorder>

/** How events name a session without naming a credential: the first 22 characters of a keyed hash of its id. */
export function sessionReference(key: MacKey, sid: string): string {
  return mac(key, sid).slice(0, 22)
}

function text(value: string | null | undefined): string | null {
  return value === null || value === undefined ? null : safeText(value, 200)
}

/** Messages of faults may quote data, so only the kind of fault is told, with its cause's code. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const code = (error as { code?: unknown }).code ?? (error.cause as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? `${error.name} ${code}` : error.name
}
