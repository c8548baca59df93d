import { randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import { html } from 'hono/html'
import { fresh } from 'sallyport'
import { auth, authenticate, FRESH, proved, who } from './auth.ts'
import { books } from './books.ts'
import { GARDENS, type Outcome } from './ledger.ts'
import { layout, note, whose } from './look.ts'
import { cents } from './money.ts'

const PROBLEMS: Readonly<Record<Exclude<Outcome, 'sent'>, string>> = {
  no_such_account: 'There is no account with this number.',
  own_account: 'This is your own account.',
  too_little: 'There is not enough in your account.',
}

type Form = { readonly id: string; readonly to: string; readonly amount: string; readonly text: string }

/** `GET /transfer`. What is in the address fills the form in, and does nothing else. */
export function showTransfer(c: Context) {
  const field = (name: string) => c.req.query(name) ?? ''
  return form(
    c,
    { id: randomUUID(), to: field('to') || String(GARDENS), amount: field('amount'), text: field('text') },
    null,
  )
}

/** Before `protect`: a form that was sent after the access token was over comes back filled in. */
export async function kept(c: Context, next: () => Promise<void>) {
  const found = await authenticate(c)
  if (found.ok || found.refusal.code !== 'token_stale') return next()
  const { to, amount, text } = await given(c)
  const back = `/transfer?${new URLSearchParams({ to, amount, text })}`
  return c.redirect(`/auth/continue?${new URLSearchParams({ return: back })}`, 303)
}

/** `POST /transfer`: moves money, for who gave their password a moment ago or gives it now. */
export async function submitTransfer(c: Context) {
  const filled = await given(c)
  const amount = cents(filled.amount)
  if (amount === null) return form(c, filled, 'Write the amount as 12.50.')
  const stale = isStale(c)
  const wrong = !stale
    ? null
    : filled.password === ''
      ? 'Confirm it with your password.'
      : await proved(c, filled.password)
  if (wrong !== null) return form(c, filled, wrong)
  const { user } = who(c)
  const { number } = books.accountOf(user.id, user.name || user.email)
  const { id, to, text } = filled
  const outcome = books.transfer({ id, from: number, to: Number(to), amount, text })
  return outcome === 'sent' ? c.redirect('/?sent', 303) : form(c, filled, PROBLEMS[outcome], false)
}

function isStale(c: Context): boolean {
  return !auth.guard(who(c), [fresh(FRESH)]).ok
}

async function given(c: Context): Promise<Form & { readonly password: string }> {
  const body = await c.req.parseBody()
  const field = (name: string) => (typeof body[name] === 'string' ? body[name].slice(0, 140) : '')
  return { id: field('id'), to: field('to'), amount: field('amount'), text: field('text'), password: field('password') }
}

function form(c: Context, { id, to, amount, text }: Form, problem: string | null, stale = isStale(c)) {
  const { user } = who(c)
  const password = html`${whose(user)}<p><label>Your password <span>You gave it a while ago: money moves for you alone.</span>
<input name="password" type="password" autocomplete="current-password" required></label></p>`
  const body = html`<section class="card narrow">
<h1>Transfer</h1>
${note(problem)}
<form class="stack" method="post" action="/transfer">
<input type="hidden" name="id" value="${id}">
<p><label>To account <span>${GARDENS} is Harbour Gardens, who plant trees</span><input name="to" inputmode="numeric" autocomplete="off" value="${to}" required></label></p>
<p><label>Amount in euros<input name="amount" inputmode="decimal" autocomplete="off" value="${amount}" placeholder="12.50" required></label></p>
<p><label>Reference<input name="text" maxlength="140" autocomplete="off" value="${text}"></label></p>
${stale ? password : ''}
<p><button>Send</button></p>
</form>
</section>`
  return c.html(layout('Transfer', user, body, '/transfer'), problem === null ? 200 : 422)
}
