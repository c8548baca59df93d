import type { RequestContext } from '../carrier.ts'
import type { Authenticated } from '../guard.ts'
import { ok, type Result, refused } from '../result.ts'
import type { Session } from '../session.ts'
import { placeOf } from '../source.ts'
import type { Carried } from '../strategy.ts'
import type { Core } from './core.ts'
import { endOthers, mark, tell } from './endings.ts'
import { reissue } from './reissue.ts'

/** How many sessions were found and ended, and how one's own goes on. */
export type EndedOthers = { readonly ended: number; readonly session: Session; readonly carried: Carried | null }

/**
 * Ends all of a user's sessions but the one that asks. Where some have no record, nobody can list them: the user's
 * generation is raised, which ends them all, and this one gets a token of the new generation.
 */
export async function endOwnOthers(
  core: Core,
  who: Authenticated,
  context: RequestContext,
): Promise<Result<EndedOthers>> {
  const { user, session } = who
  if (core.denialLife === null) {
    const ended = await endOthers(core, user.id, session.id, 'session_revoked', context, user.id)
    return ok({ ended, session, carried: null })
  }
  const now = core.clock.now()
  const { users } = core.store
  const raised = await users.endAll(user.id, 'session_revoked')
  // Raised by more than this call: all sessions were ended meanwhile, this one too, and there is no next token of what is over (P7).
  if (raised.value?.generation !== session.generation + 1) return refused({ code: 'session_revoked', presented: true })
  const { result, places } = await reissue(core, who, { ...session, generation: raised.value.generation }, now)
  const marked = await mark(core, user.id, 'session_revoked', session.id, now)
  await core.view.settle(placeOf(users.source, raised), ...places, ...marked.places)
  tell(core, marked.ended, 'session_revoked', user.id, context, now)
  return result.ok ? ok({ ended: marked.ended.length, ...result.value }) : result
}
