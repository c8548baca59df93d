import type { Context } from 'hono'
import { html } from 'hono/html'
import { authenticate } from './auth.ts'
import { books } from './books.ts'
import { layout, type Markup, note } from './look.ts'
import { day, euros } from './money.ts'

/** `/`: the account of who is signed in; a way in for everybody else. */
export async function overview(c: Context) {
  const found = await authenticate(c)
  // The access token is over. Whether the session is, only the refresh token can tell, and that is sent below /auth.
  if (!found.ok && found.refusal.code === 'token_stale') return c.redirect('/auth/continue?return=/', 303)
  if (!found.ok) return c.html(welcome(found.refusal.code !== 'unauthenticated'))
  const { user } = found.value
  const account = books.accountOf(user.id, user.name || user.email)
  const latest = books.entries(account.number, 8).map(
    ({ at, text, amount }) => html`<li><span>${text}<small>${day(at)}</small></span>
<span class="amount${amount > 0 ? ' plus' : ''}">${amount > 0 ? '+' : ''}${euros(amount)}</span></li>`,
  )
  const sent = c.req.query('sent') === undefined ? null : 'Your transfer has been carried out.'
  const body = html`${note(sent, false)}
<section class="card">
<p class="soft">${user.name || user.email}, account ${account.number}</p>
<h1 class="balance">${euros(account.balance)}</h1>
<p class="row"><a class="button" href="/transfer">Transfer</a> <a class="button plain" href="/statement.csv">Download a statement</a></p>
</section>
<section class="card">
<h2>Latest</h2>
<ul class="list">${latest}</ul>
</section>
<p class="soft"><a href="/auth/account">Password and devices</a></p>`
  return c.html(layout('Overview', user, body, '/'))
}

function welcome(wasHere: boolean): Markup {
  const body = html`${note(wasHere ? 'You have been signed out.' : null)}
<section class="card narrow">
<h1>A bank by the water</h1>
<p>Open an account, and there are three months in it already. Nothing here is real, least of all the money.</p>
<p class="row"><a class="button" href="/auth/sign-up?return=/">Open an account</a>
<a class="button plain" href="/auth/sign-in?return=/">Sign in</a></p>
</section>`
  return layout('Welcome', null, body)
}
