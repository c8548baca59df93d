import { ConfigurationError } from '../errors.ts'

/**
 * What an access token says (RFC 9068 section 2.2), no personal data among it (JW-16). Times are milliseconds since the
 * epoch; on the wire they are whole seconds, but for our own, and the end of a token that has less than one left.
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

export const MAX_LIST = 64
const MAX_TEXT = 256
/** No clock may be trusted less than this (JW-11). Milliseconds. */
const MOST_LEEWAY = 60_000

/**
 * The members of the payload. Lifetimes are rounded down: a token never outlives what it was made of (TO-09). Where nothing
 * would be left, `exp` is exact: a NumericDate may have a fraction (RFC 7519 section 2), and the second before a session's
 * end is not without tokens. What does not read fractions refuses only those.
 */
export function encodeClaims(claims: AccessClaims): object {
  const { session, scope, notBefore } = claims
  return {
    iss: claims.issuer,
    aud: claims.audience.length === 1 ? claims.audience[0] : claims.audience,
    sub: claims.subject,
    client_id: claims.clientId,
    iat: seconds(claims.issuedAt),
    exp: endOf(claims),
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
  for (const name of REQUIRED) if (!Object.hasOwn(payload, name)) return null
  const { iss, aud, sub, client_id, jti, sid, iat, exp, auth_time, aat, amr, roles, ver, gen, all, epo, ctr } = payload
  const audience = audienceOf(aud)
  if (iss !== expected.issuer || !audience?.includes(expected.audience)) return null
  if (!isText(sub) || !isText(client_id) || !isText(jti) || !isText(sid) || !isText(epo)) return null
  if (!isDate(iat) || !isDate(exp) || !isDate(auth_time) || exp <= iat) return null
  const [nbf, scope, ses] = [optional(payload, 'nbf'), optional(payload, 'scope'), optional(payload, 'ses')]
  if (nbf !== undefined && !isDate(nbf)) return null
  if (scope !== undefined && !isText(scope)) return null
  if (!isTexts(amr) || !isTexts(roles)) return null
  if (!isCount(aat) || !isCount(ver) || !isCount(gen) || !isCount(all) || !isCount(ctr)) return null
  const session = ses === undefined ? null : sessionOf(ses)
  if (ses !== undefined && session === null) return null
  return {
    issuer: expected.issuer,
    audience,
    subject: sub,
    clientId: client_id,
    jti,
    sid,
    issuedAt: timeOf(iat),
    expiresAt: timeOf(exp),
    notBefore: nbf === undefined ? null : timeOf(nbf),
    authenticatedAt: aat,
    amr,
    roles,
    scope: scope ?? null,
    version: ver,
    generation: gen,
    everyone: all,
    epoch: epo,
    counter: ctr,
    session,
  }
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

function endOf({ issuedAt, expiresAt }: AccessClaims): number {
  const whole = seconds(expiresAt)
  return whole > seconds(issuedAt) ? whole : expiresAt / 1000
}

/** Of a time in seconds; what was written to the millisecond is that again. */
function timeOf(seconds: number): number {
  return Math.round(seconds * 1000)
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

/** What every token says. */
const REQUIRED = [
  ...['iss', 'aud', 'sub', 'client_id', 'jti', 'sid', 'iat', 'exp', 'auth_time', 'amr', 'roles'],
  ...['aat', 'ver', 'gen', 'all', 'epo', 'ctr'],
] as const

/** A member that may be missing, if it is the token's own. */
function optional(payload: Readonly<Record<string, unknown>>, name: 'nbf' | 'scope' | 'ses'): unknown {
  return Object.hasOwn(payload, name) ? payload[name] : undefined
}

export function isDate(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value < LATEST
}

const SESSION = ['cat', 'exp', 'rem', 'idl'] as const

function sessionOf(value: unknown): AccessClaims['session'] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const { cat, exp, rem, idl } = value as Record<string, unknown>
  if (!SESSION.every((name) => Object.hasOwn(value, name))) return null
  if (!isCount(cat) || !isCount(exp) || !isCount(idl) || typeof rem !== 'boolean') return null
  return { createdAt: cat, expiresAt: exp, remember: rem, longestIdle: idl }
}
