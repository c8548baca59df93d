import type { RequestContext } from '../carrier.ts'
import type { Credential } from '../credential.ts'
import { algorithmOf } from '../credentials/password/algorithms.ts'
import { type ForeignHash, foreignRecord } from '../credentials/password/foreign.ts'
import { randomText } from '../crypto.ts'
import type { Refusal } from '../errors.ts'
import { needs } from '../peer.ts'
import { ok, type Result, refused } from '../result.ts'
import type { Newcomer, Store } from '../store.ts'
import { emailKey, type Fields, type User, type UserId, type UserStatus } from '../user.ts'
import type { Core } from './core.ts'
import { checkedUser } from './new-user.ts'

/** An account of another system. All but the address may be left out. */
export type ImportedUser = {
  readonly email: string
  /** To keep the one it has: letters, digits, `-` and `_`, at most 64. Never one that was another account's. */
  readonly id?: string
  readonly name?: string
  /** Of the catalogue; without it the one that new users get. */
  readonly roles?: readonly string[]
  readonly status?: UserStatus
  readonly emailVerified?: boolean
  /** The next sign-in can do nothing but set a new password. */
  readonly passwordChangeRequired?: boolean
  /** Milliseconds since the epoch. */
  readonly createdAt?: number
  readonly fields?: Fields
  /** A hash of the password. Without it nobody can sign in until a password was set. */
  readonly password?: ForeignHash
}

/**
 * What became of one. `present`: there is this account already, with this id, as of an import that was cut short. `taken`: the address is
 * another account's, or the id is. `kind` is how the record of the password begins; see `PasswordOptions.imported`.
 */
export type Imported =
  | { readonly outcome: 'made' | 'present'; readonly id: string; readonly kind: string | null }
  | { readonly outcome: 'taken' }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }

export type ImportOptions = {
  /** Says what would become of them, and makes none. */
  readonly dryRun?: boolean
  readonly context?: RequestContext
}

type Importing = Pick<Core, 'store' | 'passwordRules' | 'validateFields' | 'roles' | 'recorder' | 'clock'>

type Ready = Newcomer & { readonly kind: string | null; readonly hasOwnId: boolean }

/**
 * Makes accounts from elsewhere, in one transaction where users and credentials are in one database. Who is there already stays as they
 * are, so that the same import can be repeated. Passwords are not judged, as nobody knows them; the records become ones of today at the
 * next good sign-in (PW-12).
 * @throws ConfigurationError, before any of them is made, when a record takes a package to verify that is not installed
 */
export async function importUsers(
  core: Importing,
  given: readonly ImportedUser[],
  { dryRun = false, context = {} }: ImportOptions,
): Promise<readonly Imported[]> {
  const now = core.clock.now()
  const checked = await Promise.all(given.map((one) => prepared(core, one, now)))
  const ready = checked.flatMap((one) => (one.ok ? [one.value] : []))
  await verifiable(ready)
  const made = dryRun ? await wouldMake(core, ready) : await admit(core, ready)
  const outcomes: Imported[] = []
  const rest = made.values()
  for (const one of checked) {
    if (!one.ok) outcomes.push({ outcome: 'refused', refusal: one.refusal })
    else outcomes.push(rest.next().value ? madeOf(one.value) : await occupied(core, one.value))
  }
  if (!dryRun)
    await tell(
      core,
      ready.filter((_, i) => made[i]),
      outcomes,
      context,
      now,
    )
  return outcomes
}

/** Nobody could sign in with what nothing here can verify, and whoever imports it is there to install it. */
async function verifiable(ready: readonly Ready[]): Promise<void> {
  const algorithms = new Set(ready.flatMap(({ kind }) => (kind === null ? [] : (algorithmOf(kind) ?? []))))
  for (const { name, needs: lacking, isThere } of algorithms) {
    if (lacking !== null && !(await isThere())) throw needs(`a hash of ${name}`, lacking)
  }
}

function madeOf({ user, kind }: Ready): Imported {
  return { outcome: 'made', id: user.id, kind }
}

/** Who has the address or the id: this very account, or another. */
async function occupied({ store }: Importing, { user, key, kind, hasOwnId }: Ready): Promise<Imported> {
  const holder = hasOwnId ? (await store.users.findByEmail(key)).user : null
  return holder?.id === user.id ? { outcome: 'present', id: user.id, kind } : { outcome: 'taken' }
}

async function admit(
  { store: { users, credentials } }: Importing,
  ready: readonly Ready[],
): Promise<readonly boolean[]> {
  if (users.source === credentials.source) return users.admit(ready)
  const made: boolean[] = []
  for (const one of ready) made.push(await admitAlone({ users, credentials }, one))
  return made
}

/** The password first, as at sign-up: no account ever stands without the one it came with. */
async function admitAlone({ users, credentials }: Pick<Store, 'users' | 'credentials'>, one: Ready): Promise<boolean> {
  const { user, key } = one
  if ((await users.find(user.id)).user || (await users.findByEmail(key)).user) return false
  await credentials.remove(user.id, null, '')
  for (const credential of one.credentials) await credentials.add(credential)
  if (await users.create(user, key)) return true
  // Somebody was faster: what was added is nobody's, unless they have this very id.
  if ((await users.find(user.id)).user === null) await credentials.remove(user.id, null, '')
  return false
}

async function wouldMake({ store: { users } }: Importing, ready: readonly Ready[]): Promise<readonly boolean[]> {
  const seen = new Set<string>()
  const made: boolean[] = []
  for (const { user, key } of ready) {
    const names = [`address ${key}`, `id ${user.id}`]
    const isFree =
      !names.some((name) => seen.has(name)) && !(await users.findByEmail(key)).user && !(await users.find(user.id)).user
    if (isFree) for (const name of names) seen.add(name)
    made.push(isFree)
  }
  return made
}

/** One event for each account, and one for all of them (LG-01). */
async function tell(
  { recorder, clock }: Importing,
  made: readonly Ready[],
  outcomes: readonly Imported[],
  context: RequestContext,
  now: number,
): Promise<void> {
  const actor = context.actor ?? null
  for (const { user, kind } of made) {
    const data = { roles: user.roles.join(' '), imported: kind ?? 'no password' }
    recorder.record({ type: 'user.created', actor, subject: user.id, data }, context, now)
  }
  const count = (outcome: Imported['outcome']) => outcomes.filter((one) => one.outcome === outcome).length
  const data = { made: count('made'), present: count('present'), taken: count('taken'), refused: count('refused') }
  recorder.record({ type: 'users.imported', actor, data }, context, clock.now())
  // So that the next ones wait for the log, and it holds what was answered.
  await recorder.flush()
}

/** Sixteen zero bytes stand for nobody. */
const NOBODY = 'AAAAAAAAAAAAAAAAAAAAAA'

async function prepared(core: Importing, given: ImportedUser, now: number): Promise<Result<Ready>> {
  const roles = [...new Set(given.roles ?? core.roles.slice(0, 1))]
  const wrong = refusalOf(core, given, roles, now)
  if (wrong) return refused(wrong)
  const checked = await checkedUser(core, given, null)
  if (!checked.ok) return checked
  const { email, name, fields } = checked.value
  const hash = given.password === undefined ? null : foreignRecord(given.password)
  if (hash && 'why' in hash) return refused(invalid('password', hash.why))
  const id = (given.id ?? randomText(16)) as UserId
  // Beyond what any account that had the id before can have reached: what is left of it stays dead (P7).
  const first = Math.max(1, Math.floor(now / 1000))
  const user: User = {
    ...{ id, email, emailVerified: given.emailVerified ?? false, name, roles, status: given.status ?? 'active' },
    passwordChangeRequired: given.passwordChangeRequired ?? false,
    ...{ version: first, generation: first, createdAt: given.createdAt ?? now, fields },
  }
  const credential: Credential | null = hash && {
    ...{ userId: id, kind: 'password', id: '', record: hash.record, version: 1 },
    ...{ createdAt: now, updatedAt: now, disabledAt: null },
  }
  const credentials = credential ? [credential] : []
  return ok({ user, key: emailKey(email), credentials, kind: hash?.kind ?? null, hasOwnId: given.id !== undefined })
}

function refusalOf(core: Importing, given: ImportedUser, roles: readonly string[], now: number): Refusal | null {
  const { id, createdAt, status = 'active' } = given
  const unknown = roles.find((role) => !core.roles.includes(role))
  if (unknown !== undefined) {
    const detail = `The catalogue has: ${core.roles.join(', ')}`
    return { code: 'role_unknown', errors: [{ path: 'roles', code: 'role_unknown', detail }] }
  }
  if (id !== undefined && (!/^[A-Za-z0-9_-]{1,64}$/.test(id) || id === NOBODY)) {
    return invalid('id', `has to be letters, digits, '-' and '_', at most 64`)
  }
  if (createdAt !== undefined && (!Number.isSafeInteger(createdAt) || createdAt < 0 || createdAt > now)) {
    return invalid('createdAt', 'has to be milliseconds since 1970, and not in the future')
  }
  return status === 'active' || status === 'locked' ? null : invalid('status', 'has to be active or locked')
}

function invalid(path: string, detail: string): Refusal {
  return { code: 'invalid_request', errors: [{ path, code: 'invalid', detail }] }
}
