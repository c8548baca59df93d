import type { Auth } from '../auth.ts'
import type { Refusal } from '../errors.ts'
import type { Authenticated } from '../guard.ts'
import type { Session } from '../session.ts'
import { NOTHING_WRONG, wrongs } from './explain.ts'
import { newPasswordField, summary, type TextField, textFields } from './fields.ts'
import { html, type Markup } from './html.ts'
import type { Language } from './languages.ts'
import { hidden } from './markup.ts'
import { endedList, openList } from './sessions.ts'
import { moment } from './words.ts'

/** A form of the account page that was not good, and what was written into it. */
export type Failed = {
  readonly failed: Refusal
  readonly part: 'profile' | 'email' | 'password'
  readonly given: ReadonlyMap<string, string>
}

/** Everything the parts of the page are made from. */
export type Showing = {
  readonly auth: Auth
  readonly who: Authenticated
  readonly language: Language
  readonly csrf: string
  readonly action: string
  readonly others: readonly Session[]
  readonly over: readonly Session[]
  readonly failed: Failed | undefined
}

/** A part of the page. `done` has a word for what was done just now, and what is said of it here. */
export type Part = {
  readonly id: string
  readonly title: string
  readonly lead: string
  readonly body: Markup
  readonly done: Readonly<Record<string, string>>
}

export function profilePart(showing: Showing): Part {
  const { who, language } = showing
  const { title, lead, since, roles, submit, done } = language.account.profile
  const { user } = who
  const name = {
    ...({ name: 'name', type: 'text', autocomplete: 'name', required: false } as const),
    label: language.pages.fields.name,
    value: user.name,
  }
  const body = html`${form(showing, 'profile', [name], submit)}
<dl class="facts beside small">
<dt>${since}</dt><dd>${moment(user.createdAt, language.words.day(user.createdAt))}</dd>
${user.roles.length === 0 ? '' : html`<dt>${roles}</dt><dd>${user.roles.join(', ')}</dd>`}
</dl>`
  return { id: 'profile', title, lead, body, done: { profile: done } }
}

export function emailPart(showing: Showing): Part {
  const { auth, who, language, csrf, action } = showing
  const { email } = language.account
  const { fields } = language.pages
  const { user } = who
  const tag = user.emailVerified
    ? html`<span class="tag">${email.confirmed}</span>`
    : html`<span class="tag quiet">${email.unconfirmed}</span>`
  const resend = html`<form method="post" action="${action}">
${hidden('csrf', csrf)}
<button class="plain" name="do" value="resend">${email.resend}</button>
</form>`
  const change: readonly TextField[] = [
    { name: 'email', label: fields.newEmail, type: 'email', autocomplete: 'email', hint: email.hint },
    { name: 'password', label: fields.currentPassword, type: 'password', autocomplete: 'current-password' },
  ]
  const { mails } = auth.setting
  const body = html`<div class="split">
<div class="stack">
<p><span class="label">${email.current}</span> <bdi>${user.email}</bdi> ${tag}</p>
${mails && !user.emailVerified ? resend : ''}
</div>
<div>${mails ? form(showing, 'email', change, email.submit) : html`<p class="soft">${email.fixed}</p>`}</div>
</div>`
  const { title, lead, done, resent } = email
  return { id: 'email', title, lead, body, done: { email: done, resend: resent } }
}

export function passwordPart(showing: Showing): Part {
  const { auth, who, language } = showing
  const { title, lead, submit, done } = language.account.password
  const { currentPassword } = language.pages.fields
  const change: readonly TextField[] = [
    { name: 'currentPassword', label: currentPassword, type: 'password', autocomplete: 'current-password' },
    newPasswordField(language, auth.setting.passwordMinLength),
  ]
  // Whose password it is, for password managers.
  const body = html`${form(showing, 'password', change, submit, html`<input type="text" name="username" value="${who.user.email}" autocomplete="username" hidden>`)}`
  const notes = { password: done, strange: language.account.sessions.doneStrange }
  return { id: 'password', title, lead, body, done: notes }
}

export function sessionsPart(showing: Showing): Part {
  const { auth, who, language, action, csrf, others, over } = showing
  const { sessions } = language.account
  const listing = { language, now: auth.setting.clock.now(), action, csrf }
  const unlisted = auth.setting.recordless.has(who.via.strategy)
  const alone = others.length === 0
  const body = html`${openList(who.session, others, listing)}
${unlisted ? html`<p class="soft">${sessions.unlisted}</p>` : alone ? html`<p class="soft">${sessions.alone}</p>` : ''}
<form class="row" method="post" action="${action}">
${hidden('csrf', csrf)}
${alone && !unlisted ? '' : html`<button class="plain" name="do" value="end-others">${sessions.endOthers}</button>`}
<button class="danger" name="do" value="end-all">${sessions.endAll}</button>
</form>
${endedList(over, listing)}`
  const done = { ended: sessions.done, 'ended-others': sessions.doneOthers }
  return { id: 'sessions', title: sessions.title, lead: sessions.lead, body, done }
}

export function dataPart({ language, action, csrf }: Showing): Part {
  const { data } = language.account
  const body = html`<form class="split" method="post" action="${action}">
${hidden('csrf', csrf)}
<div>
<button class="plain" name="do" value="export">${data.export}</button>
<p class="hint">${data.exportHint}</p>
</div>
<div>
<button class="danger" name="do" value="remove">${data.remove}</button>
<p class="hint">${data.removeHint}</p>
</div>
</form>`
  return { id: 'data', title: data.title, lead: data.lead, body, done: {} }
}

/** One form of the page: what is wrong with it, if it was this one, stands in it. */
function form(
  { language, csrf, action, auth, failed }: Showing,
  part: Failed['part'],
  fields: readonly TextField[],
  submit: string,
  more: Markup | '' = '',
): Markup {
  const own = failed?.part === part ? failed : undefined
  const errors = own ? wrongs(own.failed, language, auth.setting.passwordMinLength) : NOTHING_WRONG
  const shown = own
    ? fields.map((field) => (field.type === 'password' ? field : { ...field, value: own.given.get(field.name) ?? '' }))
    : fields
  return html`<form class="stack" method="post" action="${action}#${part}-part">
${own ? summary(own.failed, language, fields, errors) : ''}
${hidden('csrf', csrf)}${more}
${textFields(shown, errors, false)}
<button class="plain" name="do" value="${part}">${submit}</button>
</form>`
}
