/** A string that names one kind of thing, so that a user's id cannot be passed where a session's is meant. */
export type Id<Kind extends string> = string & { readonly __id: Kind }

/** 16 random bytes, base64url, 22 characters. A handle, not a credential. Never used twice. */
export type UserId = Id<'user'>

export type UserStatus = 'active' | 'locked'

/** Fields of a user or session that the application declares (`fields` in the options). JSON values only. */
export type Fields = Readonly<Record<string, unknown>>

/** An account. Times are milliseconds since the epoch. */
export type User<F = Fields> = {
  readonly id: UserId
  /** As the person wrote it; compared by `emailKey`. */
  readonly email: string
  readonly emailVerified: boolean
  readonly name: string
  readonly roles: readonly string[]
  readonly status: UserStatus
  /** The next sign-in can do nothing but set a new password (PW-10). */
  readonly passwordChangeRequired: boolean
  /** Raised by every change that tokens or guards rely on: roles, status. A token with an older one is stale. */
  readonly version: number
  /** Raised by every ending of all this user's sessions. A session is good only while it holds the same number. */
  readonly generation: number
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly fields: F
}

/** The form in which addresses are compared and are unique: NFC, lower case, no surrounding space. */
export function emailKey(email: string): string {
  return email.normalize('NFC').trim().toLowerCase()
}

const EMAIL = /^[^\s@<>()[\],;:\\"]{1,64}@[^\s@<>()[\],;:\\"]{1,190}$/u

/** Whether mail could go there. Deliberately loose: the proof of an address is a message that arrives. */
export function isEmail(value: string): boolean {
  const at = value.lastIndexOf('@')
  return value.length <= 254 && EMAIL.test(value) && !value.slice(at + 1).includes('..') && value.isWellFormed()
}

/** What its owner and administrators see of a user. */
export function publicUser(user: User) {
  const { id, email, name, roles, status, emailVerified, createdAt, fields } = user
  const declared = Object.keys(fields).length > 0 ? { fields } : {}
  return { id, email, name, roles, status, emailVerified, createdAt, ...declared }
}
