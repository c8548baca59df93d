import type { Rotation } from './session.ts'

/** How long parallel, repeated and reordered refreshes are taken for one, milliseconds. */
export const GRACE_MS = 30_000

/**
 * What a genuine refresh token is to its session (design, section 6).
 *
 * - `advance`: it is the newest and its time has come; the counter moves on, by compare-and-swap.
 * - `repeat`: the same question asked again, by another tab or because an answer was lost; the newest refresh token is
 *   handed out once more, with a fresh access token, and nothing moves.
 * - `regressed`: it is newer than the record, so the store lost writes. The record follows it; nobody is punished.
 * - `theft`: it was spent, and whoever was handed its successor has used that. Two hold one session.
 */
export type Turn = 'advance' | 'repeat' | 'regressed' | 'theft'

/** Pure. The token must have been proved genuine: its counter is believed. */
export function refreshTurn(counter: number, record: Rotation, now: number): Turn {
  if (counter > record.counter) return 'regressed'
  if (counter === record.counter) return now - record.rotatedAt > GRACE_MS ? 'advance' : 'repeat'
  const unsettled = record.seenAt === null || now - record.seenAt <= GRACE_MS
  return counter === record.counter - 1 && unsettled ? 'repeat' : 'theft'
}
