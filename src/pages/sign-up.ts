import { html } from 'hono/html'
import type { Auth, Setting } from '../auth.ts'
import type { Refusal } from '../errors.ts'
import type { Form } from '../wire/form.ts'
import { lasting, sentence } from './explain.ts'
import { newPasswordHint, type TextField, textField } from './fields.ts'
import { alert } from './layout.ts'
import type { Reply } from './reply.ts'
import { trouble } from './trouble.ts'
import { type Submission, target, type Visit, withReturn } from './visit.ts'

const CLOSED: Refusal = { code: 'sign_up_closed', detail: 'Accounts are made by whoever runs this service' }

/** `GET /sign-up`. */
export async function showSignUp(auth: Auth, visit: Visit): Promise<Reply> {
  return auth.setting.signUp === 'closed' ? trouble(visit, CLOSED) : form(auth.setting, visit, new Map())
}

/** `POST /sign-up`: makes the account and signs it in. */
export async function submitSignUp(auth: Auth, submission: Submission): Promise<Reply> {
  const { form: given, context, carrier } = submission
  const [email, password, name] = [given.get('email') ?? '', given.get('password') ?? '', given.get('name') ?? '']
  const outcome = await auth.signUp({ email, password, name }, context, carrier)
  if (outcome.ok) {
    const { value } = outcome
    if (value.status === 'verification_sent') return sent()
    return { to: target(submission, auth.setting), cookies: value.carried.cookies }
  }
  if (outcome.refusal.code === 'sign_up_closed') return trouble(submission, CLOSED)
  return form(auth.setting, submission, given, outcome.refusal)
}

/** The same for every address (TH-09). */
function sent(): Reply {
  const body = html`<div class="card">
<h1>Look at your mail</h1>
<p>To go on, open the link in the message that was sent to you. If none comes, look whether the address was right, and sign up once more.</p>
</div>`
  return { page: { title: 'Look at your mail', body } }
}

const fieldsOf = ({ passwordMinLength }: Setting): readonly TextField[] => [
  { name: 'email', label: 'E-mail address', type: 'email', autocomplete: 'username' },
  { name: 'name', label: 'Name (optional)', type: 'text', autocomplete: 'name', required: false },
  {
    name: 'password',
    label: 'Password',
    type: 'password',
    autocomplete: 'new-password',
    hint: newPasswordHint(passwordMinLength),
  },
]

function form(setting: Setting, visit: Visit, given: Form, refusal?: Refusal): Reply {
  const errors = refusal?.errors ?? []
  const fields = fieldsOf(setting)
  const first = fields.find((field) => errors.some((error) => error.path === field.name)) ?? fields[0]
  const body = html`<div class="card">
<h1>Sign up</h1>
${refusal ? alert(sentence(refusal)) : ''}
<form method="post" action="${withReturn('/sign-up', visit, setting)}">
${fields.map((field) => textField({ ...field, value: field.type === 'password' ? '' : (given.get(field.name) ?? ''), focus: field === first }, errors))}
<button class="full">Sign up</button>
</form>
<p class="under">${lasting(setting.policy)}</p>
</div>
<p class="foot">You have an account? <a href="${withReturn('/sign-in', visit, setting)}">Sign in</a></p>`
  return { page: { title: refusal ? 'Sign-up failed' : 'Sign up', body }, ...(refusal && { refusal }) }
}
