import { html } from 'hono/html'
import type { Auth } from '../auth.ts'
import { type Refusal, StoreUnavailable } from '../errors.ts'
import { type Authenticated, fresh } from '../guard.ts'
import { ok, type Result, refused } from '../result.ts'
import { sentence } from './explain.ts'
import { hidden, textField } from './fields.ts'
import { alert } from './layout.ts'
import { present } from './present.ts'
import type { Reply } from './reply.ts'
import { trouble } from './trouble.ts'
import type { Submission } from './visit.ts'

/** `POST /`: signs out here, there, or everywhere else. Done everywhere when the answer arrives (P1). */
export async function submitHome(auth: Auth, submission: Submission): Promise<Reply> {
  const { form, carrier, context, at } = submission
  if (form.get('do') === 'sign-out') {
    const { cookies } = await auth.signOut(carrier, context)
    return { to: `${at}/sign-in?done=signed-out`, cookies, signedOut: true }
  }
  const here = await present(auth, submission, '/')
  if (here.who === null) return here.reply
  const wanted = await ending(auth, submission, here.who)
  if (!wanted.ok) return trouble(submission, wanted.refusal)

  const confirmed = await confirm(auth, submission, here.who)
  if (!confirmed.ok) return { ...confirmPage(submission, confirmed.refusal), cookies: here.cookies }
  const { who } = confirmed.value
  const cookies = confirmed.value.cookies.length > 0 ? confirmed.value.cookies : here.cookies
  try {
    const done = await wanted.value.run(who)
    if (!done.ok) return { ...trouble(submission, done.refusal), cookies }
    return { to: `${at}/?done=${wanted.value.done}`, cookies: done.value.length > 0 ? done.value : cookies }
  } catch (fault) {
    if (!(fault instanceof StoreUnavailable)) throw fault
    // The cookies go out all the same: the token the browser holds was replaced a moment ago.
    return { ...trouble(submission, { code: 'unavailable' }), cookies }
  }
}

/** `run` answers the cookies of the session as it goes on, if it does so under new ones. */
type Ending = { readonly done: string; readonly run: (who: Authenticated) => Promise<Result<readonly string[]>> }

/** What was asked for, if it is one's own to ask for (AZ-03). */
async function ending(auth: Auth, { form, context }: Submission, who: Authenticated): Promise<Result<Ending>> {
  const id = who.user.id
  const action = form.get('do')
  if (action === 'end-others') {
    return ok({
      done: 'ended-others',
      run: async (current) => {
        const others = await auth.endOthers(current, { ...context, actor: id })
        return others.ok ? ok(others.value.carried?.cookies ?? []) : others
      },
    })
  }
  if (action !== 'end') return refused({ code: 'invalid_request' })
  const session = (await auth.sessions(id)).find((one) => one.id === form.get('session'))
  if (!session) return refused({ code: 'not_found', detail: 'That session is over already' })
  const run = async () => {
    await auth.end(session.id, { context: { ...context, actor: id } })
    return ok([])
  }
  return ok({ done: 'ended', run })
}

type Confirmed = { readonly who: Authenticated; readonly cookies: readonly string[] }

/** Ending other sessions takes a recent proof of who is there (RA-06). The value is the session as it goes on. */
async function confirm(auth: Auth, { form, context }: Submission, who: Authenticated): Promise<Result<Confirmed>> {
  const password = form.get('password')
  if (password === undefined) {
    const enough = auth.guard(who, [fresh(auth.setting.fresh)], context)
    return enough.ok ? ok({ who, cookies: [] }) : enough
  }
  const again = await auth.reauthenticate(who, password, context)
  if (!again.ok) return again
  const { session, carried } = again.value
  return ok({ who: { ...who, session }, cookies: carried.cookies })
}

/** Asks for the password and keeps what was to be done. */
function confirmPage({ form, at }: Submission, refusal: Refusal): Reply {
  const wrong = refusal.code === 'reauth_required' ? '' : alert(sentence(refusal))
  const keep = ['do', 'session', 'csrf'].map((name) => (form.has(name) ? hidden(name, form.get(name) ?? '') : ''))
  const body = html`<div class="card">
<h1>Confirm that it is you</h1>
${wrong}
<p>You signed in a while ago. Write your password again to end other sessions.</p>
<form method="post" action="${at}/">
${keep}
${textField({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', focus: true })}
<button class="full">Confirm</button>
</form>
</div>
<p class="foot"><a href="${at}/">Cancel</a></p>`
  return { page: { title: 'Confirm that it is you', body }, refusal }
}
