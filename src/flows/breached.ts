import type { RequestContext } from '../carrier.ts'
import type { Refusal } from '../errors.ts'
import type { Core } from './core.ts'

/**
 * Why a new password is not taken that is fine otherwise: it is known from a breach, or nobody can say and that is not enough
 * (PW-07). Asked last, when the caller has a right to an answer, because it asks a service elsewhere.
 */
export async function breachRefusal(
  core: Pick<Core, 'breached' | 'recorder' | 'clock'>,
  password: string,
  path: string,
  subject: string | null,
  context: RequestContext,
): Promise<Refusal | null> {
  if (core.breached === null) return null
  const breach = await core.breached(password, path)
  const about = { outcome: 'failure', subject } as const
  if (breach.found === 'yes') {
    const reason = breach.refusal.code
    core.recorder.record({ type: 'password.breached', ...about, reason }, context, core.clock.now())
  }
  if (breach.found === 'unknown') {
    core.recorder.fault(breach.fault, 'asking about breached passwords')
    const reason = breach.refusal === null ? 'allowed' : 'refused'
    core.recorder.record({ type: 'password.unchecked', ...about, reason }, context, core.clock.now())
  }
  return breach.refusal
}
