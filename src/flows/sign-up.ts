import type { Carrier, RequestContext } from '../carrier.ts'
import { ok, type Result, refused } from '../result.ts'
import type { Transport } from '../strategy.ts'
import { breachRefusal } from './breached.ts'
import type { Core } from './core.ts'
import { open, type SignedIn } from './issue.ts'
import { checkedUser, createUser, type NewUser } from './new-user.ts'
import { knowDevice } from './notices.ts'
import { replaced } from './sign-in.ts'
import { pend, type VerificationSent } from './verification.ts'

export type { NewUser } from './new-user.ts'

export type SignUp = NewUser & {
  readonly transport?: Transport
  /** What the task that `captcha` asks for was answered with. */
  readonly captcha?: string
}

/** Without verification somebody is signed in; with it they have mail, and there is nothing yet. */
export type SignUpOutcome = SignedIn | VerificationSent

/** Makes an account and signs it in; where addresses are verified, sends whoever owns the address a message instead. */
export async function signUp(
  core: Core,
  given: SignUp,
  context: RequestContext,
  carrier: Carrier | null,
): Promise<Result<SignUpOutcome>> {
  if (core.signUp === 'closed') return refused({ code: 'sign_up_closed' })
  const human = await core.captcha.check('sign-up', given.captcha, context)
  if (!human.ok) return human
  if (core.verifyEmail) return signUpByMail(core, given, context)
  const [defaultRole] = core.roles
  const created = await createUser(core, given, defaultRole === undefined ? [] : [defaultRole], context, null)
  if (!created.ok) return created
  const now = core.clock.now()
  const user = created.value
  const { everyone } = await core.store.users.find(user.id)
  const opening = { user, everyone, amr: ['pwd'], remember: false, transport: given.transport ?? 'cookie' } as const
  const opened = await open(core, opening, context, now)
  if (opened.ok && carrier !== null) await replaced(core, carrier, context)
  if (opened.ok) knowDevice(core, user.id, context)
  return opened
}

/** The same for a free address and for one that is taken, in bytes and time: which it is, is found out after the answer (TH-09). */
async function signUpByMail(core: Core, given: SignUp, context: RequestContext): Promise<Result<VerificationSent>> {
  const checked = await checkedUser(core, given, given.password)
  if (!checked.ok) return checked
  const slowed = await core.quota.bySource(context.source)
  if (slowed) return refused(slowed)
  const breached = await breachRefusal(core, given.password, 'password', null, context)
  if (breached) return refused(breached)
  const record = await core.passwords.prepare(given.password)
  if (!record.ok) return record
  pend(core, checked.value, record.value, context)
  return ok({ status: 'verification_sent' })
}
