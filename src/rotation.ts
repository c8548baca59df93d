import type { Rotation } from './session.ts'

/** How long parallel, repeated and reordered refreshes are taken for one, milliseconds. */
export const GRACE_MS = 30_000

/**
 * What a genuine refresh token is to its session (design, section 6; decision 14).
 *
 * - `advance`: it is the newest, and was last handed out long enough ago; the counter moves on, by compare-and-swap.
 * - `same`: it is the newest, and was handed out a moment ago: asked by another tab, or twice. It stays, beside a fresh
 *   access token; no cookie is set, because an answer that is late would put it back after its successor came.
 * - `repeat`: its successor is the newest and may not have arrived, because an answer was lost: that is handed out once more,
 *   and counts as handed out now, so that this answer too arrives before the counter moves on.
 * - `regressed`: it is newer than the record, so the store lost writes. The record follows it; nobody is punished.
 * - `theft`: it was spent, and whoever was handed its successor has used that. Two hold one session.
 */
export type Turn = 'advance' | 'same' | 'repeat' | 'regressed' | 'theft'

/** Pure. The token must have been proved genuine: its counter is believed. */
export function refreshTurn(counter: number, record: Rotation, now: number): Turn {
  if (counter > record.counter) return 'regressed'
  if (counter === record.counter) return now - record.rotatedAt > GRACE_MS ? 'advance' : 'same'
  const awaited = record.seenAt === null || now - record.seenAt <= GRACE_MS
  return counter === record.counter - 1 && awaited ? 'repeat' : 'theft'
}
