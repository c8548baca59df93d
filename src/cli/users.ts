import type { User } from '../index.ts'
import { failure, UsageError } from './failure.ts'
import { findUser } from './find-user.ts'
import { invite } from './invite.ts'
import { more, plain, print, table, time } from './output.ts'
import { passwordFromInput, passwordFromTerminal } from './password.ts'
import { BY_CLI, withAuth } from './with-auth.ts'

type Json = { readonly json?: boolean }

type Create = Json & {
  readonly email: string
  readonly name?: string
  readonly role?: readonly string[]
  readonly passwordStdin?: boolean
  readonly invite?: boolean
}

type List = Json & {
  readonly query?: string
  readonly role?: string
  readonly status?: User['status']
  readonly limit: number
  readonly cursor?: string
}

/** `users create`. Without a password its owner is sent an invitation. */
export async function create({ email, name, role, json, ...how }: Create): Promise<void> {
  const password = await passwordOf(how)
  const given = { email, ...(name !== undefined && { name }), ...(role && { roles: role }) }
  const words = (user: User) => `made ${plain(user.email)} (${user.id}), roles: ${rolesOf(user)}`
  if (password === null) {
    const invited = await withAuth((auth, configured) => invite(auth, configured, given))
    const { user, file } = invited
    print(json, { ...shown(user), invitation: { file } }, () => {
      return `${words(user)}; the invitation is ${file === null ? 'on its way' : `in ${file}`}`
    })
    return
  }
  await withAuth(async (auth) => {
    const made = await auth.users.create({ ...given, password }, BY_CLI)
    if (!made.ok) throw failure(made.refusal)
    print(json, shown(made.value), () => words(made.value))
  })
}

/** Null where its owner is to choose it. */
async function passwordOf({ passwordStdin, invite }: Pick<Create, 'passwordStdin' | 'invite'>): Promise<string | null> {
  if (passwordStdin && invite)
    throw new UsageError('--invite sends a link to choose a password: leave --password-stdin out')
  if (passwordStdin) return passwordFromInput()
  if (invite || !process.stdin.isTTY) return null
  return passwordFromTerminal()
}

/** `users list`. */
export async function list({ limit, cursor, json, ...filter }: List): Promise<void> {
  await withAuth(async (auth) => {
    const { query, role, status } = filter
    const page = await auth.users.list(
      {
        ...(query !== undefined && { query }),
        ...(role !== undefined && { role }),
        ...(status !== undefined && { status }),
      },
      cursor ?? null,
      limit,
    )
    print(json, { items: page.items.map(shown), nextCursor: page.nextCursor }, ({ items, nextCursor }) => {
      if (items.length === 0) return 'no users'
      const rows = items.map((user) => [
        user.id,
        plain(user.email),
        plain(user.name),
        rolesOf(user),
        user.status,
        time(user.createdAt),
      ])
      return table(['ID', 'E-MAIL', 'NAME', 'ROLES', 'STATUS', 'CREATED (UTC)'], rows) + more(nextCursor)
    })
  })
}

/** `users lock` and `users unlock`. */
export async function setStatus(verb: 'lock' | 'unlock', who: string, { json }: Json): Promise<void> {
  await withAuth(async (auth) => {
    const user = await findUser(auth, who)
    const changed = await auth[verb](user.id, BY_CLI)
    if (!changed.ok) throw failure(changed.refusal)
    print(json, shown(changed.value), ({ email, status }) => `${plain(email)} is ${status}`)
  })
}

/** `users roles`. */
export async function setRoles(who: string, roles: readonly string[], { json }: Json): Promise<void> {
  await withAuth(async (auth) => {
    const user = await findUser(auth, who)
    const changed = await auth.setRoles(user.id, roles, BY_CLI)
    if (!changed.ok) throw failure(changed.refusal)
    print(json, shown(changed.value), (now) => `${plain(now.email)} has the roles: ${rolesOf(now)}`)
  })
}

/** What administrators see of a user. */
function shown({ id, email, name, roles, status, emailVerified, createdAt }: User) {
  return { id, email, name, roles, status, emailVerified, createdAt }
}

function rolesOf({ roles }: Pick<User, 'roles'>): string {
  return roles.length === 0 ? 'none' : roles.join(', ')
}
