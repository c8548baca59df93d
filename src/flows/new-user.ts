import type { RequestContext } from '../carrier.ts'
import { randomText } from '../crypto.ts'
import type { Refusal } from '../errors.ts'
import { ok, type Result, refused } from '../result.ts'
import { emailKey, type Fields, isEmail, type User, type UserId } from '../user.ts'
import { breachRefusal } from './breached.ts'
import type { Core } from './core.ts'

export type NewUser = {
  readonly email: string
  readonly password: string
  readonly name?: string
  readonly fields?: Fields
}

/** What was said of a new user, in the form in which it is kept. */
export type CheckedUser = Pick<User, 'email' | 'name' | 'fields'>

type Creating = Pick<
  Core,
  'store' | 'passwords' | 'passwordRules' | 'breached' | 'validateFields' | 'roles' | 'recorder' | 'clock'
>

/** Makes an account with a password. */
export async function createUser(
  core: Creating,
  given: NewUser & Pick<Partial<User>, 'passwordChangeRequired'>,
  roles: readonly string[],
  context: RequestContext,
  actor: string | null,
): Promise<Result<User>> {
  const checked = await checkedUser(core, given, given.password)
  if (!checked.ok) return checked
  if ((await core.store.users.findByEmail(emailKey(checked.value.email))).user) return refused({ code: 'email_taken' })
  const breached = await breachRefusal(core, given.password, 'password', null, context)
  if (breached) return refused(breached)
  const record = await core.passwords.prepare(given.password)
  if (!record.ok) return record
  const { passwordChangeRequired = false } = given
  return addUser(core, { ...checked.value, passwordChangeRequired }, record.value, roles, context, actor)
}

/** What is wrong with a new user, or their parts as they are kept. Without a password none is looked at. */
export async function checkedUser(
  core: Pick<Core, 'passwordRules' | 'validateFields'>,
  given: Pick<NewUser, 'email' | 'name' | 'fields'>,
  password: string | null,
): Promise<Result<CheckedUser>> {
  const name = (given.name ?? '').normalize('NFC').trim()
  const email = given.email.normalize('NFC').trim()
  const wrong =
    emailRefusal(email) ??
    nameRefusal(name) ??
    (password === null ? null : core.passwordRules(password, { email, name }))
  if (wrong) return refused(wrong)
  const fields = await accepted(core.validateFields.user, given.fields)
  return fields.ok ? ok({ email, name, fields: fields.value }) : fields
}

/**
 * Adds an account: its password first, so that none stands without one that is to have one. `record` is null for somebody
 * who is invited, and has none before they set it themselves.
 */
export async function addUser(
  core: Pick<Core, 'store' | 'passwords' | 'recorder' | 'clock'>,
  given: CheckedUser & Pick<Partial<User>, 'emailVerified' | 'passwordChangeRequired'>,
  record: string | null,
  roles: readonly string[],
  context: RequestContext,
  actor: string | null,
): Promise<Result<User>> {
  const now = core.clock.now()
  const { email, name, fields, emailVerified = false, passwordChangeRequired = false } = given
  const user: User = {
    id: randomText(16) as UserId,
    email,
    emailVerified,
    name,
    roles,
    status: 'active',
    passwordChangeRequired,
    version: 1,
    generation: 1,
    createdAt: now,
    fields,
  }
  if (record !== null) await core.passwords.put(user.id, record, now)
  if (!(await core.store.users.create(user, emailKey(email)))) {
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

export function emailRefusal(email: string): Refusal | null {
  if (isEmail(email)) return null
  return {
    code: 'email_invalid',
    errors: [{ path: 'email', code: 'email_invalid', detail: 'Write an address such as name@example.com' }],
  }
}

/** Names are shown to others: no control characters, nothing that reorders text, at most 200 characters. */
export function nameRefusal(name: string): Refusal | null {
  if (name.length <= 200 && name.isWellFormed() && !/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u.test(name))
    return null
  const detail = 'At most 200 characters, without control characters'
  return { code: 'invalid_request', errors: [{ path: 'name', code: 'invalid', detail }] }
}
