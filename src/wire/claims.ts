import { ConfigurationError } from '../errors.ts'

/**
 * What an access token says (RFC 9068 section 2.2), no personal data among it (JW-16). Times are milliseconds since the
 * epoch; on the wire they are whole seconds, as RFC 7519 has them, but for our own.
 */
export type AccessClaims = {
  readonly issuer: string
  readonly audience: readonly string[]
  /** The user. */
  readonly subject: string
  readonly clientId: string
  readonly jti: string
  readonly sid: string
  readonly issuedAt: number
  readonly expiresAt: number
  readonly notBefore: number | null
  /** To the millisecond: which proof of who they are the token goes back to. */
  readonly authenticatedAt: number
  readonly amr: readonly string[]
  readonly roles: readonly string[]
  readonly scope: string | null
  /** As the user's and the installation's were when it was made (design, section 5). */
  readonly version: number
  readonly generation: number
  readonly everyone: number
  readonly epoch: string
  /** How far the refresh tokens of its session had come. */
  readonly counter: number
  /** Only of a session that has no record: the rest of what one would say. */
  readonly session: {
    readonly createdAt: number
    readonly expiresAt: number
    readonly remember: boolean
    readonly longestIdle: number
  } | null
}

/** Seconds: no later time is meant as one, and milliseconds are not taken for seconds (JW-09). The year 2242. */
const LATEST = 2 ** 33

const MAX_LIST = 64
const MAX_TEXT = 256
/** No clock may be trusted less than this (JW-11). Milliseconds. */
const MOST_LEEWAY = 60_000

/** The members of the payload. Lifetimes are rounded down: a token never outlives what it was made of (TO-09). */
export function encodeClaims(claims: AccessClaims): object {
  const { session, scope, notBefore } = claims
  return {
    iss: claims.issuer,
    aud: claims.audience.length === 1 ? claims.audience[0] : claims.audience,
    sub: claims.subject,
    client_id: claims.clientId,
    iat: seconds(claims.issuedAt),
    exp: seconds(claims.expiresAt),
    ...(notBefore !== null && { nbf: seconds(notBefore) }),
    jti: claims.jti,
    sid: claims.sid,
    auth_time: seconds(claims.authenticatedAt),
    amr: claims.amr,
    roles: claims.roles,
    ...(scope !== null && { scope }),
    aat: claims.authenticatedAt,
    ver: claims.version,
    gen: claims.generation,
    all: claims.everyone,
    epo: claims.epoch,
    ctr: claims.counter,
    ...(session && {
      ses: { cat: session.createdAt, exp: session.expiresAt, rem: session.remember, idl: session.longestIdle },
    }),
  }
}

/**
 * The claims of a verified payload; null unless every one of them is there, of its type and in its range, the issuer is
 * the one expected and the audience is among those named, all compared exactly (JW-12, JW-13). Only own members count
 * (JW-22). Nothing is said of whether the token is good at this moment: that is asked at every use.
 */
export function decodeClaims(
  payload: Readonly<Record<string, unknown>> | null,
  expected: { readonly issuer: string; readonly audience: string },
): AccessClaims | null {
  if (payload === null) return null
  const read = reader(payload)
  const audience = audienceOf(read.own('aud'))
  if (read.own('iss') !== expected.issuer || !audience?.includes(expected.audience)) return null
  const claims = {
    issuer: expected.issuer,
    audience,
    subject: read.text('sub'),
    clientId: read.text('client_id'),
    jti: read.text('jti'),
    sid: read.text('sid'),
    issuedAt: read.time('iat'),
    expiresAt: read.time('exp'),
    notBefore: read.absent('nbf') ? null : read.time('nbf'),
    authenticatedAt: read.count('aat'),
    amr: read.texts('amr'),
    roles: read.texts('roles'),
    scope: read.absent('scope') ? null : read.text('scope'),
    version: read.count('ver'),
    generation: read.count('gen'),
    everyone: read.count('all'),
    epoch: read.text('epo'),
    counter: read.count('ctr'),
    session: read.absent('ses') ? null : sessionOf(read.own('ses'), read.fail),
  }
  read.time('auth_time')
  return read.failed() || claims.expiresAt <= claims.issuedAt ? null : claims
}

/** Whether a token is good at `now`, as far as its own words go. The instant it ends it is over. */
export function timeliness(
  { issuedAt, expiresAt, notBefore }: Pick<AccessClaims, 'issuedAt' | 'expiresAt' | 'notBefore'>,
  now: number,
  /** Milliseconds: `leeway` widens every check, `ahead` is how far the clock of who signed may be ahead. */
  { leeway, ahead }: { readonly leeway: number; readonly ahead: number },
): 'good' | 'expired' | 'early' {
  if (now >= expiresAt + leeway) return 'expired'
  const soonest = now + ahead + leeway
  return issuedAt > soonest || (notBefore !== null && notBefore > soonest) ? 'early' : 'good'
}

/** @throws ConfigurationError beyond a minute, or when it is no time at all (JW-11). */
export function checkedLeeway(milliseconds: number): number {
  if (milliseconds >= 0 && milliseconds <= MOST_LEEWAY) return milliseconds
  throw new ConfigurationError(
    `keys.leeway is ${milliseconds} ms: write at most '60s', and set the clocks right instead`,
  )
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000)
}

function audienceOf(value: unknown): readonly string[] | null {
  const list = typeof value === 'string' ? [value] : value
  return isTexts(list) && list.length > 0 && list.length <= 16 ? list : null
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= MAX_LIST && value.every(isText)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** Reads members one by one and remembers whether one was wrong. */
function reader(payload: Readonly<Record<string, unknown>>) {
  let wrong = false
  const own = (name: string): unknown => (Object.hasOwn(payload, name) ? payload[name] : undefined)
  function checked<T>(name: string, is: (value: unknown) => value is T, instead: T): T {
    const value = own(name)
    if (is(value)) return value
    wrong = true
    return instead
  }
  return {
    own,
    absent: (name: string) => own(name) === undefined,
    text: (name: string) => checked(name, isText, ''),
    texts: (name: string) => checked(name, isTexts, []),
    count: (name: string) => checked(name, isCount, 0),
    /** A NumericDate as milliseconds. */
    time: (name: string) => checked(name, isDate, 0) * 1000,
    fail: () => {
      wrong = true
    },
    failed: () => wrong,
  }
}

function isDate(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value < LATEST
}

function sessionOf(value: unknown, fail: () => void): AccessClaims['session'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    fail()
    return null
  }
  const read = reader(value as Record<string, unknown>)
  const remember = read.own('rem')
  const session = {
    createdAt: read.count('cat'),
    expiresAt: read.count('exp'),
    remember: remember === true,
    longestIdle: read.count('idl'),
  }
  if (read.failed() || typeof remember !== 'boolean') fail()
  return session
}
