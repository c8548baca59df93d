import type { EndReason } from '../errors.ts'
import type { Authenticated } from '../guard.ts'
import { type Deadlines, deadlines, expiry } from '../policy.ts'
import type { Session } from '../session.ts'
import type { Known } from '../view/view.ts'
import type { Core } from './core.ts'
import { endOf } from './judge.ts'
import { strategyOf } from './reissue.ts'

/** What a client that watches its session is told. Times are milliseconds since the epoch, by the server's clock. */
export type Notice =
  | ({ readonly type: 'policy' | 'warning' | 'extended'; readonly now: number } & Deadlines)
  | { readonly type: 'changed'; readonly roles: readonly string[] }
  | { readonly type: 'ended'; readonly reason: EndReason }
  /** The token this began with is over, and another may have taken its place, which only its holder knows. */
  | { readonly type: 'reconnect' }

/** How often a session that was warned of is looked at: whether it was extended, in this tab, another, or on another node. */
const LOOK_EVERY_MS = 1000

export type Watching = Pick<Core, 'view' | 'policy' | 'clock' | 'store' | 'recorder' | 'strategies'>

/** Whose session it is, as far as watching it has to know. */
type Watched = {
  readonly user: Pick<Authenticated['user'], 'id' | 'roles'>
  readonly session: Session
  readonly via: Pick<Authenticated['via'], 'strategy'>
}

/**
 * Tells of a session what its owner should know before it happens (P8): warned ahead of the end, told of an extension,
 * of changed roles or limits, and of the end with its reason, whichever node it happened on. Watching is not activity. The
 * first notice has the deadlines of now; nothing follows `ended` or `reconnect`. Returns the cancellation.
 */
export function watch(core: Watching, who: Watched, notify: (notice: Notice) => void): () => void {
  const sid = who.session.id
  const { clock, view } = core
  let told = core.policy
  const recordless = strategyOf(core, who).keeps === 'nothing'
  const subject = recordless ? who.session : sid
  let over = false
  let warnedOf: Deadlines | null = null
  let roles = who.user.roles.join(' ')
  let cancelTimer = () => {}
  /** When the timer is for, monotonic. */
  let due = Number.POSITIVE_INFINITY
  let looking = false
  let lookAgain = false

  // A policy is everybody's, and so is what was missed: all who watch would ask at once.
  const unsubscribe = view.onChange([sid, who.user.id], (change) => {
    if (change === null || change.kind === 'policy') lookIn(share(sid) * LOOK_EVERY_MS)
    else void look()
  })

  /** At the latest: what keeps being asked for is not put off by it. */
  function lookIn(ms: number): void {
    if (looking) {
      lookAgain = true
      return
    }
    if (clock.monotonic() + ms >= due) return
    cancelTimer()
    arm(ms)
  }

  function arm(ms: number): void {
    due = clock.monotonic() + ms
    cancelTimer = clock.after(ms, () => void look())
  }

  function finish(): void {
    over = true
    cancelTimer()
    unsubscribe()
  }

  function reconnect(): void {
    finish()
    notify({ type: 'reconnect' })
  }

  function end(reason: EndReason): void {
    if (over) return
    finish()
    notify({ type: 'ended', reason })
  }

  /** From the store, because an extension may have happened anywhere. A store that fails is asked again. */
  async function look(): Promise<void> {
    if (looking) {
      lookAgain = true
      return
    }
    looking = true
    cancelTimer()
    let next = LOOK_EVERY_MS
    try {
      do {
        lookAgain = false
        const state = await view.ask(subject, (known, _, now) => stateOf(known, now, core.policy))
        if (over) return
        if ('reason' in state) {
          if (recordless && (state.byTime || state.reason === 'token_stale')) return reconnect()
          if (state.byTime) await expired(core, state.byTime, state.reason)
          return end(state.reason)
        }
        next = heard(state)
      } while (lookAgain)
    } catch (fault) {
      core.recorder.fault(fault, 'watching a session')
    } finally {
      looking = false
      if (!over) arm(next)
    }
  }

  /** Tells what is new; answers when to look next. */
  function heard({ at, current, session }: Alive): number {
    const now = clock.now()
    const rolesNow = current.join(' ')
    if (rolesNow !== roles) {
      roles = rolesNow
      notify({ type: 'changed', roles: current })
    }
    if (told !== core.policy) {
      told = core.policy
      notify({ type: 'policy', now, ...at })
    }
    if (now >= at.warnAt) {
      if (warnedOf === null) notify({ type: 'warning', now, ...at })
      warnedOf = at
      return Math.max(1, Math.min(LOOK_EVERY_MS, Math.min(at.idleExpiresAt, session.expiresAt) - now))
    }
    if (warnedOf !== null) {
      warnedOf = null
      notify({ type: 'extended', now, ...at })
    }
    return at.warnAt - now
  }

  const first = deadlines(told, who.session, who.user.roles)
  notify({ type: 'policy', now: clock.now(), ...first })
  void look()
  return finish
}

/** A number from 0 to 1 that is another for most sessions. */
function share(sid: string): number {
  return ((sid.charCodeAt(0) * 64 + sid.charCodeAt(1)) % 97) / 97
}

type Alive = { readonly at: Deadlines; readonly current: readonly string[]; readonly session: Session }
type Over = { readonly reason: EndReason; readonly byTime: Known | null }

/** How a session stands, whatever token it is named by. */
export function stateOf(known: Known | null, now: number, policy: Core['policy']): Alive | Over {
  if (!known?.user) return { reason: 'session_revoked', byTime: null }
  const over = endOf(known)
  if (over) return { reason: over, byTime: null }
  const { user, use } = known
  if (user.status === 'locked') return { reason: 'user_locked', byTime: null }
  if (known.session.generation !== user.generation || known.session.everyone < known.everyone) {
    return { reason: 'session_revoked', byTime: null }
  }
  const session = { ...known.session, lastActiveAt: use.lastActiveAt, longestIdle: use.longestIdle }
  const reason = expiry(policy, session, user.roles, now, use.lastActiveAt)
  if (reason !== null) return { reason, byTime: known }
  return { at: deadlines(policy, session, user.roles), current: user.roles, session }
}

/** Time is an ending like any other: it is recorded when somebody is there to see it. */
async function expired(core: Watching, known: Known, reason: EndReason): Promise<void> {
  const now = core.clock.now()
  const { id, userId } = known.session
  const { value } = await core.store.sessions.end(id, reason, now, known.use.lastActiveAt)
  if (value) core.recorder.record({ type: 'session.ended', actor: 'system', subject: userId, sid: id, reason }, {}, now)
}
