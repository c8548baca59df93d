import type { RequestContext } from '../carrier.ts'
import type { Session } from '../session.ts'
import type { User } from '../user.ts'
import type { Use } from '../view/view.ts'
import type { Core } from './core.ts'
import { fromOf, isAmong } from './places.ts'

type Drifting = Pick<Core, 'clock' | 'recorder' | 'onContextChange' | 'places'>

/** A session that may go on as far as everything else is concerned. */
type Going = {
  readonly user: User
  readonly session: Session
  /** Whether it has no record. */
  readonly alone: boolean
  readonly use: Use
}

/** Whether the session was last used from here: what most requests find. Without a source nothing is known. */
export function isHere({ from }: Use, { source, userAgent = '' }: RequestContext): boolean {
  return source === undefined || (from !== null && from.ip === source && from.userAgent === userAgent)
}

/**
 * Whether a session goes on that is used from elsewhere than before (SL-10): from another address, or from a client that
 * calls itself something else. Recorded, and asked of the application if it wants to be.
 *
 * Once the answer was `reauthenticate`, nothing but what leads to that is let in from there until it is done (`prove`); from
 * where the session was used before it goes on. `places` says what that means with several nodes.
 */
export function drift(
  core: Drifting,
  { user, session, alone, use }: Going,
  context: RequestContext,
): 'goes on' | 'prove' | 'end' {
  const { source: ip = '', userAgent = '', proving } = context
  const here = fromOf(ip, userAgent)
  const so = core.places.of(session, use.from)
  if (isAmong(so.known, here)) {
    use.from = { ip, userAgent }
    if (alone) core.places.began(session, here)
    return 'goes on'
  }
  if (!isAmong(so.waiting, here)) {
    const before = so.known.at(-1) ?? here
    const verdict = core.onContextChange?.({ userId: user.id, sessionId: session.id, before, after: here }) ?? 'allow'
    const happening = { type: 'session.context_changed', actor: user.id, subject: user.id, sid: session.id } as const
    core.recorder.record({ ...happening, reason: verdict }, context, core.clock.now())
    if (verdict === 'allow') {
      use.from = { ip, userAgent }
      core.places.moved(session, so, here)
      return 'goes on'
    }
    if (verdict !== 'reauthenticate') return 'end'
    core.places.waits(session, so, here)
  }
  return proving === undefined ? 'prove' : 'goes on'
}
