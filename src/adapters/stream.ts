import type { Auth } from '../auth.ts'
import type { SessionEnded } from '../errors.ts'
import type { Authenticated } from '../guard.ts'
import { eventStream } from '../http/stream.ts'

/** Sends one event; `data` goes out as JSON. What comes after the end goes nowhere. */
export type Emit = (event: string, data: unknown) => void

/** Begins to emit, and answers what stops it: called once, when the client is gone or the session is over. */
export type EventSource = (emit: Emit) => (() => void) | undefined

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // For nginx, which would gather it.
  'X-Accel-Buffering': 'no',
  'X-Content-Type-Options': 'nosniff',
}

/**
 * Server-sent events that last as long as the session of whoever opened them (TE-11). The last one is `ended` with the reason,
 * wherever and however it ended. A comment every 20 seconds keeps the way open; a client that does not read is given up.
 */
export function signedInStream(auth: Auth, { session }: Pick<Authenticated, 'session'>, source: EventSource): Response {
  const closed = new AbortController()
  const stream = eventStream(
    auth.setting.clock,
    (emit) => {
      const over = auth.whileSignedIn(session, closed.signal)
      const end = () => emit({ event: 'ended', data: { reason: reasonOf(over) }, last: true })
      const stop = source((event, data) => emit({ event, data }))
      if (over.aborted) end()
      else over.addEventListener('abort', end, { once: true, signal: closed.signal })
      return () => stop?.()
    },
    () => closed.abort(),
  )
  return new Response(stream, { headers: HEADERS })
}

/** The word for it. By name, as a bundler may have made two of the class. */
export function reasonOf({ reason }: AbortSignal): string {
  const { name, code } = reason as SessionEnded
  return name === 'SessionEnded' ? code : 'session_revoked'
}
