import type { Credential } from '../credential.ts'
import { sha256 } from '../crypto.ts'
import type { AuthEvent } from '../events.ts'
import type { KeyRecord } from '../keyring.ts'
import type { Service } from '../service.ts'
import type { SessionRecord } from '../session.ts'
import type { Ticket } from '../store.ts'
import type { Id, User } from '../user.ts'

/** When samples happen, milliseconds since the epoch. */
export const T0 = 1_800_000_000_000
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

/** An id of the usual length that one can read in a failing test. Different labels give different ids. */
export function idOf<Kind extends string>(label: string): Id<Kind> {
  return label.padEnd(22, '-') as Id<Kind>
}

/** A valid user, made at `T0`: active, with the role `user`. */
export function sampleUser(label: string, over: Partial<User> = {}): User {
  return {
    id: idOf(label),
    email: `${label}@example.org`,
    emailVerified: false,
    name: label,
    roles: ['user'],
    status: 'active',
    passwordChangeRequired: false,
    version: 1,
    generation: 1,
    createdAt: T0,
    fields: {},
    ...over,
  }
}

/** A valid session of the user `owner`, begun at `T0`: 30 minutes idle, 12 hours in all. */
export function sampleSession(label: string, over: Partial<SessionRecord> = {}): SessionRecord {
  const createdAt = over.createdAt ?? T0
  return {
    id: idOf(label),
    userId: idOf('owner'),
    strategy: 'session',
    createdAt,
    authenticatedAt: createdAt,
    lastActiveAt: createdAt,
    longestIdle: 0,
    idleTimeout: 30 * MINUTE,
    expiresAt: createdAt + 12 * HOUR,
    amr: ['pwd'],
    remember: false,
    device: { browser: 'Firefox 145', os: 'Linux', type: 'desktop' },
    ip: '192.0.2.1',
    generation: 1,
    everyone: 0,
    fields: {},
    endedAt: null,
    endReason: null,
    digest: sha256(label),
    previousDigest: null,
    counter: 0,
    rotatedAt: createdAt,
    seenAt: null,
    ...over,
  }
}

/** A valid password credential of the user `owner`. The record is not one that anything could be checked against. */
export function sampleCredential(over: Partial<Credential> = {}): Credential {
  return {
    userId: idOf('owner'),
    kind: 'password',
    id: '',
    record: '$sample$1',
    version: 1,
    createdAt: T0,
    updatedAt: T0,
    disabledAt: null,
    ...over,
  }
}

/** A valid key, made at `T0` and signing from the next minute on. What is sealed in it is nothing that could be opened. */
export function sampleKey(kid: string, over: Partial<KeyRecord> = {}): KeyRecord {
  const createdAt = over.createdAt ?? T0
  const times = { createdAt, signsFrom: createdAt + MINUTE, removedAt: null }
  return { kid, alg: 'EdDSA', ...times, sealed: `sealed ${kid}`, ...over }
}

/** A valid service, made at `T0`. */
export function sampleService(label: string, over: Partial<Service> = {}): Service {
  return { id: idOf(label), name: label, digest: sha256(label), createdAt: T0, ...over }
}

/** A valid reset ticket of the user `owner`, good for an hour. */
export function sampleTicket(label: string, over: Partial<Ticket> = {}): Ticket {
  return { digest: sha256(label), kind: 'reset', userId: idOf('owner'), data: {}, expiresAt: T0 + HOUR, ...over }
}

/** A valid event: the user `owner` signed in at `T0`. */
export function sampleEvent(label: string, over: Partial<AuthEvent> = {}): AuthEvent {
  return {
    id: idOf(label),
    type: 'sign_in.succeeded',
    severity: 'info',
    at: T0,
    outcome: 'success',
    actor: idOf('owner'),
    subject: idOf('owner'),
    session: null,
    source: '192.0.2.1',
    requestId: null,
    reason: null,
    data: {},
    ...over,
  }
}

/** JSON that stores have been known to lose or bend on the way: nesting, null, unicode, keys with a meaning elsewhere. */
export const TRICKY_FIELDS = JSON.parse(
  '{"a":{"b":[1,2.5,-0.1,1e21,true,false,null,{"c":[]}]},"":"empty key","text":"\\u0000 \\ud83e\\udd8a e\\u0301 \\u00e9 \\u202e \\"\'\\\\","__proto__":{"admin":true},"constructor":"x"}',
) as Readonly<Record<string, unknown>>
