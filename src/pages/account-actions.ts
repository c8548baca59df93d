import type { Auth } from '../auth.ts'
import type { Refusal } from '../errors.ts'
import type { Authenticated } from '../guard.ts'
import type { Failed } from './account-parts.ts'
import { confirmed } from './confirm.ts'
import type { Reply } from './reply.ts'
import { trouble } from './trouble.ts'
import { address, type Submission } from './visit.ts'

/** What a form of the account page does. Failed: the page again, with what is wrong beside what was written. */
type Action = (auth: Auth, submission: Submission, who: Authenticated) => Promise<Reply | Failed>

/** Everything the account page can do, by the word its forms send. */
export const accountActions: Readonly<Record<string, Action>> = {
  async profile(auth, submission, { user }) {
    const { form } = submission
    const edited = await auth.users.edit(user.id, { name: form.get('name') ?? '' }, by(submission, user.id))
    return edited.ok ? done(submission, 'profile') : { failed: edited.refusal, part: 'profile', given: form }
  },

  async email(auth, submission, who) {
    const { form, context } = submission
    const [email, password] = [form.get('email') ?? '', form.get('password') ?? '']
    const asked = await auth.changeEmail(who, { email, password }, context)
    return asked.ok
      ? done(submission, 'email')
      : { failed: naming(asked.refusal, 'password'), part: 'email', given: form }
  },

  async resend(auth, submission, who) {
    const sent = await auth.resendVerification(who, submission.context)
    return sent.ok ? done(submission, 'resend', 'email') : trouble(submission, sent.refusal)
  },

  async password(auth, submission, who) {
    const { form, context } = submission
    const [currentPassword, newPassword] = [form.get('currentPassword') ?? '', form.get('newPassword') ?? '']
    const changed = await auth.changePassword(who, { currentPassword, newPassword }, context)
    if (changed.ok) return { ...done(submission, 'password'), cookies: changed.value.carried.cookies }
    return { failed: naming(changed.refusal, 'currentPassword'), part: 'password', given: form }
  },

  async end(auth, submission, who) {
    return endOne(auth, submission, who, 'ended', 'sessions')
  },

  /** Whoever it was may know the password, so that is what comes next. */
  async strange(auth, submission, who) {
    return endOne(auth, submission, who, 'strange', 'password')
  },

  'end-others': async (auth, submission, who) =>
    confirmed(auth, submission, who, async (current) => {
      const others = await auth.endOthers(current, by(submission, who.user.id))
      if (!others.ok) return trouble(submission, others.refusal)
      return { ...done(submission, 'ended-others', 'sessions'), cookies: others.value.carried?.cookies ?? [] }
    }),

  'end-all': async (auth, submission, who) =>
    confirmed(auth, submission, who, async () => {
      await auth.endAll(who.user.id, { context: by(submission, who.user.id) })
      return left(auth, submission, 'signed-out-everywhere')
    }),

  export: async (auth, submission, who) =>
    confirmed(auth, submission, who, async (current) => {
      const data = await auth.exportOwn(current, submission.context)
      if (!data.ok) return trouble(submission, data.refusal)
      return { file: `${JSON.stringify(data.value, null, 2)}\n`, name: 'account.json' }
    }),

  remove: async (auth, submission, who) => {
    const { pages } = submission.language
    const question = { ...pages.remove, cancel: pages.remove.keep, danger: true }
    return confirmed(
      auth,
      submission,
      who,
      async (current) => {
        const removed = await auth.removeOwn(current, submission.context)
        return removed.ok ? left(auth, submission, 'deleted') : trouble(submission, removed.refusal)
      },
      question,
    )
  },
}

/** Ends one session, if it is one's own to end (AZ-03). */
async function endOne(
  auth: Auth,
  submission: Submission,
  who: Authenticated,
  word: string,
  part: string,
): Promise<Reply> {
  const wanted = submission.form.get('session')
  const session = (await auth.sessions(who.user.id)).find(({ id }) => id === wanted)
  if (!session) return trouble(submission, { code: 'not_found' }, submission.language.account.sessions.gone)
  return confirmed(auth, submission, who, async () => {
    await auth.end(session.id, { context: by(submission, who.user.id) })
    return done(submission, word, part)
  })
}

/** Signed out here too: the browser forgets its cookies. */
async function left(auth: Auth, submission: Submission, word: string): Promise<Reply> {
  const { cookies } = await auth.signOut(submission.carrier, submission.context)
  return { to: address(submission, '/sign-in', { done: word }), cookies, signedOut: true }
}

function done(submission: Submission, word: string, part = word): Reply {
  return { to: `${address(submission, '/account', { done: word })}#${part}-part` }
}

function by({ context }: Submission, actor: string) {
  return { ...context, actor }
}

/** A wrong password is one of this field. */
function naming(refusal: Refusal, path: string): Refusal {
  if (refusal.code !== 'invalid_credentials') return refusal
  return { ...refusal, errors: [{ path, code: 'wrong_password', detail: '' }] }
}
