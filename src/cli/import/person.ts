import type { ImportedUser } from '../../index.ts'
import type { Columns, Member } from './columns.ts'
import { moment, parsed, truth, valueAt, words } from './values.ts'

/** How a project of Firebase hashes, as its console shows it. */
export type FirebaseConfig = {
  readonly signerKey: string
  readonly saltSeparator: string
  readonly rounds: number
  readonly memoryCost: number
}

export type Reading = {
  readonly columns: Columns
  readonly firebase: FirebaseConfig | null
  /** For those whose record names none. */
  readonly roles: readonly string[] | null
}

type Raw = Readonly<Record<string, unknown>>
type Password = NonNullable<ImportedUser['password']>

/** The account a record is of, or what is wrong with it. Nothing that is said quotes the record. */
export function personOf(record: Raw, reading: Reading): ImportedUser | { readonly why: string } {
  const given = (member: Member): unknown => {
    const paths = reading.columns[member]?.split('+') ?? []
    const values = paths.map((path) => valueAt(record, path)).filter((value) => value !== undefined)
    return values.length > 1 ? values.join(' ') : values[0]
  }
  const [email, id, name, createdAt] = [given('email'), given('id'), given('name'), given('createdAt')]
  if (email === undefined) return { why: `there is no address in ${reading.columns.email}` }
  const at = createdAt === undefined ? undefined : moment(createdAt)
  if (Number.isNaN(at))
    return { why: `${reading.columns.createdAt} is no time: write 2026-11-20T23:50:00Z, or milliseconds` }
  const password = passwordOf(given, reading)
  if (typeof password === 'object' && 'why' in password) return password
  const roles = given('roles')
  const fields = fieldsOf(record)
  return {
    email: String(email),
    ...(id !== undefined && { id: String(id) }),
    ...(name !== undefined && { name: String(name) }),
    ...(roles !== undefined ? { roles: words(roles) } : reading.roles && { roles: reading.roles }),
    status: statusOf(given),
    emailVerified: truth(given('emailVerified')),
    passwordChangeRequired: truth(given('passwordChangeRequired')),
    ...(at !== undefined && { createdAt: at }),
    ...(fields && { fields }),
    ...(password !== undefined && { password }),
  }
}

type Given = (member: Member) => unknown

/** A word that is neither is refused with the rest of what accounts cannot have. */
function statusOf(given: Given): 'active' | 'locked' {
  const status = given('status')
  if (status !== undefined) return String(status).toLowerCase() as 'active'
  const active = given('active')
  return truth(given('locked')) || (active !== undefined && !truth(active)) ? 'locked' : 'active'
}

/** `fields`, an object, or columns of their own: `fields.company`. */
function fieldsOf(record: Raw): Record<string, unknown> | null {
  const whole = valueAt(record, 'fields')
  const object = typeof whole === 'string' ? parsed(whole) : whole
  const single = Object.entries(record).filter(([name, value]) => name.startsWith('fields.') && value !== '')
  const fields = {
    ...(typeof object === 'object' && object !== null ? object : {}),
    ...Object.fromEntries(single.map(([name, value]) => [name.slice('fields.'.length), value])),
  }
  return Object.keys(fields).length > 0 ? fields : null
}

function passwordOf(given: Given, { firebase }: Reading): Password | undefined | { readonly why: string } {
  const credentials = given('credentials')
  if (credentials !== undefined) return ofKeycloak(typeof credentials === 'string' ? parsed(credentials) : credentials)
  const hash = given('hash')
  // Django writes a ! where nobody has a password.
  if (hash === undefined || String(hash).startsWith('!')) return undefined
  if (!firebase) return String(hash)
  return { firebase: { ...firebase, hash: String(hash), salt: String(given('salt') ?? '') } }
}

/** A list whose entry of the type `password` holds two texts of JSON; other entries are second factors. */
function ofKeycloak(credentials: unknown): Password | undefined | { readonly why: string } {
  const list: readonly unknown[] = Array.isArray(credentials) ? credentials : []
  const found = list.find((one) => (one as Raw | null)?.type === 'password') as Raw | undefined
  if (!found) return undefined
  const data = object(found.credentialData)
  const secret = object(found.secretData)
  const { algorithm, hashIterations, additionalParameters } = data
  const [, digest] = /^pbkdf2-(sha256|sha512)$/.exec(String(algorithm)) ?? []
  const [salt, hash] = [String(secret.salt ?? ''), String(secret.value ?? '')]
  if (digest) return { pbkdf2: { digest: digest as 'sha256', iterations: Number(hashIterations), salt, hash } }
  if (algorithm !== 'argon2')
    return { why: 'the password is of no kind that is known: pbkdf2-sha256, pbkdf2-sha512 and argon2 are' }
  const { type, memory, parallelism, version } = object(additionalParameters)
  const one = (value: unknown) => (Array.isArray(value) ? value[0] : value)
  const cost = `m=${one(memory)},t=${hashIterations},p=${one(parallelism)}`
  const bare = (base64: string) => base64.replace(/=+$/, '')
  const isVersion19 = [undefined, '1.3', '19'].includes(one(version) as undefined)
  return `$argon2${one(type) ?? 'id'}$v=${isVersion19 ? 19 : 16}$${cost}$${bare(salt)}$${bare(hash)}`
}

function object(value: unknown): Raw {
  const found = typeof value === 'string' ? parsed(value) : value
  return typeof found === 'object' && found !== null ? (found as Raw) : {}
}
