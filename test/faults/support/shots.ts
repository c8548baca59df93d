import { randomText, sha256 } from '../../../src/crypto.ts'
import type { SessionRecord } from '../../../src/session.ts'
import type { Store } from '../../../src/store.ts'
import { admit, type Held, PASSWORD, type Person } from './people.ts'
import { type Pair, type Program, pairOf, programOf } from './tokens.ts'

/** Who takes part in one request. Everyone has two sessions and is in no other request. */
export type Parties = {
  readonly own: Person
  /** Whom administrators do it to. */
  readonly other: Person
  /** Opens a new password for `own`, once. */
  readonly ticket: string
  /** Asks about tokens. */
  readonly program: Program
  /** Of `own`, where the request is about such tokens. */
  readonly pair: Pair | null
}

/** A request that is granted while everything works. */
export type Shot = {
  readonly as?: 'member' | 'admin' | 'service'
  readonly path?: (parties: Parties) => string
  readonly body?: (parties: Parties) => unknown
  /** A body as RFC 7662 and RFC 7009 have it. */
  readonly form?: (parties: Parties) => Readonly<Record<string, string>>
  /** What else it brings. */
  readonly headers?: (parties: Parties) => Readonly<Record<string, string>>
  /** Whether `own` has a session of `hybrid` too, and its tokens a key of their own. */
  readonly pair?: true
  /** What it may come to besides success. */
  readonly or?: number
  /** Whose tokens are dead, everywhere, when it was granted. */
  readonly ends?: (parties: Parties) => readonly (Held | undefined)[]
}

const DAY_MS = 86_400_000
const NEW_PASSWORD = 'another long passphrase'

const member = { as: 'member' } as const
const admin = { as: 'admin' } as const
const both = ({ sessions }: Person) => sessions
const credentials = ({ own }: Parties) => ({ email: own.email, password: PASSWORD })

/** Nobody hands messages on here: who may ask is all there is to judge. */
const unsent = { or: 400 } as const
const TOKEN = 'A'.repeat(43)
const POLICY = {
  version: 1_000_000,
  timeouts: { idleMs: 600_000, absoluteMs: 3_600_000, warnMs: 60_000, remember: null, roles: {}, sections: [] },
  sessionLimit: null,
}

const pairIn = ({ pair }: Parties): Pair => {
  if (pair === null) throw new Error('this request is about tokens: say so')
  return pair
}

/** By method and path of the table of routes. */
export const SHOTS: Readonly<Record<string, Shot>> = {
  'POST /sign-up': { body: ({ ticket }) => ({ email: `${ticket}@example.com`, password: PASSWORD }) },
  'POST /sign-in': { ...member, body: credentials, ends: ({ own }) => [own.sessions[0]] },
  'POST /sign-out': { ...member, ends: ({ own }) => [own.sessions[0]] },
  'POST /refresh': { pair: true, body: (parties) => ({ refreshToken: pairIn(parties).refresh }) },
  'GET /continue': {
    pair: true,
    path: () => '/continue?return=/account',
    headers: (parties) => ({ cookie: `__Secure-rt=${pairIn(parties).refresh}` }),
    or: 303,
  },
  'GET /session': member,
  'POST /session/renew': member,
  'GET /session/events': member,
  'POST /reauthenticate': { ...member, body: () => ({ password: PASSWORD }), ends: ({ own }) => [own.sessions[0]] },
  'GET /sessions': member,
  'DELETE /sessions': { ...member, path: () => '/sessions?scope=others', ends: ({ own }) => [own.sessions[1]] },
  'DELETE /sessions/{id}': {
    ...member,
    path: ({ own }) => `/sessions/${own.sessions[1]?.sid}`,
    ends: ({ own }) => [own.sessions[1]],
  },
  'POST /password': {
    ...member,
    body: () => ({ currentPassword: PASSWORD, newPassword: NEW_PASSWORD }),
    ends: ({ own }) => both(own),
  },
  'POST /password/reset': {
    body: ({ ticket }) => ({ token: ticket, newPassword: NEW_PASSWORD }),
    ends: ({ own }) => both(own),
  },
  'POST /password/forgot': { ...unsent, body: ({ own }) => ({ email: own.email }) },
  'POST /email': { ...member, ...unsent, body: () => ({ email: 'other@example.com', password: PASSWORD }) },
  'POST /email/verify': { ...unsent, body: () => ({ token: TOKEN }) },
  'POST /email/verify/resend': { ...member, ...unsent },
  'POST /email/object': { ...unsent, body: () => ({ token: TOKEN }) },
  'GET /user': member,
  'GET /user/export': member,
  'PATCH /user': { ...member, body: () => ({ name: 'Somebody' }) },
  'DELETE /user': { ...member, ends: ({ own }) => both(own) },
  'GET /csrf': member,
  'GET /forward': member,
  'GET /admin/sessions': admin,
  'DELETE /admin/sessions/{id}': {
    ...admin,
    path: ({ other }) => `/admin/sessions/${other.sessions[0]?.sid}`,
    ends: ({ other }) => [other.sessions[0]],
  },
  'DELETE /admin/sessions': {
    ...admin,
    path: ({ other }) => `/admin/sessions?user=${other.id}&expect=${other.sessions.length}`,
    or: 409,
  },
  // What it would end is everybody else's here: that it is not confirmed is judged where the rest is.
  'POST /admin/sign-out-everyone': { ...admin, body: () => ({ confirm: 'nobody' }), or: 400 },
  'GET /admin/users': admin,
  'POST /admin/users': { ...admin, body: ({ ticket }) => ({ email: `${ticket}@example.com`, password: PASSWORD }) },
  'GET /admin/users/{id}': { ...admin, path: ({ other }) => `/admin/users/${other.id}` },
  'PATCH /admin/users/{id}': {
    ...admin,
    path: ({ other }) => `/admin/users/${other.id}`,
    body: () => ({ name: 'Somebody', roles: ['auditor'], status: 'locked' }),
    ends: ({ other }) => both(other),
  },
  'DELETE /admin/users/{id}': {
    ...admin,
    path: ({ other }) => `/admin/users/${other.id}`,
    ends: ({ other }) => both(other),
  },
  'DELETE /admin/users/{id}/sessions': {
    ...admin,
    path: ({ other }) => `/admin/users/${other.id}/sessions`,
    ends: ({ other }) => both(other),
  },
  'POST /admin/users/{id}/require-password-change': {
    ...admin,
    path: ({ other }) => `/admin/users/${other.id}/require-password-change`,
    ends: ({ other }) => both(other),
  },
  'POST /admin/users/{id}/send-reset': {
    ...{ ...admin, ...unsent },
    path: ({ other }) => `/admin/users/${other.id}/send-reset`,
  },
  'GET /admin/audit': admin,
  'GET /admin/policy': admin,
  // What it would change is everybody's here: there is no such version.
  'PUT /admin/policy': { ...admin, body: () => POLICY, or: 409 },
  'GET /admin/throttles': admin,
  'DELETE /admin/throttles/{key}': { ...admin, path: ({ ticket }) => `/admin/throttles/account-${ticket}` },
  'GET /admin/stats': admin,
  'GET /admin/keys': admin,
  // Of any number at once one makes the key.
  'POST /admin/keys/rotate': { ...admin, or: 409 },
  'DELETE /admin/keys/{kid}': {
    ...admin,
    pair: true,
    path: (parties) => `/admin/keys/${pairIn(parties).kid}`,
    ends: (parties) => [pairIn(parties).access],
  },
  'GET /.well-known/jwks.json': {},
  'GET /.well-known/oauth-authorization-server': {},
  'POST /introspect': { as: 'service', pair: true, form: (parties) => ({ token: pairIn(parties).access.token }) },
  'POST /revoke': {
    as: 'service',
    pair: true,
    form: (parties) => ({ token: pairIn(parties).refresh }),
    ends: (parties) => [pairIn(parties).access],
  },
  // A row would have every ending after it wait for whoever does not read it.
  'GET /feed': { as: 'service', path: () => '/feed?ask=epoch' },
  'POST /feed/ack': { as: 'service', body: ({ own }) => ({ uses: [{ sid: own.sessions[0]?.sid, at: 0 }] }) },
  'GET /livez': {},
  'GET /readyz': {},
}

/** So long that no test outlives it, however much time it lets pass. */
export function lasting(now: number): Partial<SessionRecord> {
  return { idleTimeout: 5 * DAY_MS, expiresAt: now + 20 * DAY_MS }
}

/** People of their own for one request, written before anything fails. */
export async function parties(store: Store, record: string, now: number, shot: Shot): Promise<Parties> {
  const given = { record, now, sessions: 2, session: lasting(now) }
  const own = await admit(store, { ...given, roles: [shot.as === 'admin' ? 'admin' : 'member'] })
  const other = shot.as === 'admin' ? await admit(store, { ...given, roles: ['member'] }) : own
  const ticket = randomText(32)
  const data = { generation: 1, reason: 'change_required' }
  await store.tickets.put({ digest: sha256(ticket), kind: 'reset', userId: own.id, data, expiresAt: now + DAY_MS })
  const program = await programOf(store, now)
  const pair = shot.pair ? await pairOf(store, own, now, lasting(now)) : null
  return { own, other, ticket, program, pair }
}
