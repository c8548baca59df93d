import type { Context } from 'hono'
import { html } from 'hono/html'
import { auth, contextOf, who } from './auth.ts'
import { books } from './books.ts'
import { layout } from './look.ts'
import { euros } from './money.ts'

/** `/admin`: who has an account, and who may see that. */
export async function showPeople(c: Context) {
  const { user } = who(c)
  const { items } = await auth.users.list({}, null, 100)
  const balances = books.balances()
  const people = items.map((person) => {
    const isAdmin = person.roles.includes('admin')
    const button = html`<form method="post" action="/admin/roles">
<input type="hidden" name="id" value="${person.id}">
<button class="plain" name="admin" value="${isAdmin ? 'no' : 'yes'}">${isAdmin ? 'Withdraw administration' : 'Make administrator'}</button></form>`
    return html`<li><span>${person.name || person.email}<small>${person.email}${isAdmin ? ', administrator' : ''}</small></span>
<span class="amount">${euros(balances.get(person.id) ?? 0)}</span>
${person.id === user.id ? '' : button}</li>`
  })
  const body = html`<h1>Administration</h1>
<section class="card"><h2>People</h2><ul class="list">${people}</ul></section>`
  return c.html(layout('Administration', user, body, '/admin'))
}

/** When it has answered, no request of theirs is let in with the role they had: there is no token to wait for. */
export async function setRoles(c: Context) {
  const { id, admin } = await c.req.parseBody()
  if (id === who(c).user.id) return c.redirect('/admin', 303)
  await auth.setRoles(String(id), admin === 'yes' ? ['customer', 'admin'] : ['customer'], contextOf(c))
  return c.redirect('/admin', 303)
}
