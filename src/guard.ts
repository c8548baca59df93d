import { type Duration, milliseconds } from './duration.ts'
import { ConfigurationError, type Refusal } from './errors.ts'
import { type Policy, sectionOf } from './policy.ts'
import type { Session } from './session.ts'
import type { Fields, User } from './user.ts'

/** Who is calling, as `authenticate` found it. */
export type Authenticated<UF = Fields, SF = Fields> = {
  readonly user: User<UF>
  readonly session: Session<SF>
  /** Strategy and transport the credential came by. */
  readonly via: { readonly strategy: string; readonly transport: 'cookie' | 'bearer' }
  /** When the access token ends, milliseconds; null under strategies whose credential has no end of its own. */
  readonly tokenExpiresAt: number | null
  /** The rules in force, for guards to judge by. */
  readonly policy: Policy
  /** The catalogue of roles; a guard that names another is a fault, not a pass. */
  readonly roles: readonly string[]
}

/** Is that enough here? Pure: null lets through, a refusal says what is missing. */
export type Guard = (who: Authenticated, now: number) => Refusal | null

/** Lets in whoever has one of the roles. @throws ConfigurationError when it names none, or one outside the catalogue (AZ-01). */
export function role(...names: readonly string[]): Guard {
  if (names.length === 0) throw new ConfigurationError("role() names no role: write role('admin')")
  return (who) => {
    const unknown = names.find((name) => !who.roles.includes(name))
    if (unknown !== undefined) {
      throw new ConfigurationError(
        `role('${unknown}') is not in the catalogue (${who.roles.join(', ')}): add it to roles`,
      )
    }
    return names.some((name) => who.user.roles.includes(name)) ? null : { code: 'forbidden' }
  }
}

/** Lets in whoever proved who they are within `age` (RA-01, RA-02). The instant the age is reached is too old. */
export function fresh(age: Duration): Guard {
  const ms = milliseconds(age, 'fresh()')
  return (who, now) => (now - who.session.authenticatedAt < ms ? null : stale(ms))
}

/** Applies the policy of the section that covers `path`: its tighter idle limit, its age of authentication. */
export function section(path: string): Guard {
  return (who, now) => {
    const rule = sectionOf(who.policy, path)
    if (!rule) return null
    if (now - who.session.authenticatedAt >= rule.reauthenticate) return stale(rule.reauthenticate)
    const pause = Math.max(who.session.longestIdle, now - who.session.lastActiveAt)
    return pause >= rule.idle ? stale(rule.idle) : null
  }
}

/** Every guard in turn; the first refusal counts. */
export function check(who: Authenticated, guards: readonly Guard[], now: number): Refusal | null {
  for (const guard of guards) {
    const refusal = guard(who, now)
    if (refusal) return refusal
  }
  return null
}

function stale(ms: number): Refusal {
  return { code: 'reauth_required', maxAge: Math.floor(ms / 1000) }
}
