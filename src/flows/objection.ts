import type { RequestContext } from '../carrier.ts'
import { StoreUnavailable } from '../errors.ts'
import { ok, type Result, refused } from '../result.ts'
import { placeOf } from '../source.ts'
import type { Ticket } from '../store.ts'
import { emailKey, type User, type UserId } from '../user.ts'
import { lock } from './accounts.ts'
import type { Core } from './core.ts'
import { carryOut } from './endings.ts'
import { slowed, spent } from './presenting.ts'
import { sendReset } from './recovery.ts'
import { taken } from './tickets.ts'

/** How often it is looked again, each time the account was changed meanwhile. */
const MAX_TURNS = 100

/**
 * The owner of the old address says that a change of it was not theirs, before the new one confirmed or after: whoever asked for
 * it knew the password and had a session, so both are worth nothing any more. The account has the old address again, every
 * session is over, the password is disabled until it is set by a link, which goes to the old address.
 *
 * Of several changes in a row the objection to the earliest goes furthest back, and takes the later ones along; an
 * objection to a later one leaves the earlier to object.
 */
export async function objectToEmail(core: Core, token: string, context: RequestContext): Promise<Result<null>> {
  const slow = slowed(core, context)
  if (slow) return slow
  const ticket = await taken(core, token, 'object')
  if (!ticket || ticket.userId === null) return spent(core, 'object', context)
  try {
    return await objected(core, ticket, ticket.userId, context)
  } catch (fault) {
    await core.store.tickets.put(ticket).catch(() => {})
    throw fault
  }
}

async function objected(core: Core, ticket: Ticket, id: UserId, context: RequestContext): Promise<Result<null>> {
  const { users, tickets } = core.store
  const { email, at } = ticket.data as { readonly email: string; readonly at: number }
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    const { user } = await users.find(id)
    if (!user) return spent(core, 'object', context)
    const expected = { key: emailKey(user.email), generation: user.generation }
    const changed = await users.setEmail(id, expected, email, emailKey(email), 'session_revoked')
    if (changed.value) {
      await core.passwords.disable(id, core.clock.now())
      await carryOut(core, changed, 'session_revoked', context, id)
      await forgetLinks(core, id, at)
      tell(core, user, context)
      core.post.later('sending a link for a password', () =>
        sendReset(core, changed.value as User, 'email_restored', context),
      )
      return ok(null)
    }
    const { user: holder } = await users.findByEmail(emailKey(email))
    if (holder && holder.id !== id) {
      // The address has another account by now. Nobody is to go on in this one until somebody has looked into it.
      await core.passwords.disable(id, core.clock.now())
      await lock(core, id, context, id)
      await tickets.removeOf(id, null)
      tell(core, user, context)
      return refused({ code: 'email_taken' })
    }
    await core.view.settle(placeOf(users.source, changed))
  }
  throw new StoreUnavailable('an account kept changing while its address was to be restored')
}

function tell({ recorder, clock }: Pick<Core, 'recorder' | 'clock'>, { id }: User, context: RequestContext): void {
  recorder.record({ type: 'email.change_objected', actor: id, subject: id }, context, clock.now())
}

/** Every link that was sent since the change was asked for, but for objections to what was before it. */
async function forgetLinks({ store: { tickets } }: Core, id: UserId, at: number): Promise<void> {
  await Promise.all((['reset', 'verify', 'email'] as const).map((kind) => tickets.removeOf(id, kind)))
  const held = await tickets.ofUser(id, 1000)
  const later = held.filter(({ kind, data }) => kind === 'object' && (data as { readonly at: number }).at >= at)
  await Promise.all(later.map(({ digest }) => tickets.take(digest, 'object')))
}
