import type { RequestContext } from '../carrier.ts'
import type { Authenticated } from '../guard.ts'
import { ok, type Result, refused } from '../result.ts'
import type { Session } from '../session.ts'
import { placeOf } from '../source.ts'
import type { Carried } from '../strategy.ts'
import { markOlder } from './accounts.ts'
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

/** Records that are marked before whoever signed everyone out is answered, about: the sweeper does the others. */
const MARKED_AT_ONCE = 1_000

/**
 * Signs everyone out but the session that asks, which goes on under a new token in the next generation. Where that fails everyone
 * is signed out all the same, whoever asked too.
 */
export async function endEveryoneElse(
  core: Core,
  who: Authenticated,
  context: RequestContext,
): Promise<Result<EndedOthers>> {
  const { user, session } = who
  const now = core.clock.now()
  const { users } = core.store
  const raised = await users.endEveryone()
  const place = placeOf(users.source, raised)
  core.recorder.record({ type: 'everyone.signed_out', actor: user.id }, context, now)
  // Raised by more than this call: somebody else has signed everyone out meanwhile, this session too (P7).
  if (raised.value !== session.everyone + 1) {
    await core.view.settle(place)
    return refused({ code: 'session_revoked', presented: true })
  }
  const { result, places } = await reissue(core, who, { ...session, everyone: raised.value }, now)
  await core.view.settle(place, ...places)
  const ended = await markOlder(core, raised.value, context, user.id, MARKED_AT_ONCE)
  return result.ok ? ok({ ended, ...result.value }) : result
}
