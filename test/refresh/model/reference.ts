/*
 * What a refresh has to come to, written from the table of the design and from nothing else: one line of tokens, told
 * by their numbers.
 */

/** What a refresh comes to. `null`: an access token, and the refresh token stays what it is. */
export type Got = number | null | 'theft'

/** How long a token that was followed by another is taken for a repeated question, milliseconds. */
export const WINDOW = 30_000

export type Reference = {
  /** Number of the newest refresh token. */
  newest: number
  /** When the newest was last handed out. */
  rotatedAt: number
  /** When an access token of the newest number was first used. */
  seenAt: number | null
  /** When the session was last used, and what ended it. */
  usedAt: number
  over: 'theft' | 'time' | null
}

export function reference(createdAt: number): Reference {
  return { newest: 0, rotatedAt: createdAt, seenAt: null, usedAt: createdAt, over: null }
}

/** A genuine refresh token is presented: the number of the tokens that its holder gets, or what it gives away. */
export function presented(line: Reference, number: number, now: number): Got {
  if (line.over !== null) return 'theft'
  const behind = line.newest - number
  if (behind === 0 && now > line.rotatedAt + WINDOW) {
    line.newest += 1
    line.rotatedAt = now
    line.seenAt = null
    return line.newest
  }
  if (behind === 0) return null
  if (behind === 1 && (line.seenAt === null || now <= line.seenAt + WINDOW)) {
    line.rotatedAt = now
    return line.newest
  }
  line.over = 'theft'
  return 'theft'
}

/** An access token that was handed out with this number is used, and that is known to more than the server's memory. */
export function used(line: Reference, number: number, now: number): void {
  line.usedAt = now
  if (number === line.newest) line.seenAt ??= now
}
