import { hash } from 'node:crypto'
import type { SessionId, SessionRecord } from '../../src/session.ts'
import type { Store } from '../../src/store.ts'
import { emailKey, type User, type UserId } from '../../src/user.ts'

/*
 * Users and sessions by number, always the same ones: whoever measures knows every token without having kept it.
 */

const HOUR = 3_600_000

/** The session token: id and secret, drawn from the number. */
export function token(i: number): string {
  return bytes(`session ${i}`).toString('base64url')
}

export function email(i: number): string {
  return `person-${i}@example.com`
}

/** What a browser sends that is signed in and has met a few other scripts. */
export function cookie(value: string, name = '__Host-sid'): string {
  return `theme=dark; ${name}=${value}; lang=en-GB`
}

function userId(i: number): UserId {
  return bytes(`user ${i}`).subarray(0, 16).toString('base64url') as UserId
}

export function person(i: number, now: number): User {
  return {
    id: userId(i),
    email: email(i),
    emailVerified: true,
    name: `Person ${i}`,
    roles: ['member'],
    status: 'active',
    passwordChangeRequired: false,
    version: 1,
    generation: 0,
    createdAt: now - HOUR,
    fields: {},
  }
}

/** Session `i` of user `owner`, opened a moment ago. */
export function record(i: number, owner: number, now: number): SessionRecord {
  const createdAt = now - (i % 60_000)
  return {
    id: bytes(`session ${i}`).subarray(0, 16).toString('base64url') as SessionId,
    userId: userId(owner),
    strategy: 'session',
    createdAt,
    authenticatedAt: createdAt,
    lastActiveAt: now,
    longestIdle: 0,
    idleTimeout: HOUR / 2,
    expiresAt: now + 12 * HOUR,
    amr: ['pwd'],
    remember: false,
    device: { browser: 'Firefox 145', os: 'Windows 11', type: 'desktop' },
    ip: `192.0.2.${i % 250}`,
    generation: 0,
    everyone: 0,
    fields: {},
    endedAt: null,
    endReason: null,
    digest: hash('sha256', token(i), 'hex'),
    previousDigest: null,
    counter: 0,
    rotatedAt: createdAt,
    seenAt: null,
  }
}

/** Puts as many users with one session each into a store that is open, and the password when there is one. */
export async function populate(store: Store, count: number, password: string | null = null): Promise<void> {
  const now = Date.now()
  const one = async (i: number) => {
    const user = person(i, now)
    await store.users.create(user, emailKey(user.email))
    await store.sessions.start(record(i, i, now), null, now)
    if (password === null) return
    const times = { createdAt: now, updatedAt: now, disabledAt: null }
    await store.credentials.add({ userId: user.id, kind: 'password', id: '', record: password, version: 1, ...times })
  }
  for (let i = 0; i < count; i += 500) {
    await Promise.all(Array.from({ length: Math.min(500, count - i) }, (_, j) => one(i + j)))
  }
}

function bytes(text: string): Buffer {
  return hash('sha384', text, 'buffer')
}
