/** What people do to their sessions, each by itself, a person and day. Assumed, not measured: put your own in their place. */
export type Habits = {
  /** Sessions begun; each ends once. */
  readonly sessions: number
  /** Of those, how many end by signing out, by signing in again in the same browser, and by the limit of open ones. */
  readonly signedOut: number
  readonly replaced: number
  readonly evicted: number
  /** How many end by time under somebody's eyes: with the event stream of a page open. The others are swept. */
  readonly watched: number
  /** Re-authentications, changed passwords, fields set. */
  readonly proved: number
  /** Changed profiles: nobody waits for those. */
  readonly profile: number
  /** Roles, locks, all sessions ended. */
  readonly administered: number
}

export const HABITS: Habits = {
  sessions: 1,
  signedOut: 0.2,
  replaced: 0.1,
  evicted: 0.02,
  watched: 0.15,
  proved: 0.05,
  profile: 0.02,
  administered: 0.005,
}

/** Entries of the feed a second, by what they cost. */
export type Load = {
  /** Of one id, and somebody waits until it is true everywhere. */
  readonly waited: number
  /** Of one id, and nobody waits. */
  readonly unwaited: number
  /** Of sessions that were swept together. */
  readonly swept: number
  /** How many sessions each of those has. */
  readonly batch: number
}

const DAY_S = 86_400
/** Of the sweeper (`src/flows/sweeper.ts`): sessions that it ends at once at most, and how often it looks. */
const BATCH = 200
const SWEEP_EVERY_S = 5

/** How much busier the busiest moment of a day is than the day. */
export const PEAK = 10

/** What so many people who come in the course of a day make the feed carry. @param times how much busier than on average */
export function loadOf(people: number, times = 1, habits: Habits = HABITS): Load {
  const { sessions, signedOut, replaced, evicted, watched, proved, profile, administered } = habits
  const aSecond = (times * people) / DAY_S
  const expired = aSecond * (sessions - signedOut - replaced - evicted - watched)
  const swept = Math.min(expired, Math.ceil((expired * SWEEP_EVERY_S) / BATCH) / SWEEP_EVERY_S)
  return {
    waited: aSecond * (signedOut + replaced + evicted + proved + administered),
    unwaited: aSecond * (watched + profile),
    swept,
    batch: swept > 0 ? Math.max(1, Math.round(expired / swept)) : 0,
  }
}

export function entriesOf({ waited, unwaited, swept }: Load): number {
  return waited + unwaited + swept
}
