/**
 * Whatever brings the credential: anything with a case-insensitive `get` for request headers. `Request.headers`
 * already is one. Absent is `null` or `undefined`; several header lines of one name come joined, as Fetch does.
 */
export interface Carrier {
  get(name: string): string | null | undefined
}

/** What else is known of a request. All optional; the more is given, the more the guard can do. */
export type RequestContext = {
  /** Address of the client, after trusted proxies were taken off (`wire/source.ts`). */
  readonly source?: string
  readonly userAgent?: string
  /** `Accept-Language` as it came: which language messages are written in. */
  readonly languages?: string
  /** Appears in events and in the problem answer, to find one from the other. */
  readonly requestId?: string
  /** Reading who is signed in without counting as activity (polls, event streams, `GET /session`). */
  readonly passive?: boolean
  /** The credential is wanted for getting the next one: one whose roles are out of date is good enough (`jwt`). */
  readonly renewing?: boolean
  /**
   * Part of proving again who is signed in, and so let in from where `onContextChange` asked for that. `asks`: reads who it
   * would have to be. `proves`: brings the proof along, for which a token that is over, or has older roles, is good enough as
   * long as its session lasts; only the proof is activity.
   */
  readonly proving?: 'asks' | 'proves'
  /** Who acts, when it is not the subject: an administrator, the command line. */
  readonly actor?: string
}
