import { ConfigurationError } from '../errors.ts'
import type { Options } from '../options.ts'
import { type Policy, type PolicyPart, type PolicyTimeouts, policy, type TimeoutOptions } from '../policy.ts'
import { checkedSessionLimit } from '../start-up.ts'
import type { Kept, SessionLimit } from '../store.ts'
import type { Strategy } from '../strategy.ts'
import type { Fields } from '../user.ts'

/** What holds at a moment: as the options have it, or as administrators have set it. `version` is 0 for the options’. */
export type InForce = {
  readonly policy: Policy
  readonly sessionLimit: SessionLimit | null
  readonly version: number
}

/** The form in which a policy is stored: options that name everything. */
export type PolicyValue = {
  readonly timeouts: PolicyTimeouts
  readonly sessionLimit: SessionLimit | null
}

/** How this node reads a stored policy: by the rules of the start, over what its options fix. */
export type PolicyRules = {
  readonly configured: InForce
  readonly fixed: readonly PolicyPart[]
  /** @throws ConfigurationError when it makes no sense, alone or with the options; the message says what to write instead. */
  read(kept: Kept | null): InForce
  /** As `read`, whatever the options fix, and without forgiveness for roles that are not in the catalogue. */
  exactly(value: PolicyValue): Pick<InForce, 'policy' | 'sessionLimit'>
}

/** @throws ConfigurationError when the options alone make no sense. */
export function policyRules(
  { timeouts = {}, sessionLimit: limit }: Pick<Options, 'timeouts' | 'sessionLimit'>,
  roles: readonly string[],
  strategy: Pick<Strategy, 'name' | 'keeps'>,
): PolicyRules {
  const { preset, fixed = [] } = timeouts
  const configured = { policy: policy(timeouts, roles), sessionLimit: checkedSessionLimit(limit, strategy), version: 0 }

  /** What is fixed is as the options have it, whatever was stored before it was. */
  function merged({ timeouts: stored }: PolicyValue): TimeoutOptions {
    const own = fixed.flatMap((part) => (part === 'sessionLimit' ? [] : [[part, timeouts[part]] as const]))
    const all: TimeoutOptions = { ...stored, ...Object.fromEntries(own) }
    // A role that has left the catalogue is held by nobody.
    const known = Object.entries(all.roles ?? {}).filter(([role]) => fixed.includes('roles') || roles.includes(role))
    return { ...all, roles: Object.fromEntries(known), ...(preset && { preset }) }
  }

  return {
    configured,
    fixed,
    read(kept) {
      if (kept === null) return configured
      const value = checkedValue(kept.value)
      return {
        policy: policy(merged(value), roles),
        sessionLimit: fixed.includes('sessionLimit')
          ? configured.sessionLimit
          : checkedSessionLimit(value.sessionLimit, strategy),
        version: kept.version,
      }
    },
    exactly: ({ timeouts: given, sessionLimit }) => ({
      policy: policy({ ...given, ...(preset && { preset }) }, roles),
      sessionLimit: checkedSessionLimit(sessionLimit, strategy),
    }),
  }
}

/** Nobody but this program writes it, of whichever version. */
function checkedValue(value: Fields): PolicyValue {
  const { timeouts, sessionLimit } = value
  if (isObject(timeouts) && (sessionLimit === null || isObject(sessionLimit))) return value as PolicyValue
  throw new ConfigurationError(
    'the stored policy is none: write one by PUT admin/policy, or remove it from the table settings',
  )
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
