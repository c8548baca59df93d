import type { RequestContext } from '../carrier.ts'
import { ConfigurationError, StoreUnavailable } from '../errors.ts'
import { type PolicyPart, policyOptions } from '../policy.ts'
import { ok, type Result, refused } from '../result.ts'
import { placeOf } from '../source.ts'
import type { Kept } from '../store.ts'
import type { Core } from './core.ts'
import type { InForce, PolicyValue } from './policy-rules.ts'

/** The policy in force, and what of it nobody can change. */
export type PolicyStanding = PolicyValue & {
  /** 0 while it is that of the options. */
  readonly version: number
  readonly fixed: readonly PolicyPart[]
  /** What holds before the first change. */
  readonly configured: PolicyValue
}

type Changing = Pick<Core, 'store' | 'view' | 'recorder' | 'clock' | 'policyRules'>

/** The policy as the database has it now. @throws StoreUnavailable also when it does not go together with this node's options */
export async function standingPolicy(core: Pick<Core, 'store' | 'policyRules'>): Promise<PolicyStanding> {
  const kept = await core.store.settings.findPolicy()
  try {
    return standing(core, kept)
  } catch (error) {
    if (error instanceof ConfigurationError)
      throw new StoreUnavailable('the stored policy does not go together with the options')
    throw error
  }
}

/**
 * Replaces the policy, if its version is still `expected`; in force on every node when it returns. Sessions that are open are judged by it
 * at their next use, towards shorter limits only: each keeps those it began with.
 */
export async function changePolicy(
  core: Changing,
  wanted: PolicyValue,
  expected: number,
  context: RequestContext,
  actor: string | null,
): Promise<Result<PolicyStanding>> {
  const { settings } = core.store
  const wrong = objection(core, wanted, expected)
  if (wrong !== null) return refused({ code: 'policy_invalid', detail: wrong })
  const { value, ...where } = await settings.replacePolicy(expected, wanted)
  await core.view.settle(placeOf(settings.source, where))
  if (value === null) return refused({ code: 'conflict', detail: 'The policy has changed: read it again' })
  const { timeouts, sessionLimit } = wanted
  const data = {
    version: value.version,
    timeouts: JSON.stringify(timeouts),
    sessionLimit: JSON.stringify(sessionLimit),
  }
  core.recorder.record({ type: 'policy.changed', actor, data }, context, core.clock.now())
  return ok(standing(core, value))
}

/** Why it cannot be, in words for whoever operates it; null when it can. */
function objection(
  { policyRules: rules }: Pick<Core, 'policyRules'>,
  wanted: PolicyValue,
  expected: number,
): string | null {
  try {
    const named = partsOf(asValue(rules.exactly(wanted)))
    const becomes = partsOf(asValue(rules.read({ version: expected + 1, value: wanted })))
    const kept = rules.fixed.filter((part) => JSON.stringify(named[part]) !== JSON.stringify(becomes[part]))
    return kept.length === 0 ? null : `${kept.join(', ')}: fixed by the configuration, so leave it as it is`
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message
    throw error
  }
}

function standing({ policyRules: rules }: Pick<Core, 'policyRules'>, kept: Kept | null): PolicyStanding {
  const now = rules.read(kept)
  return { ...asValue(now), version: now.version, fixed: rules.fixed, configured: asValue(rules.configured) }
}

function partsOf({ timeouts, sessionLimit }: PolicyValue): Readonly<Record<PolicyPart, unknown>> {
  return { ...timeouts, sessionLimit }
}

function asValue({ policy, sessionLimit }: Pick<InForce, 'policy' | 'sessionLimit'>): PolicyValue {
  return { timeouts: policyOptions(policy), sessionLimit }
}
