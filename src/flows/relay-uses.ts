import type { SessionId } from '../session.ts'
import type { Known, Verdict, View } from '../view/view.ts'
import type { Core } from './core.ts'
import { pauseMatters } from './judge.ts'
import { stateOf } from './watch.ts'

/** A use of a session that a service saw. */
export type RelayedUse = {
  /** Id of the session. */
  readonly sid: string
  /** Of the access token it was used with, under `hybrid`: its claim `ctr`. */
  readonly counter?: number | undefined
  /** When, milliseconds since the epoch by the service's clock. No more than the last hour is believed. */
  readonly at: number
}

/** How far back a use may lie, milliseconds. */
const MOST_AGO_MS = 60 * 60_000

/** Sessions looked up at once: those that wait for it are nobody's requests. */
const AT_ONCE = 8

type Taking = Pick<Core, 'clock' | 'policy'> & { readonly view: Pick<View, 'decide' | 'ask' | 'use' | 'saw'> }

/**
 * Takes down uses that a service saw. They move a session's activity forward, and say that the newest access token has arrived,
 * which tells a lost refresh from a stolen token; nothing else. Who is not in memory is looked up. Sessions that are
 * unknown, over, or have no record are passed over: what was idle for too long before its use is told of stays over, so services
 * tell within seconds.
 *
 * So whoever has the credentials of a service, and knows the id of a session, can keep it from idling out, up to the absolute
 * limit, which no use moves; and can have its refresh token before the newest taken for stolen where a client never got the
 * newest.
 *
 * @throws StoreUnavailable when a session that is not in memory cannot be looked up. Telling again what was told is harmless.
 */
export async function takeUses(core: Taking, uses: readonly RelayedUse[]): Promise<void> {
  const now = core.clock.now()
  const bySession = new Map<string, RelayedUse[]>()
  for (const use of uses) {
    const at = Math.min(now, Math.max(now - MOST_AGO_MS, use.at))
    const those = bySession.get(use.sid) ?? []
    those.push({ ...use, at })
    bySession.set(use.sid, those)
  }
  const waiting = [...bySession]
  const work = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) await take(core, ...next)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

async function take(core: Taking, sid: string, uses: RelayedUse[]): Promise<void> {
  uses.sort((one, other) => one.at - other.at)
  const noted: Verdict<boolean> = (known, asked, now) => note(core, known, uses, asked, now)
  if (!(await core.view.decide(sid as SessionId, noted))) await core.view.ask(sid as SessionId, noted)
}

/** One step, like every verdict. False where only the store's word counts. */
function note({ policy, view }: Taking, known: Known | null, uses: readonly RelayedUse[], asked: boolean, now: number) {
  const state = stateOf(known, now, policy)
  if (known === null || 'reason' in state) return asked || known?.session.endedAt !== null
  const { session, rotation, use } = known
  // Another node may have seen uses between, and refreshes are in no feed.
  if (!asked && uses.some(({ at }) => pauseMatters(policy, at - use.lastActiveAt))) return false
  if (!asked && uses.some(({ counter = 0 }) => counter > rotation.counter)) return false
  for (const { at, counter } of uses) {
    if (at < session.authenticatedAt) continue
    view.use(use, at, now)
    if (counter !== undefined && counter <= rotation.counter) view.saw(use, counter, at)
  }
  return true
}
