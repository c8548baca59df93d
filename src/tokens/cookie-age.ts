/**
 * `Max-Age` of a cookie that is good until `until`, seconds. Rounded up, and never 0, which would take it away: whoever
 * brings it too late is told why, and no browser is asked to enforce anything (TO-06).
 */
export function cookieAge(until: number, now: number): number {
  return Math.max(1, Math.ceil((until - now) / 1000))
}
