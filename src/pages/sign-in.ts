import type { Auth, Setting } from '../auth.ts'
import type { Refusal } from '../errors.ts'
import type { PageTexts } from '../texts/pages.ts'
import { fill, type Text } from '../texts.ts'
import { ended, lasting, sentence } from './explain.ts'
import { textField } from './fields.ts'
import { html, type Markup } from './html.ts'
import { alert, card, status } from './markup.ts'
import { newPasswordPage, submitNewPassword } from './new-password.ts'
import type { Reply } from './reply.ts'
import { solved, taskField, taskOf } from './task.ts'
import { trouble } from './trouble.ts'
import { address, type Submission, target, type Visit, withReturn } from './visit.ts'

/** What was done before someone came here, by the word in `?done=`. */
const DONE: ReadonlyMap<string, (texts: PageTexts['signIn']) => Text> = new Map([
  ['signed-out', (texts: PageTexts['signIn']) => texts.signedOut],
  ['signed-out-everywhere', (texts: PageTexts['signIn']) => texts.signedOutEverywhere],
  ['new-password', (texts: PageTexts['signIn']) => texts.newPassword],
  ['confirmed', (texts: PageTexts['signIn']) => texts.confirmed],
  ['deleted', (texts: PageTexts['signIn']) => texts.deleted],
])

/** `GET /sign-in`: the form, with a word on why someone who was signed in has to do it again. Not activity. */
export async function showSignIn(auth: Auth, visit: Visit): Promise<Reply> {
  const { setting } = auth
  const { signIn, frame } = visit.language.pages
  const found = await auth.authenticate(visit.carrier, { ...visit.context, passive: true })
  if (found.ok) {
    const { name, email } = found.value.user
    const said = fill(signIn.already, { name: name || email })
    return form(setting, visit, status(html`${said} <a href="${target(visit, setting)}">${frame.onward}</a>`), '')
  }
  // For a browser whose access token is over: whether there is still a session, only the refresh token tells.
  if (found.refusal.code === 'token_stale' && setting.refreshes) {
    const onward = `${setting.basePath}/continue?${new URLSearchParams({ return: target(visit, setting) })}`
    return form(setting, visit, status(html`${signIn.wasHere} <a href="${onward}">${frame.onward}</a>`), '')
  }
  return signInOrTrouble(setting, visit, found.refusal)
}

/** The form for whom `authenticate` refused, unless the refusal is no reason to sign in. Afterwards it goes on here. */
export function signInOrTrouble(setting: Setting, visit: Visit, refusal: Refusal): Reply {
  const reason = ended(refusal, visit.language)
  if (refusal.code !== 'unauthenticated' && reason === null) return trouble(visit, refusal)
  const done = DONE.get(visit.query.get('done') ?? '')?.(visit.language.pages.signIn)
  const note = done !== undefined ? status(done) : reason !== null ? alert(reason) : null
  return form(setting, returning(visit), note, '')
}

/** Whoever has to sign in for a page comes back to it. */
function returning(visit: Visit): Visit {
  const { at, path, query } = visit
  if (path !== '/account') return visit
  return { ...visit, query: new URLSearchParams({ ...Object.fromEntries(query), return: `${at}${path}` }) }
}

/** `POST /sign-in`. What was wrong is told no more exactly than the API does (TH-08). */
export async function submitSignIn(auth: Auth, submission: Submission): Promise<Reply> {
  const { form: given, context, carrier, language } = submission
  const { setting } = auth
  const token = given.get('token')
  if (token !== undefined) return submitNewPassword(auth, submission, token)
  const [email, password] = [given.get('email') ?? '', given.get('password') ?? '']
  if (email === '' || password === '') {
    return refusedForm(setting, submission, { code: 'invalid_request' }, email, language.pages.signIn.missing)
  }
  const outcome = await auth.signIn(
    { email, password, remember: given.has('remember'), ...solved(setting, given) },
    context,
    carrier,
  )
  if (!outcome.ok) {
    return refusedForm(setting, submission, outcome.refusal, email, sentence(outcome.refusal, language))
  }
  if (outcome.value.status === 'password_change_required')
    return newPasswordPage(setting, submission, outcome.value.token)
  return { to: target(submission, setting), cookies: outcome.value.carried.cookies }
}

function refusedForm(setting: Setting, visit: Visit, refusal: Refusal, email: string, said: string): Reply {
  const required = refusal.code === 'captcha_required'
  return { ...form(setting, visit, alert(said), email, true, required), refusal }
}

function form(
  setting: Setting,
  visit: Visit,
  note: Markup | null,
  email: string,
  failed = false,
  required = false,
): Reply & { page: object } {
  const { pages } = visit.language
  const { signIn, fields } = pages
  const task = taskOf(setting, 'signIn', required)
  const remember = setting.policy.remember
    ? html`<label class="check"><input type="checkbox" name="remember" value="yes"> ${signIn.remember}</label>`
    : ''
  const forgot = setting.mails
    ? html`<p class="near"><a class="soft" href="${address(visit, '/forgot')}">${signIn.forgot}</a></p>`
    : ''
  const signUp =
    setting.signUp === 'open'
      ? html`<p class="foot">${signIn.noAccount} <a href="${withReturn('/sign-up', visit, setting)}">${signIn.signUp}</a></p>`
      : ''
  const body = card(
    html`<h1>${signIn.title}</h1>
${note}
<form class="stack" method="post" action="${withReturn('/sign-in', visit, setting)}">
${textField({ name: 'email', label: fields.email, type: 'email', autocomplete: 'username', value: email, focus: email === '' })}
${textField({ name: 'password', label: fields.password, type: 'password', autocomplete: 'current-password', focus: email !== '' })}
${remember}
${taskField(task, visit.language)}
<button class="full">${signIn.submit}</button>
</form>
${forgot}
<p class="soft small">${lasting(setting.policy, visit.language)}</p>`,
    signUp,
  )
  return { page: { title: failed ? signIn.failed : signIn.title, body, task } }
}
