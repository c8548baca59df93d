import { fold } from '../../cursor.ts'
import { type EndReason, StoreUnavailable } from '../../errors.ts'
import type { AddressExpected, Changed, Source, Standing, UserEdit, Users } from '../../store.ts'
import type { User, UserId, UserStatus } from '../../user.ts'
import { alone, type Driver, each, one, run, type Value, type Work } from './driver.ts'
import { append, tail } from './feed-append.ts'
import { text } from './json.ts'
import { admission } from './user-admit.ts'
import { listUsers } from './user-list.ts'
import { INSERT_USER, USER, USER_OF_U, type UserRow, userOf, valuesOf } from './user-row.ts'

const STANDING = `SELECT ${USER_OF_U}, i.everyone FROM installation i LEFT JOIN users u`
const FIND = `${STANDING} ON u.id = ? WHERE i.id = 1`
const FIND_BY_EMAIL = `${STANDING} ON u.email_key = ? WHERE i.id = 1`

const CREATE = `${INSERT_USER} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
const HOLDERS = 'SELECT user_id FROM user_roles WHERE role = ? LIMIT ?'
const ADD_ROLE = 'INSERT INTO user_roles (role, created_at, user_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'

/** What `NOT EXISTS` sees holds until the end of the transaction: whoever wants an address is alone with it. */
const SET_EMAIL = `UPDATE users SET email = ?, email_key = ?, email_folded = ?, email_verified = 1, generation = generation + ?
  WHERE id = ? AND email_key = ? AND generation = ?
    AND NOT EXISTS (SELECT 1 FROM users other WHERE other.email_key = ? AND other.id <> ?)
  RETURNING ${USER}`
const EDIT = `UPDATE users SET name = coalesce(?, name), name_folded = coalesce(?, name_folded),
    email_verified = coalesce(?, email_verified), password_change_required = coalesce(?, password_change_required),
    fields = coalesce(?, fields)
  WHERE id = ? RETURNING ${USER}`
const SET_ROLES = `UPDATE users SET roles = ?, version = version + 1 WHERE id = ? RETURNING ${USER}`
const SET_STATUS = `UPDATE users SET status = ?, version = version + 1, generation = generation + ?
  WHERE id = ? RETURNING ${USER}`
const END_ALL = `UPDATE users SET generation = generation + 1 WHERE id = ? RETURNING ${USER}`
const END_ALL_OF = `UPDATE users SET generation = generation + 1 WHERE id = ? AND generation = ? RETURNING ${USER}`
const REMOVE = `DELETE FROM users WHERE id = ? RETURNING ${USER}`
const END_EVERYONE = 'UPDATE installation SET everyone = everyone + 1 WHERE id = 1 RETURNING everyone'

const NO_INSTALLATION = 'the row that holds the generation of the installation is missing'

type StandingRow = { readonly everyone: number } & ({ readonly id: null } | UserRow)

export function usersPort(driver: Driver, source: Source): Users {
  const { write } = driver
  const admit = admission(driver.dialect)
  return {
    source,
    create: (user, key) => write(() => create(user, key)),
    admit: (newcomers) => write(() => admit(newcomers)),
    async find(id) {
      return standing(await driver.one<StandingRow>(FIND, id))
    },
    async findByEmail(key) {
      return standing(await driver.one<StandingRow>(FIND_BY_EMAIL, key))
    },
    async findAll(ids) {
      const some = text([...new Set(ids)])
      return (await driver.all<UserRow>(`SELECT ${USER} FROM users WHERE ${driver.dialect.among('id')}`, some)).map(
        userOf,
      )
    },
    async holders(role, limit) {
      return (await driver.all<{ user_id: UserId }>(HOLDERS, role, limit)).map(({ user_id }) => user_id)
    },
    list: (filter, cursor, limit) => listUsers(driver, filter, cursor, limit),
    setEmail: (id, expected, email, key, ended) => write(() => setEmail(id, expected, email, key, ended)),
    edit: (id, change) => write(() => changed(null, EDIT, ...editOf(change), id)),
    setRoles: (id, roles) => write(() => setRoles(id, roles)),
    setStatus: (id, status) => write(() => setStatus(id, status)),
    endAll: (id, reason, expected) =>
      write(() => (expected === undefined ? changed(reason, END_ALL, id) : changed(reason, END_ALL_OF, id, expected))),
    remove: (id) => write(() => changed('session_revoked', REMOVE, id)),
    endEveryone: () => write(endEveryone),
  }
}

function* create(user: User, key: string): Work<boolean> {
  yield* alone(`address ${key}`)
  if ((yield* run(CREATE, ...valuesOf(user, key))) === 0) return false
  yield* addRoles(user)
  return true
}

function* setEmail(
  id: UserId,
  expected: AddressExpected,
  email: string,
  key: string,
  ended: EndReason | null,
): Work<Changed<User>> {
  yield* alone(`address ${key}`)
  const address = [email, key, fold(email), ended === null ? 0 : 1]
  return yield* changed(ended, SET_EMAIL, ...address, id, expected.key, expected.generation, key, id)
}

function* setRoles(id: UserId, roles: readonly string[]): Work<Changed<User>> {
  // First the user, whom of several callers one holds: the table of roles is then what the last of them wrote.
  const row = yield* one<UserRow>(SET_ROLES, JSON.stringify(roles), id)
  if (!row) return { value: null, position: yield* tail() }
  const value = userOf(row)
  yield* run('DELETE FROM user_roles WHERE user_id = ?', id)
  yield* addRoles(value)
  return { value, position: yield* append({ kind: 'user', user: id, ended: null }) }
}

function* setStatus(id: UserId, status: UserStatus): Work<Changed<User>> {
  const locks = status === 'locked'
  return yield* changed(locks ? 'user_locked' : null, SET_STATUS, status, locks ? 1 : 0, id)
}

function* endEveryone(): Work<Changed<number>> {
  const row = yield* one<{ everyone: number }>(END_EVERYONE)
  if (!row) throw new StoreUnavailable(NO_INSTALLATION)
  const { everyone } = row
  return { value: everyone, position: yield* append({ kind: 'everyone', everyone }) }
}

/** Runs a statement that changes one user and answers with the row, and tells the feed. */
function* changed(ended: EndReason | null, sql: string, ...values: readonly Value[]): Work<Changed<User>> {
  const row = yield* one<UserRow>(sql, ...values)
  if (!row) return { value: null, position: yield* tail() }
  return { value: userOf(row), position: yield* append({ kind: 'user', user: row.id, ended }) }
}

function* addRoles({ id, roles, createdAt }: User): Work<void> {
  const rows = roles.map((role) => [role, createdAt, id])
  yield* each(ADD_ROLE, rows)
}

function editOf({ name, emailVerified, passwordChangeRequired, fields }: UserEdit): readonly Value[] {
  const bit = (value: boolean | undefined) => (value === undefined ? null : value ? 1 : 0)
  return [
    name ?? null,
    name === undefined ? null : fold(name),
    bit(emailVerified),
    bit(passwordChangeRequired),
    fields === undefined ? null : JSON.stringify(fields),
  ]
}

function standing(row: StandingRow | undefined): Standing {
  if (!row) throw new StoreUnavailable(NO_INSTALLATION)
  return { user: row.id === null ? null : userOf(row), everyone: row.everyone }
}
