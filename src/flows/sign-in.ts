import type { Carrier, RequestContext } from '../carrier.ts'
import { BCRYPT_PACKAGE } from '../credentials/password.ts'
import { needs } from '../peer.ts'
import { ok, type Result, refused } from '../result.ts'
import type { Transport } from '../strategy.ts'
import { emailKey, type User } from '../user.ts'
import type { Attempt } from './attempts.ts'
import { identifyToEnd } from './authenticate.ts'
import type { Core } from './core.ts'
import { endPresented } from './endings.ts'
import { open, type SignedIn } from './issue.ts'
import { tellOfSignIn } from './notices.ts'
import { ticketed } from './tickets.ts'

export type SignIn = {
  readonly email: string
  readonly password: string
  readonly remember?: boolean
  readonly transport?: Transport
  /** What the task that `captcha` asks for was answered with. */
  readonly captcha?: string
}

/** The password was right, and can do one thing: be replaced, with this token, within 15 minutes (PW-10). */
export type ChangeRequired = { readonly status: 'password_change_required'; readonly token: string }

export type SignInOutcome = SignedIn | ChangeRequired

/** Wrong guesses after which a right one is worth telling the owner of (TH-11). */
const RISKY_AFTER = 3

const CHANGE_MS = 15 * 60_000

type SigningIn = Omit<Core, 'guesses' | 'csrfKeys' | 'signUp'>

/**
 * Signs in with a password. Unknown address, wrong password, locked account and disabled password get the same answer
 * after the same work (TH-08). A session that the browser still carries is replaced (SL-01).
 */
export async function signIn(
  core: SigningIn,
  given: SignIn,
  context: RequestContext,
  carrier: Carrier | null,
): Promise<Result<SignInOutcome>> {
  const now = core.clock.now()
  const key = emailKey(given.email)
  const begun = await core.attempts.begin(key, context.source, now)
  if ('refusal' in begun) {
    const happening = { type: 'sign_in.throttled', outcome: 'failure', data: { factor: 'pwd' } } as const
    core.recorder.record({ ...happening, reason: begun.refusal.code }, context, now)
    return refused(begun.refusal)
  }
  const { attempt } = begun
  const human = await core.captcha.check('sign-in', given.captcha, context, attempt)
  if (!human.ok) {
    await attempt.withdrawn()
    return human
  }
  const { user, everyone } = await core.store.users.findByEmail(key)
  const checked = await core.passwords.check(user?.id ?? null, given.password, now, key)
  if (!checked.ok) {
    await attempt.withdrawn()
    return checked
  }
  const { value } = checked
  if (!user || user.status === 'locked' || !value.good) {
    const reason = !user ? 'unknown_user' : user.status === 'locked' ? 'user_locked' : value.good ? 'absent' : value.why
    await wrong(core, attempt, user, reason, context)
    return refused({ code: 'invalid_credentials' })
  }
  if (value.upgraded) {
    core.recorder.record({ type: 'password.upgraded', actor: user.id, subject: user.id }, context, now)
  }
  if (user.passwordChangeRequired) {
    await attempt.succeeded()
    const happening = { type: 'sign_in.succeeded', actor: user.id, subject: user.id, data: { factor: 'pwd' } } as const
    core.recorder.record({ ...happening, reason: 'password_change_required' }, context, now)
    return ok({ status: 'password_change_required', token: await changeTicket(core, user, now) })
  }
  const opening = {
    user,
    everyone,
    amr: ['pwd'],
    remember: given.remember ?? false,
    transport: given.transport ?? 'cookie',
  } as const
  const [, opened] = await Promise.all([attempt.succeeded(), open(core, opening, context, now)])
  if (!opened.ok) {
    core.recorder.record(
      {
        type: 'sign_in.failed',
        outcome: 'failure',
        subject: user.id,
        reason: opened.refusal.code,
        data: { factor: 'pwd' },
      },
      context,
      now,
    )
    return opened
  }
  const sid = opened.value.session.id
  core.recorder.record(
    { type: 'sign_in.succeeded', actor: user.id, subject: user.id, sid, data: { factor: 'pwd' } },
    context,
    now,
  )
  const risky = attempt.failures >= RISKY_AFTER
  tellOfSignIn(core, { user, sid, risky: risky ? attempt.failures : 0 }, context, now)
  if (risky) {
    const data = { failures: attempt.failures }
    core.recorder.record({ type: 'sign_in.risky', actor: user.id, subject: user.id, sid, data }, context, now)
  }
  if (carrier !== null) await replaced(core, carrier, context)
  return opened
}

/** The session this browser carried is over: its cookie is about to be overwritten, and nobody could end it any more. */
export async function replaced(
  core: Pick<Core, 'strategies' | 'store' | 'view' | 'recorder' | 'clock' | 'stands' | 'denialLife'>,
  carrier: Carrier,
  context: RequestContext,
): Promise<void> {
  const found = await identifyToEnd(core, carrier, core.clock.now())
  if (found?.ok && found.value.via.transport === 'cookie') await endPresented(core, found.value, context)
}

/**
 * Counts a guess that let nobody in, and disables the password at the last wrong one that is allowed (TH-01). A record that
 * cannot be read, or was made with a pepper that is gone, is the operator's fault and disables nothing; where the package that verifies it
 * is missing, nothing was guessed, and nothing is counted.
 */
export async function wrong(
  core: Pick<Core, 'attempts' | 'passwords' | 'recorder' | 'clock'>,
  attempt: Attempt,
  user: User | null,
  reason: string,
  context: RequestContext,
): Promise<void> {
  const now = core.clock.now()
  const subject = user?.id ?? null
  const isFault = reason === 'package_missing'
  if (isFault) {
    await attempt.withdrawn()
    const what = `verifying an imported password, which needs ${BCRYPT_PACKAGE}`
    core.recorder.fault(needs('an imported password', BCRYPT_PACKAGE), what)
  }
  const failures = isFault ? attempt.failures : await attempt.failed(user?.id)
  core.recorder.record(
    { type: 'sign_in.failed', outcome: 'failure', subject, reason, data: { failures, factor: 'pwd' } },
    context,
    now,
  )
  if (user && failures >= core.attempts.disableAfter && reason === 'wrong') {
    await core.passwords.disable(user.id, now)
    core.recorder.record(
      { type: 'password.disabled', outcome: 'failure', actor: 'system', subject, reason: 'wrong', data: { failures } },
      context,
      now,
    )
  }
}

function changeTicket(core: Pick<Core, 'store'>, { id, generation }: User, now: number): Promise<string> {
  return ticketed(core, 'reset', id, { generation, reason: 'change_required' }, now + CHANGE_MS)
}
