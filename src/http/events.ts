import type { Notice } from '../flows/watch.ts'
import { refused } from '../result.ts'
import type { SessionId } from '../session.ts'
import { answer, route } from './route.ts'
import { eventStream, type StreamEvent } from './stream.ts'

/** Streams one session may hold open here: tabs of one browser. */
const MAX_STREAMS = 20

/** How many each session has open, of every installation in this process. */
const open = new Map<SessionId, number>()

export const eventsRoutes = [
  route({
    method: 'GET',
    path: '/session/events',
    summary:
      'What happens to the session, as it happens: policy, warning, extended, changed, ended, reconnect (the token is over: open it anew). Not activity',
    access: 'signed-in',
    passive: true,
    responses: { 200: 'text/event-stream' },
    handle(auth, { who }) {
      const { id } = who.session
      if ((open.get(id) ?? 0) >= MAX_STREAMS) {
        return refused({ code: 'throttled', retryAfter: 10, detail: `At most ${MAX_STREAMS} streams of one session` })
      }
      open.set(id, (open.get(id) ?? 0) + 1)
      const stream = eventStream(
        auth.setting.clock,
        (emit) => auth.watch(who, (notice) => emit(eventOf(notice))),
        () => closed(id),
      )
      const headers = { 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' }
      return answer(200, undefined, { stream, headers })
    },
  }),
]

/** Nothing follows these. */
const LAST: ReadonlySet<Notice['type']> = new Set<Notice['type']>(['ended', 'reconnect'])

function eventOf({ type: event, ...data }: Notice): StreamEvent {
  return { event, data, ...(LAST.has(event) && { last: true }) }
}

function closed(id: SessionId): void {
  const left = (open.get(id) ?? 1) - 1
  if (left > 0) open.set(id, left)
  else open.delete(id)
}
