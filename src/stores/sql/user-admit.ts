import type { Newcomer } from '../../store.ts'
import { all, alone, along, type Dialect, each, type Work } from './driver.ts'
import { text } from './json.ts'
import { INSERT_USER, valuesOf } from './user-row.ts'

/** `Users.admit`: a few statements for however many, so that what a network and a plan cost is paid once. */
export function admission(dialect: Dialect): (newcomers: readonly Newcomer[]) => Work<readonly boolean[]> {
  const { users, roles, clear, credentials } = statements(dialect)

  return function* admit(newcomers) {
    // By address, as everybody does who comes with several, so that nobody waits in a circle.
    const inOrder = newcomers.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    // Whoever wants an address is alone with it, as in `create`.
    for (const key of new Set(inOrder.map((one) => one.key))) yield* alone(`address ${key}`)
    const rows = yield* all<{ id: string; email_key: string }>(
      users,
      text(inOrder.map(({ user, key }) => valuesOf(user, key))),
    )
    const made = new Map(rows.map(({ id, email_key }) => [email_key, id]))
    const admitted = new Set<Newcomer>()
    for (const one of inOrder) {
      if (made.get(one.key) === one.user.id && made.delete(one.key)) admitted.add(one)
    }
    const answer = newcomers.map((one) => admitted.has(one))
    if (admitted.size === 0) return answer
    const own = [...admitted]
    yield* along(
      roles,
      text(own.flatMap(({ user: { id, createdAt, ...user } }) => user.roles.map((role) => [role, createdAt, id]))),
    )
    yield* along(clear, text(own.map(({ user }) => user.id)))
    yield* each(
      credentials,
      [
        [
          text(
            own.flatMap((one) =>
              one.credentials.map((credential) => [
                ...[credential.userId, credential.kind, credential.id, credential.record, credential.version],
                ...[credential.createdAt, credential.updatedAt, credential.disabledAt],
              ]),
            ),
          ),
        ],
      ],
      true,
    )
    return answer
  }
}

/** The columns of `valuesOf` that hold numbers. */
const NUMBERS = new Set([2, 6, 7, 8, 9])

function statements({ elements, among }: Dialect) {
  const number = (at: number) => `CAST(value ->> ${at} AS bigint)`
  const columns = Array.from({ length: 14 }, (_, at) => (NUMBERS.has(at) ? number(at) : `value ->> ${at}`))
  return {
    users: `${INSERT_USER} SELECT ${columns.join(', ')} FROM ${elements} WHERE true ON CONFLICT DO NOTHING RETURNING id, email_key`,
    roles: `INSERT INTO user_roles (role, created_at, user_id)
      SELECT value ->> 0, ${number(1)}, value ->> 2 FROM ${elements} WHERE true ON CONFLICT DO NOTHING`,
    clear: `DELETE FROM credentials WHERE ${among('user_id')}`,
    credentials: `INSERT INTO credentials (user_id, kind, id, record, version, created_at, updated_at, disabled_at)
      SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, ${[4, 5, 6, 7].map(number).join(', ')} FROM ${elements} WHERE true`,
  } as const
}
