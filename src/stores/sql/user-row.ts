import { fold } from '../../cursor.ts'
import type { Fields, User, UserId, UserStatus } from '../../user.ts'
import type { Value } from './driver.ts'
import { parse } from './json.ts'

export type UserRow = {
  readonly id: string
  readonly email: string
  readonly email_verified: number
  readonly name: string
  readonly roles: string
  readonly status: string
  readonly password_change_required: number
  readonly version: number
  readonly generation: number
  readonly created_at: number
  readonly fields: string
}

const COLUMNS = [
  ...['id', 'email', 'email_verified', 'name', 'roles', 'status', 'password_change_required', 'version', 'generation'],
  ...['created_at', 'fields'],
] as const

/** The columns of a `UserRow`, of the table and of its alias `u` in a join. */
export const USER = COLUMNS.join(', ')
export const USER_OF_U = COLUMNS.map((column) => `u.${column}`).join(', ')

/** Begins the statement that takes `valuesOf`. */
export const INSERT_USER = `INSERT INTO users (${USER}, email_key, email_folded, name_folded)`

export function valuesOf(user: User, key: string): readonly Value[] {
  const { id, email, emailVerified, name, roles, status, passwordChangeRequired } = user
  return [
    ...[id, email, emailVerified ? 1 : 0, name, JSON.stringify(roles), status, passwordChangeRequired ? 1 : 0],
    ...[user.version, user.generation, user.createdAt, JSON.stringify(user.fields)],
    ...[key, fold(email), fold(name)],
  ]
}

export function userOf(row: UserRow): User {
  return {
    id: row.id as UserId,
    email: row.email,
    emailVerified: row.email_verified === 1,
    name: row.name,
    roles: parse<string[]>(row.roles),
    status: row.status as UserStatus,
    passwordChangeRequired: row.password_change_required === 1,
    version: row.version,
    generation: row.generation,
    createdAt: row.created_at,
    fields: parse<Fields>(row.fields),
  }
}
