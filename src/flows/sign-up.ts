import type { Carrier, RequestContext } from '../carrier.ts'
import { randomText } from '../crypto.ts'
import type { Refusal } from '../errors.ts'
import { ok, type Result, refused } from '../result.ts'
import type { Transport } from '../strategy.ts'
import { emailKey, type Fields, isEmail, type User, type UserId } from '../user.ts'
import { breachRefusal } from './breached.ts'
import type { Core } from './core.ts'
import { open, type SignedIn } from './issue.ts'
import { replaced } from './sign-in.ts'

export type NewUser = {
  readonly email: string
  readonly password: string
  readonly name?: string
  readonly fields?: Fields
}

export type SignUp = NewUser & {
  readonly transport?: Transport
  /** What the task that `captcha` asks for was answered with. */
  readonly captcha?: string
}

type Creating = Pick<
  Core,
  'store' | 'passwords' | 'passwordRules' | 'breached' | 'validateFields' | 'roles' | 'recorder' | 'clock'
>

/** Makes an account and signs it in. */
export async function signUp(
  core: Core,
  given: SignUp,
  context: RequestContext,
  carrier: Carrier | null,
): Promise<Result<SignedIn>> {
  if (core.signUp === 'closed') return refused({ code: 'sign_up_closed' })
  const human = await core.captcha.check('sign-up', given.captcha, context)
  if (!human.ok) return human
  const [defaultRole] = core.roles
  const created = await createUser(core, given, defaultRole === undefined ? [] : [defaultRole], context, null)
  if (!created.ok) return created
  const now = core.clock.now()
  const user = created.value
  const { everyone } = await core.store.users.find(user.id)
  const opening = { user, everyone, amr: ['pwd'], remember: false, transport: given.transport ?? 'cookie' } as const
  const opened = await open(core, opening, context, now)
  if (opened.ok && carrier !== null) await replaced(core, carrier, context)
  return opened
}

/** Makes an account: the password first, so that no account ever stands without one. */
export async function createUser(
  core: Creating,
  given: NewUser,
  roles: readonly string[],
  context: RequestContext,
  actor: string | null,
): Promise<Result<User>> {
  const name = (given.name ?? '').normalize('NFC').trim()
  const email = given.email.normalize('NFC').trim()
  const wrong = inputRefusal(email, name) ?? core.passwordRules(given.password, { email, name })
  if (wrong) return refused(wrong)
  const fields = await accepted(core.validateFields.user, given.fields)
  if (!fields.ok) return fields
  const key = emailKey(email)
  if ((await core.store.users.findByEmail(key)).user) return refused({ code: 'email_taken' })
  const breached = await breachRefusal(core, given.password, 'password', null, context)
  if (breached) return refused(breached)

  const now = core.clock.now()
  const user: User = {
    id: randomText(16) as UserId,
    email,
    emailVerified: false,
    name,
    roles,
    status: 'active',
    passwordChangeRequired: false,
    version: 1,
    generation: 1,
    createdAt: now,
    fields: fields.value,
  }
  const set = await core.passwords.set(user.id, given.password, now)
  if (!set.ok) return set
  if (!(await core.store.users.create(user, key))) {
    await core.store.credentials.remove(user.id, null, '')
    return refused({ code: 'email_taken' })
  }
  const by = actor ?? user.id
  core.recorder.record(
    { type: 'user.created', actor: by, subject: user.id, data: { roles: roles.join(' ') } },
    context,
    now,
  )
  return ok(user)
}

/** The declared fields as the schema has them; without a schema there are none to give. */
export async function accepted(
  check: Core['validateFields']['user'],
  value: Fields | undefined,
): Promise<Result<Fields>> {
  if (check) return check(value ?? {})
  if (value === undefined || Object.keys(value).length === 0) return ok({})
  const errors = Object.keys(value).map((path) => ({ path, code: 'unknown', detail: 'There is no such field' }))
  return refused({ code: 'invalid_request', errors })
}

function inputRefusal(email: string, name: string): Refusal | null {
  if (!isEmail(email)) {
    return {
      code: 'email_invalid',
      errors: [{ path: 'email', code: 'email_invalid', detail: 'Write an address such as name@example.com' }],
    }
  }
  return nameRefusal(name)
}

/** Names are shown to others: no control characters, nothing that reorders text, at most 200 characters. */
export function nameRefusal(name: string): Refusal | null {
  if (name.length <= 200 && name.isWellFormed() && !/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u.test(name))
    return null
  const detail = 'At most 200 characters, without control characters'
  return { code: 'invalid_request', errors: [{ path: 'name', code: 'invalid', detail }] }
}
