import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { html } from 'hono/html'
import { who } from './auth.ts'
import { layout } from './look.ts'

/** `/cards`: a section of the policy, so it is `protect` that asks again after a pause. */
export function cards(c: Context) {
  const { user } = who(c)
  const digits = BigInt(`0x${createHash('sha256').update(user.id).digest('hex')}`)
    .toString()
    .slice(0, 16)
  const number = `4${digits.slice(1)}`.replace(/(\d{4})(?=\d)/g, '$1 ')
  const body = html`<h1>Your card</h1>
<section class="plastic">Harbour Bank<strong>${number}</strong>${user.name || user.email}</section>
<p class="soft">After a pause, anywhere in the bank, this page asks for your password.</p>`
  return c.html(layout('Cards', user, body, '/cards'))
}
