import { html } from 'hono/html'
import type { Auth, Setting } from '../auth.ts'
import type { Refusal } from '../errors.ts'
import { ended, lasting, sentence } from './explain.ts'
import { textField } from './fields.ts'
import { alert, type Markup, status } from './layout.ts'
import { newPasswordPage, submitNewPassword } from './new-password.ts'
import type { Reply } from './reply.ts'
import { trouble } from './trouble.ts'
import { type Submission, target, type Visit, withReturn } from './visit.ts'

/** What was done before someone came here, by the word in `?done=`. */
const DONE: ReadonlyMap<string, string> = new Map([
  ['signed-out', 'You are signed out.'],
  ['new-password', 'The new password is set. Sign in with it.'],
])

/** `GET /sign-in`: the form, with a word on why someone who was signed in has to do it again. Not activity. */
export async function showSignIn(auth: Auth, visit: Visit): Promise<Reply> {
  const found = await auth.authenticate(visit.carrier, { ...visit.context, passive: true })
  if (!found.ok && found.refusal.code === 'token_stale' && auth.setting.refreshes)
    return stillThere(auth.setting, visit)
  if (!found.ok) return signInOrTrouble(auth.setting, visit, found.refusal)
  const name = found.value.user.name || found.value.user.email
  const note = status(
    html`You are signed in as ${name}. <a href="${target(visit, auth.setting)}">Continue</a>, or sign in as someone else.`,
  )
  return form(auth.setting, visit, note, '')
}

/** For a browser whose access token is over: whether there is still a session, only the refresh token tells. */
function stillThere(setting: Setting, visit: Visit): Reply {
  const onward = `${setting.basePath}/continue?${new URLSearchParams({ return: target(visit, setting) })}`
  return form(
    setting,
    visit,
    status(html`You were signed in here. <a href="${onward}">Continue</a>, or sign in again.`),
    '',
  )
}

/** The form for whom `authenticate` refused, unless the refusal is no reason to sign in. */
export function signInOrTrouble(setting: Setting, visit: Visit, refusal: Refusal): Reply {
  const reason = ended(refusal)
  if (refusal.code !== 'unauthenticated' && reason === null) return trouble(visit, refusal)
  const done = DONE.get(visit.query.get('done') ?? '')
  const note = done !== undefined ? status(done) : reason !== null ? alert(reason) : null
  return form(setting, visit, note, '')
}

/** `POST /sign-in`. What was wrong is told no more exactly than the API does (TH-08). */
export async function submitSignIn(auth: Auth, submission: Submission): Promise<Reply> {
  const { form: given, context, carrier } = submission
  const { setting } = auth
  const token = given.get('token')
  if (token !== undefined) return submitNewPassword(auth, submission, token)
  const [email, password] = [given.get('email') ?? '', given.get('password') ?? '']
  if (email === '' || password === '') {
    return refusedForm(
      setting,
      submission,
      { code: 'invalid_request', detail: 'Write your e-mail address and your password' },
      email,
    )
  }
  const outcome = await auth.signIn({ email, password, remember: given.has('remember') }, context, carrier)
  if (!outcome.ok) return refusedForm(setting, submission, outcome.refusal, email)
  if (outcome.value.status === 'password_change_required')
    return newPasswordPage(setting, submission, outcome.value.token)
  return { to: target(submission, setting), cookies: outcome.value.carried.cookies }
}

function refusedForm(setting: Setting, visit: Visit, refusal: Refusal, email: string): Reply {
  return { ...form(setting, visit, alert(sentence(refusal)), email, refusal.code === 'invalid_credentials'), refusal }
}

function form(
  setting: Setting,
  visit: Visit,
  note: Markup | null,
  email: string,
  failed = false,
): Reply & { page: object } {
  const remember = setting.policy.remember
    ? html`<label class="check"><input type="checkbox" name="remember" value="yes"> Remember me on this device</label>`
    : ''
  const signUp =
    setting.signUp === 'open'
      ? html`<p class="foot">No account yet? <a href="${withReturn('/sign-up', visit, setting)}">Sign up</a></p>`
      : ''
  const body = html`<div class="card">
<h1>Sign in</h1>
${note}
<form method="post" action="${withReturn('/sign-in', visit, setting)}">
${textField({ name: 'email', label: 'E-mail address', type: 'email', autocomplete: 'username', value: email, focus: email === '' })}
${textField({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', focus: email !== '' })}
${remember}
<button class="full">Sign in</button>
</form>
<p class="under">${lasting(setting.policy)}</p>
</div>
${signUp}`
  return { page: { title: failed ? 'Sign-in failed' : 'Sign in', body } }
}
