import type { Session, User } from 'sallyport'
import { html, page } from './html.ts'
import type { Note } from './notes.ts'

const nav = (user: User | null) => html`<a href="/">Notes</a>
${
  user === null
    ? html`<span><a href="/auth/sign-in?return=/account">Sign in</a> or <a href="/auth/sign-up?return=/account">sign up</a></span>`
    : html`<a href="/account">${user.name || user.email}</a>
${user.roles.includes('admin') ? html`<a href="/admin">Administration</a>` : ''}
<form method="post" action="/auth/"><button name="do" value="sign-out">Sign out</button></form>`
}`

/** `/`, for everybody. */
export function home(user: User | null): string {
  const said = user === null ? html`Nobody is signed in.` : html`Signed in as <strong>${user.email}</strong>.`
  return page('Notes', nav(user), html`<p>${said}</p>`)
}

/** `/account`, for members. */
export function account(user: User, session: Session, notes: readonly Note[]): string {
  return page(
    'Your notes',
    nav(user),
    html`<p>Signed in since ${new Date(session.createdAt).toUTCString()}. <a href="/auth/account">Password, devices, deletion</a></p>
<form class="notes"><input name="text" aria-label="A note" maxlength="500" required><button>Add</button></form>
<ul>${notes.map(({ text }) => html`<li>${text}</li>`)}</ul>`,
  )
}

/** `/admin`, for administrators. */
export function admin(user: User, everybody: readonly User[]): string {
  const rows = everybody.map(({ email, roles, status }) => html`<tr><td>${email}<td>${roles.join(', ')}<td>${status}`)
  return page('Administration', nav(user), html`<table><tr><th>Who<th>Roles<th>Status${rows}</table>`)
}
