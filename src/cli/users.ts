import type { Command } from 'commander'
import type { User } from '../index.ts'
import { failure } from './failure.ts'
import { findUser } from './find-user.ts'
import { count, oneOf } from './options.ts'
import { more, plain, print, table, time } from './output.ts'
import { passwordFromInput, passwordFromTerminal } from './password.ts'
import { BY_CLI, withAuth } from './with-auth.ts'

type Json = { readonly json?: boolean }

type Create = Json & {
  readonly email: string
  readonly name?: string
  readonly role?: readonly string[]
  readonly passwordStdin?: boolean
}

type List = Json & {
  readonly query?: string
  readonly role?: string
  readonly status?: User['status']
  readonly limit: number
  readonly cursor?: string
}

/** `sallyport users …`. */
export function users(program: Command): void {
  const group = program.command('users').description('make, list and lock accounts')

  group
    .command('create')
    .description('make an account; the password is asked for, or read with --password-stdin')
    .requiredOption('--email <address>', 'e-mail address to sign in with')
    .option('--name <name>', 'what to call them')
    .option('--role <role...>', 'one or more roles; without it the one new users get')
    .option('--password-stdin', 'read the password from the standard input')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      "\nExample:\n  printf '%s' 'correct horse battery' | sallyport users create --email ada@example.com --role admin --password-stdin",
    )
    .action(create)

  group
    .command('list')
    .description('list accounts, newest first')
    .option('--query <text>', 'part of the address or the name')
    .option('--role <role>', 'only who has this role')
    .option('--status <status>', 'active or locked', oneOf('active', 'locked'))
    .option('--limit <n>', 'at most this many', count(1000), 50)
    .option('--cursor <cursor>', 'go on where the last page ended')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  sallyport users list --role admin --json')
    .action(list)

  group
    .command('lock')
    .description('lock an account and end its sessions; done on every running server when it returns')
    .argument('<email-or-id>')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  sallyport users lock mallory@example.com')
    .action((who: string, options: Json) => setStatus('lock', who, options))

  group
    .command('unlock')
    .description('let an account sign in again')
    .argument('<email-or-id>')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  sallyport users unlock mallory@example.com')
    .action((who: string, options: Json) => setStatus('unlock', who, options))

  group
    .command('roles')
    .description('give an account exactly these roles; in force on every running server when it returns')
    .argument('<email-or-id>')
    .argument('<role...>')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  sallyport users roles ada@example.com member auditor')
    .action(setRoles)
}

async function create({ email, name, role, passwordStdin, json }: Create): Promise<void> {
  const password = passwordStdin ? await passwordFromInput() : await passwordFromTerminal()
  await withAuth(async (auth) => {
    const given = { email, password, ...(name !== undefined && { name }), ...(role && { roles: role }) }
    const made = await auth.users.create(given, BY_CLI)
    if (!made.ok) throw failure(made.refusal)
    print(json, shown(made.value), (user) => `made ${plain(user.email)} (${user.id}), roles: ${rolesOf(user)}`)
  })
}

async function list({ limit, cursor, json, ...filter }: List): Promise<void> {
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

async function setStatus(verb: 'lock' | 'unlock', who: string, { json }: Json): Promise<void> {
  await withAuth(async (auth) => {
    const user = await findUser(auth, who)
    const changed = await auth[verb](user.id, BY_CLI)
    if (!changed.ok) throw failure(changed.refusal)
    print(json, shown(changed.value), ({ email, status }) => `${plain(email)} is ${status}`)
  })
}

async function setRoles(who: string, roles: readonly string[], { json }: Json): Promise<void> {
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
