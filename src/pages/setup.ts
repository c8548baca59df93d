import type { Auth } from '../auth.ts'
import type { Refusal } from '../errors.ts'
import type { Form } from '../wire/form.ts'
import { NOTHING_WRONG, wrongs } from './explain.ts'
import { summary, textFields } from './fields.ts'
import { html } from './html.ts'
import { card, hidden } from './markup.ts'
import { isSpent } from './new-password.ts'
import type { Reply } from './reply.ts'
import { accountFields } from './sign-up.ts'
import { message } from './trouble.ts'
import { address, type Submission, type Visit } from './visit.ts'

const GONE: Refusal = { code: 'not_found' }

/** `GET /setup?token=`: the form for the first administrator. Looking at it spends nothing. */
export async function showSetup(auth: Auth, visit: Visit): Promise<Reply> {
  if (!(await auth.setup.isOpen())) return over(visit)
  return form(auth, visit, visit.query.get('token') ?? '', new Map())
}

/** `POST /setup`: makes the account and signs it in, by the link that the server printed. */
export async function submitSetup(auth: Auth, submission: Submission): Promise<Reply> {
  const { form: given, context, carrier } = submission
  const field = (name: string) => given.get(name) ?? ''
  const account = { email: field('email'), name: field('name'), password: field('password') }
  const outcome = await auth.setup.accept({ ...account, token: field('token') }, context, carrier)
  if (outcome.ok) return { to: address(submission, '/account'), cookies: outcome.value.carried.cookies }
  if (outcome.refusal.code === 'conflict') return over(submission)
  if (isSpent(outcome.refusal)) return (await auth.setup.isOpen()) ? bad(submission) : over(submission)
  return form(auth, submission, field('token'), given, outcome.refusal)
}

function over({ at, language }: Visit): Reply {
  const { setup, frame } = language.pages
  return { ...message(setup.overTitle, setup.over, [[`${at}/`, frame.start]]), refusal: GONE }
}

function bad({ at, language }: Visit): Reply {
  const { setup, frame } = language.pages
  return { ...message(setup.badTitle, setup.bad, [[`${at}/`, frame.start]]), refusal: { code: 'invalid_request' } }
}

function form({ setting }: Auth, visit: Visit, token: string, given: Form, refusal?: Refusal): Reply {
  const { language } = visit
  const { setup } = language.pages
  if (token === '') return bad(visit)
  const errors = refusal ? wrongs(refusal, language, setting.passwordMinLength) : NOTHING_WRONG
  const fields = accountFields(setting, language, given)
  const body = card(html`<h1>${setup.title}</h1>
<p>${setup.lead}</p>
${refusal ? summary(refusal, language, fields, errors) : ''}
<form class="stack" method="post" action="${address(visit, '/setup')}">
${hidden('token', token)}
${textFields(fields, errors)}
<button class="full">${setup.submit}</button>
</form>`)
  return { page: { title: setup.title, body, ...(refusal && { failed: true }) }, ...(refusal && { refusal }) }
}
