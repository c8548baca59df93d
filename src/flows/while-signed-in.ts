import { SessionEnded } from '../errors.ts'
import type { Session } from '../session.ts'
import { type Watching, watch } from './watch.ts'

/** Whoever asks of one session shares one watch. */
type Watched = { readonly signal: AbortSignal; askers: number; cancel(): void }

/** Cancelled by nobody. */
const FOR_GOOD = Number.POSITIVE_INFINITY

/**
 * Signals that fire when a session is over, for what outlives the request that let it in: sockets, streams, exports. One
 * watch a session, however many ask: a signal for every request costs a look-up in a map.
 */
export function whileSignedIn(core: Watching): (session: Session, until?: AbortSignal) => AbortSignal {
  const open = new Map<string, Watched>()

  function begin(key: string, session: Session): Watched {
    const controller = new AbortController()
    const who = { user: { id: session.userId, roles: [] }, session, via: { strategy: session.strategy } }
    const cancel = watch(core, who, (notice) => {
      if (notice.type !== 'ended' && notice.type !== 'reconnect') return
      forget()
      controller.abort(new SessionEnded(notice.type === 'ended' ? notice.reason : 'token_stale'))
    })
    const watched: Watched = {
      signal: controller.signal,
      askers: 0,
      cancel() {
        forget()
        cancel()
      },
    }
    open.set(key, watched)
    return watched

    function forget(): void {
      if (open.get(key) === watched) open.delete(key)
    }
  }

  return (session, until) => {
    if (session.endedAt !== null) return AbortSignal.abort(new SessionEnded(session.endReason ?? 'session_revoked'))
    const key = `${session.id} ${isAlone(core, session) ? session.lastActiveAt : ''}`
    const watched = open.get(key) ?? begin(key, session)
    if (until === undefined) watched.askers = FOR_GOOD
    else {
      watched.askers += 1
      const leave = () => {
        watched.askers -= 1
        if (watched.askers === 0) watched.cancel()
      }
      if (until.aborted) leave()
      else until.addEventListener('abort', leave, { once: true })
    }
    return watched.signal
  }
}

/** Without a record, each token has an end of its own, and the next one is another. */
function isAlone({ strategies }: Watching, { strategy }: Session): boolean {
  return strategies.some(({ name, keeps }) => name === strategy && keeps === 'nothing')
}

/** What looks after a session that is open, for the façade. */
export function watching(core: Watching) {
  return {
    watch: (who: Parameters<typeof watch>[1], notify: Parameters<typeof watch>[2]) => watch(core, who, notify),
    whileSignedIn: whileSignedIn(core),
  }
}
