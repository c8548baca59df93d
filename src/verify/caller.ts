import { type Duration, milliseconds } from '../duration.ts'
import type { Refusal } from '../errors.ts'
import type { Transport } from '../strategy.ts'
import type { AccessClaims } from '../wire/claims.ts'

/** Who is calling. Times are milliseconds since the epoch. */
export type Caller = {
  readonly userId: string
  /** A handle, not a credential. */
  readonly sessionId: string
  readonly roles: readonly string[]
  readonly amr: readonly string[]
  /** When they last proved who they are. */
  readonly authenticatedAt: number
  /** Null where the token is of the user's own sign-in. */
  readonly scope: readonly string[] | null
  readonly clientId: string | null
  /** When the token is over, if nothing ends it before. */
  readonly expiresAt: number
  readonly via: { readonly transport: Transport }
}

/** Is that enough here? Pure: null lets through, a refusal says what is missing. */
export type CallerGuard = (caller: Caller, now: number) => Refusal | null

/** Lets in whoever has one of the roles. */
export function role(first: string, ...more: readonly string[]): CallerGuard {
  return ({ roles }) => ([first, ...more].some((name) => roles.includes(name)) ? null : { code: 'forbidden' })
}

/** Lets in whoever proved who they are within `age`. The instant the age is reached is too old. @throws ConfigurationError */
export function fresh(age: Duration): CallerGuard {
  const ms = milliseconds(age, 'fresh()')
  return ({ authenticatedAt }, now) =>
    now - authenticatedAt < ms ? null : { code: 'reauth_required', maxAge: Math.floor(ms / 1000) }
}

/** Lets in tokens that carry all of these scopes; tokens of a user's own sign-in have no limits of that kind. */
export function scope(first: string, ...more: readonly string[]): CallerGuard {
  return ({ scope }) =>
    scope === null || [first, ...more].every((name) => scope.includes(name)) ? null : { code: 'insufficient_scope' }
}

export function callerOf(claims: AccessClaims): Omit<Caller, 'via'> {
  return {
    userId: claims.subject,
    sessionId: claims.sid,
    roles: claims.roles,
    amr: claims.amr,
    authenticatedAt: claims.authenticatedAt,
    scope: claims.scope === null ? null : claims.scope.split(' '),
    clientId: claims.clientId,
    expiresAt: claims.expiresAt,
  }
}

/** What the server says of a token (RFC 7662); null when it is not good for letting anybody in, or is no such answer. */
export function toldOf(
  body: unknown,
  { issuer, audience }: { readonly issuer: string; readonly audience: string },
): Omit<Caller, 'via'> | null {
  const told = (body ?? {}) as Readonly<Record<string, unknown>>
  if (told.active !== true || told.token_type !== 'Bearer' || told.iss !== issuer) return null
  if (![told.aud].flat().includes(audience)) return null
  const { sub, sid, exp, auth_time, roles, amr, scope, client_id } = told
  if (typeof sub !== 'string' || typeof sid !== 'string' || typeof exp !== 'number' || typeof auth_time !== 'number') {
    return null
  }
  if (!isTexts(roles) || !isTexts(amr)) return null
  return {
    userId: sub,
    sessionId: sid,
    roles,
    amr,
    authenticatedAt: auth_time * 1000,
    scope: typeof scope === 'string' ? scope.split(' ') : null,
    clientId: typeof client_id === 'string' ? client_id : null,
    expiresAt: exp * 1000,
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}
