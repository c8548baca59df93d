import type { EndReason } from '../../errors.ts'
import type { Changed, UserFilter, Users } from '../../store.ts'
import type { User, UserId } from '../../user.ts'
import { begin, wordsOf } from '../../words.ts'
import type { CredentialTable } from './credential-table.ts'
import { json } from './frozen.ts'
import type { Place } from './place.ts'
import { page, timeline } from './timeline.ts'

export function usersPort({ source, append, tail, verb }: Place, credentials: CredentialTable): Users {
  const users = new Map<string, User>()
  const byEmail = new Map<string, UserId>()
  const keyOf = new Map<string, string>()
  const order = timeline(({ at, id }) => users.get(id)?.createdAt === at)
  let everyone = 0

  function change(id: UserId, next: (user: User) => Partial<User>, ended: EndReason | null): Changed<User> {
    const user = users.get(id)
    if (!user) return { value: null, position: tail() }
    const value = sealed({ ...user, ...next(user) })
    users.set(id, value)
    return { value, position: append({ kind: 'user', user: id, ended }) }
  }

  function create(user: User, key: string): boolean {
    if (users.has(user.id) || byEmail.has(key)) return false
    users.set(user.id, sealed({ ...user, fields: json(user.fields) }))
    byEmail.set(key, user.id)
    keyOf.set(user.id, key)
    order.add({ at: user.createdAt, id: user.id })
    return true
  }

  return {
    source,
    create: verb(create),
    admit: verb((newcomers) =>
      newcomers.map(({ user, key, credentials: own }) => {
        if (!create(user, key)) return false
        credentials.drop(user.id, null, '')
        for (const one of own) credentials.keep(one)
        return true
      }),
    ),
    find: verb((id) => ({ user: users.get(id) ?? null, everyone })),
    findByEmail: verb((key) => {
      const id = byEmail.get(key)
      return { user: (id !== undefined && users.get(id)) || null, everyone }
    }),
    findAll: verb((ids) => [...new Set(ids)].flatMap((id) => users.get(id) ?? [])),
    holders: verb((role, limit) => {
      const found = [...users.values()].filter(({ roles }) => roles.includes(role))
      return found.slice(0, limit).map(({ id }) => id)
    }),
    list: verb((filter, cursor, limit) => {
      const accepts = matcher(filter)
      const find = ({ at, id }: { at: number; id: string }) => {
        const user = users.get(id)
        return user && user.createdAt === at && accepts(user) ? user : null
      }
      return page(order.newest, find, cursor, limit)
    }),
    setEmail: verb((id, expected, email, key, ended) => {
      const user = users.get(id)
      const holder = byEmail.get(key)
      const holds = user && keyOf.get(id) === expected.key && user.generation === expected.generation
      if (!holds || (holder !== undefined && holder !== id)) return { value: null, position: tail() }
      byEmail.delete(expected.key)
      byEmail.set(key, id)
      keyOf.set(id, key)
      const raise = ended === null ? 0 : 1
      return change(id, ({ generation }) => ({ email, emailVerified: true, generation: generation + raise }), ended)
    }),
    edit: verb((id, { name, emailVerified, passwordChangeRequired, fields }) =>
      change(
        id,
        (user) => ({
          name: name ?? user.name,
          emailVerified: emailVerified ?? user.emailVerified,
          passwordChangeRequired: passwordChangeRequired ?? user.passwordChangeRequired,
          fields: fields ? json(fields) : user.fields,
        }),
        null,
      ),
    ),
    setRoles: verb((id, roles) => change(id, ({ version }) => ({ roles, version: version + 1 }), null)),
    setStatus: verb((id, status) => {
      const locks = status === 'locked'
      return change(
        id,
        (user) => ({ status, version: user.version + 1, generation: user.generation + (locks ? 1 : 0) }),
        locks ? 'user_locked' : null,
      )
    }),
    endAll: verb((id, reason, expected) => {
      const isLate = expected !== undefined && users.get(id)?.generation !== expected
      if (isLate) return { value: null, position: tail() }
      return change(id, ({ generation }) => ({ generation: generation + 1 }), reason)
    }),
    remove: verb((id) => {
      const value = users.get(id)
      if (!value) return { value: null, position: tail() }
      users.delete(id)
      byEmail.delete(keyOf.get(id) as string)
      keyOf.delete(id)
      order.removed()
      return { value, position: append({ kind: 'user', user: id, ended: 'session_revoked' }) }
    }),
    endEveryone: verb(() => {
      everyone += 1
      return { value: everyone, position: append({ kind: 'everyone', everyone }) }
    }),
  }
}

function sealed(user: User): User {
  return Object.freeze({ ...user, roles: Object.freeze([...user.roles]) })
}

function matcher({ query, role, status }: UserFilter): (user: User) => boolean {
  const sought = query === undefined ? null : wordsOf(query)
  return (user) =>
    (sought === null || begin(wordsOf(`${user.email} ${user.name}`), sought)) &&
    (role === undefined || user.roles.includes(role)) &&
    (status === undefined || user.status === status)
}
