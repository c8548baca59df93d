import type { Context } from 'hono'
import { html } from 'hono/html'
import { auth, proved, who } from './auth.ts'
import { layout, note, whose } from './look.ts'

/** `GET /confirm?return=`: where the gate sends who only has to prove again who they are. */
export function showConfirm(c: Context) {
  return form(c, c.req.query('return') ?? '/', null)
}

export async function submitConfirm(c: Context) {
  const { password = '', return: back = '/' } = await c.req.parseBody()
  const wrong = await proved(c, String(password))
  return wrong === null ? c.redirect(here(String(back)), 303) : form(c, String(back), wrong)
}

/** An address of this site, in full; anything else is the overview. */
function here(back: string): string {
  const { origin } = auth.setting.baseUrl
  const url = URL.parse(back, origin)
  return url?.origin === origin ? url.href : '/'
}

function form(c: Context, back: string, problem: string | null) {
  const { user } = who(c)
  const body = html`<section class="card narrow">
<h1>Confirm that it is you</h1>
<p>What you opened is shown to whoever is at the screen, so it asks for your password after a pause.</p>
${note(problem)}
<form class="stack" method="post" action="/confirm">
<input type="hidden" name="return" value="${back}">
${whose(user)}
<p><label>Your password<input name="password" type="password" autocomplete="current-password" required autofocus></label></p>
<p><button>Confirm</button></p>
</form>
</section>`
  return c.html(layout('Confirm', user, body), problem === null ? 200 : 422)
}
