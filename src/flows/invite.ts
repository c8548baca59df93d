import type { RequestContext } from '../carrier.ts'
import { ok, type Result, refused } from '../result.ts'
import { emailKey, type User } from '../user.ts'
import type { Core } from './core.ts'
import { addUser, checkedUser, type NewUser } from './new-user.ts'
import { NO_MAIL, sendReset } from './recovery.ts'

export type Invitation = Omit<NewUser, 'password'> & { readonly roles?: readonly string[] }

/** Makes an account that nobody can sign in to before its owner has chosen a password, by a link that only they get (RC-06). */
export async function invite(
  core: Core,
  { roles, ...given }: Invitation,
  context: RequestContext,
  actor: string | null,
): Promise<Result<User>> {
  if (!core.post.able) return NO_MAIL
  const wanted = roles ?? core.roles.slice(0, 1)
  if (wanted.some((role) => !core.roles.includes(role))) return refused({ code: 'role_unknown' })
  const checked = await checkedUser(core, given, null)
  if (!checked.ok) return checked
  if ((await core.store.users.findByEmail(emailKey(checked.value.email))).user) return refused({ code: 'email_taken' })
  const added = await addUser(core, checked.value, null, wanted, context, actor)
  if (!added.ok) return added
  core.recorder.record({ type: 'user.invited', actor, subject: added.value.id }, context, core.clock.now())
  await sendReset(core, added.value, 'invitation', context)
  return ok(added.value)
}
