import { PASSWORD } from '../../src/testing/strategy/harness.ts'

/**
 * What a route does with the credential that comes with it.
 *
 * - `session`: lets in whoever is signed in.
 * - `refresh`, `continue`: hand out the next token.
 * - `sign-out`: ends it, and has nothing to say of one that is over.
 * - `service`: tells a program about it.
 * - `none`: does not look at it.
 */
export type Door = {
  readonly door: 'session' | 'refresh' | 'continue' | 'sign-out' | 'service' | 'none'
  readonly body?: object
  readonly query?: string
}

const session = { door: 'session' } as const
const none = { door: 'none' } as const
const POLICY = {
  version: 0,
  timeouts: { idleMs: 600_000, absoluteMs: 3_600_000, warnMs: 60_000, remember: null, roles: {}, sections: [] },
  sessionLimit: null,
}
const NEW_PASSWORD = 'quite another passphrase'

/** Every route by method and path, with a good body; ids belong to nobody. A route that is not here fails the test. */
export const DOORS: Readonly<Record<string, Door>> = {
  'POST /sign-up': none,
  'POST /sign-in': none,
  'POST /sign-out': { door: 'sign-out' },
  'POST /refresh': { door: 'refresh' },
  'GET /continue': { door: 'continue', query: '?return=%2Faccount' },
  'GET /session': session,
  'POST /session/renew': session,
  'GET /session/events': session,
  'POST /reauthenticate': { ...session, body: { password: PASSWORD } },
  'GET /sessions': session,
  'DELETE /sessions': { ...session, query: '?scope=others' },
  'DELETE /sessions/{id}': session,
  'POST /password': { ...session, body: { currentPassword: PASSWORD, newPassword: NEW_PASSWORD } },
  'POST /password/reset': none,
  'POST /password/forgot': none,
  'POST /email': { ...session, body: { email: 'other@example.com', password: PASSWORD } },
  'POST /email/verify': none,
  'POST /email/verify/resend': session,
  'POST /email/object': none,
  'GET /user': session,
  'GET /user/export': session,
  'PATCH /user': { ...session, body: { name: 'Name' } },
  'DELETE /user': session,
  'GET /csrf': session,
  'GET /forward': session,
  'GET /admin/sessions': session,
  'DELETE /admin/sessions': { ...session, query: '?user=AAAAAAAAAAAAAAAAAAAAAA&expect=0' },
  'DELETE /admin/sessions/{id}': session,
  'POST /admin/sign-out-everyone': { ...session, body: { confirm: 'everyone' } },
  'GET /admin/users': session,
  'POST /admin/users': { ...session, body: { email: 'new@example.com', password: PASSWORD } },
  'GET /admin/users/{id}': session,
  'PATCH /admin/users/{id}': { ...session, body: { name: 'Name' } },
  'DELETE /admin/users/{id}': session,
  'DELETE /admin/users/{id}/sessions': session,
  'POST /admin/users/{id}/require-password-change': session,
  'POST /admin/users/{id}/send-reset': session,
  'GET /admin/audit': session,
  'GET /admin/policy': session,
  'PUT /admin/policy': { ...session, body: POLICY },
  'GET /admin/throttles': session,
  'DELETE /admin/throttles/{key}': session,
  'GET /admin/stats': session,
  'GET /admin/keys': session,
  'POST /admin/keys/rotate': session,
  'DELETE /admin/keys/{kid}': session,
  'POST /introspect': { door: 'service' },
  'POST /revoke': { door: 'service' },
  'GET /feed': { door: 'service' },
  'POST /feed/ack': { door: 'service' },
  'GET /.well-known/jwks.json': none,
  'GET /.well-known/oauth-authorization-server': none,
  'GET /livez': none,
  'GET /readyz': none,
}
