import { z } from 'zod'
import type { Auth } from '../auth.ts'
import type { RequestContext } from '../carrier.ts'
import type { Authenticated } from '../guard.ts'
import { ok, type Result, refused } from '../result.ts'
import type { User } from '../user.ts'
import type { Columns } from './csv.ts'
import { listed } from './listed.ts'
import { cursor, limit, text } from './paging.ts'
import { CHOSEN } from './refusals.ts'
import { userView } from './represent.ts'
import { answer, NO_CONTENT, route } from './route.ts'
import { endedShape, pageShape, userShape } from './shapes.ts'
import { fields } from './sign-up.ts'

const oneShape = z.strictObject({ user: userShape })
const NOT_FOUND = refused({ code: 'not_found' })

const roles = z.array(z.string().max(32)).max(50).optional()
const status = z.enum(['active', 'locked']).optional()

const edit = z.strictObject({ name: z.string().optional(), roles, status })
type Edit = z.infer<typeof edit>

const COLUMNS: Columns<ReturnType<typeof userView>> = {
  id: ({ id }) => id,
  email: ({ email }) => email,
  name: ({ name }) => name,
  roles: ({ roles }) => roles.join(' '),
  status: ({ status }) => status,
  emailVerified: ({ emailVerified }) => emailVerified,
  createdAt: ({ createdAt }) => createdAt,
}

export const adminUsersRoutes = [
  route({
    method: 'GET',
    path: '/admin/users',
    summary: 'Accounts, newest first',
    access: 'auditor',
    query: z.strictObject({
      query: text.optional().describe('Part of address or name'),
      role: text.optional(),
      status,
      cursor,
      limit,
    }),
    responses: { 200: pageShape(userShape) },
    csv: true,
    handle(auth, input) {
      const { query, role, status } = input.query
      const filter = {
        ...(query !== undefined && { query }),
        ...(role !== undefined && { role }),
        ...(status && { status }),
      }
      return listed(auth, input, {
        name: 'users',
        columns: COLUMNS,
        async page(cursor, limit) {
          const { items, nextCursor } = await auth.users.list(filter, cursor, limit)
          return { items: items.map(userView), nextCursor }
        },
      })
    },
  }),
  route({
    method: 'POST',
    path: '/admin/users',
    summary:
      'Make an account; without a password its owner is sent a link to choose one, and with one has to change it at once',
    access: 'admin',
    fresh: true,
    body: z.strictObject({
      email: z.string(),
      password: z.string().optional(),
      name: z.string().optional(),
      roles,
      fields,
    }),
    refuses: [...CHOSEN, 'not_supported', 'role_unknown', 'email_invalid', 'email_taken'],
    responses: { 201: oneShape },
    async handle(auth, { body: { email, password, name, roles, fields }, context }) {
      const given = {
        email,
        ...(name !== undefined && { name }),
        ...(roles && { roles }),
        ...(fields && { fields }),
      }
      const created =
        password === undefined
          ? await auth.users.invite(given, context)
          : await auth.users.create({ ...given, password, passwordChangeRequired: true }, context)
      return created.ok ? answer(201, { user: userView(created.value) }) : created
    },
  }),
  route({
    method: 'GET',
    path: '/admin/users/{id}',
    summary: 'One account',
    access: 'auditor',
    refuses: ['not_found'],
    responses: { 200: oneShape },
    async handle(auth, { params }) {
      const user = await auth.users.find(params.id)
      return user ? answer(200, { user: userView(user) }) : NOT_FOUND
    },
  }),
  route({
    method: 'PATCH',
    path: '/admin/users/{id}',
    summary: 'Change name, roles or status; true everywhere when it is answered',
    access: 'admin',
    fresh: true,
    body: edit,
    refuses: ['not_found', 'role_unknown'],
    responses: { 200: oneShape },
    async handle(auth, { who, params, body, context }) {
      const allowed = oneself(who, params.id, body)
      if (!allowed.ok) return allowed
      const user = await auth.users.find(params.id)
      if (!user) return NOT_FOUND
      const edited = await applied(auth, user, body, context)
      return edited.ok ? answer(200, { user: userView(edited.value) }) : edited
    },
  }),
  route({
    method: 'DELETE',
    path: '/admin/users/{id}',
    summary: 'Delete an account and everything it holds',
    access: 'admin',
    fresh: true,
    refuses: ['not_found'],
    responses: { 204: null },
    async handle(auth, { who, params, context }) {
      if (params.id === who.user.id) return forbidden('Administrators cannot delete themselves here')
      const removed = await auth.users.remove(params.id, context)
      return removed.ok ? NO_CONTENT : removed
    },
  }),
  route({
    method: 'DELETE',
    path: '/admin/users/{id}/sessions',
    summary: 'End every session of an account',
    access: 'admin',
    fresh: true,
    refuses: ['not_found'],
    responses: { 200: endedShape },
    async handle(auth, { params, context }) {
      const ended = await auth.endAll(params.id, { context })
      return ended === null ? NOT_FOUND : answer(200, { ended })
    },
  }),
  route({
    method: 'POST',
    path: '/admin/users/{id}/send-reset',
    summary: 'Send the owner of an account a link to set a password, which nobody else sees',
    access: 'admin',
    fresh: true,
    refuses: ['not_found', 'not_supported', 'conflict'],
    responses: { 202: null },
    async handle(auth, { params, context }) {
      const sent = await auth.users.sendReset(params.id, context)
      return sent.ok ? answer(202) : sent
    },
  }),
  route({
    method: 'POST',
    path: '/admin/users/{id}/require-password-change',
    summary: 'The next sign-in can only change the password; every session ends',
    access: 'admin',
    fresh: true,
    refuses: ['not_found'],
    responses: { 204: null },
    async handle(auth, { params, context }) {
      const required = await auth.users.requirePasswordChange(params.id, context)
      return required.ok ? NO_CONTENT : required
    },
  }),
]

/** Administrators cannot shut themselves out: somebody else has to do that. */
function oneself(who: Authenticated, id: string, { roles, status }: Edit): Result<null> {
  if (id !== who.user.id) return ok(null)
  if (status === 'locked') return forbidden('Administrators cannot lock themselves')
  if (roles && !roles.includes('admin')) return forbidden('Administrators cannot take the role admin from themselves')
  return ok(null)
}

/** What can be refused comes first, so that a refusal has changed nothing. */
async function applied(
  auth: Auth,
  user: User,
  { name, roles, status }: Edit,
  context: RequestContext,
): Promise<Result<User>> {
  let edited: Result<User> = ok(user)
  const unknown = roles?.findIndex((role) => !auth.setting.roles.includes(role)) ?? -1
  if (unknown >= 0) return roleUnknown(auth, unknown)
  if (name !== undefined) edited = await auth.users.edit(user.id, { name }, context)
  if (edited.ok && roles) edited = await auth.setRoles(user.id, roles, context)
  if (edited.ok && status) edited = await auth[status === 'locked' ? 'lock' : 'unlock'](user.id, context)
  return edited
}

function roleUnknown({ setting }: Auth, index: number) {
  const detail = `The catalogue has: ${setting.roles.join(', ')}`
  return refused({ code: 'role_unknown', errors: [{ path: `roles.${index}`, code: 'role_unknown', detail }] })
}

function forbidden(detail: string) {
  return refused({ code: 'forbidden', detail })
}
