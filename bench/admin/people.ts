import { type AuthEvent, EVENTS, type EventType } from '../../src/events.ts'
import type { SessionRecord } from '../../src/session.ts'
import type { User } from '../../src/user.ts'
import { person, record } from '../lib/population.ts'

const MINUTE = 60_000

const SYLLABLES = ['ba', 'ce', 'di', 'fo', 'gu', 'ha', 'je', 'ki', 'lo', 'mu', 'na', 'pe', 'ri', 'so', 'tu', 'va']

/** Of a few thousand names, each as frequent as the next. */
function word(i: number): string {
  return [i, i >> 4, i >> 8].map((part) => SYLLABLES[part & 15]).join('')
}

const DEVICES = [
  ['Chrome', 'Windows'],
  ['Chrome', 'Android'],
  ['Safari', 'iOS'],
  ['Safari', 'macOS'],
  ['Firefox', 'Windows'],
  ['Firefox', 'Linux'],
  ['Edge', 'Windows'],
  ['Opera', 'Windows'],
] as const

/** What is rare is at the other end of every list, where nobody comes across it. */
export const RARE = 20

/** Half of them changed the domain of their address long ago. */
export function someone(i: number, now: number, count: number): User {
  const isOld = i < count / 2
  const [first, last] = [word(i * 7), word((i * 31) >> 3)]
  return {
    ...person(i, now),
    email: `${first}.${last}${i}@${isOld ? 'oldcorp.example' : 'example.com'}`,
    name: `${first} ${last}`,
    roles: i < 3 ? ['admin'] : i % 200 === 5 ? ['member', 'editor'] : ['member'],
    status: i >= RARE && i < 2 * RARE ? 'locked' : 'active',
    createdAt: now - (count - i) * 10,
  }
}

/** One session of each; three of ten have ended. */
export function opened(i: number, now: number, count: number): SessionRecord {
  const made = record(i, i, now)
  const [browser, os] = i < RARE ? ['Lynx', 'Plan 9'] : (DEVICES[i % DEVICES.length] as readonly [string, string])
  const isOver = i % 10 < 3 && i > 0
  return {
    ...made,
    createdAt: now - (count - i) * 10,
    lastActiveAt: now - MINUTE,
    strategy: i < RARE ? 'jwt' : 'session',
    device: { browser, os, type: 'desktop' },
    ip: i < RARE ? '203.0.113.9' : i % 2 === 0 ? '192.0.2.1' : `198.51.${i % 200}.${i % 251}`,
    endedAt: isOver ? now : null,
    endReason: isOver ? 'signed_out' : null,
  }
}

const TYPES = Object.keys(EVENTS) as EventType[]

export function happened(i: number, now: number, count: number): AuthEvent {
  return {
    id: `event-${i}`,
    type: i < RARE ? 'key.removed' : (TYPES[i % 5] as EventType),
    severity: 'info',
    at: now - (count - i) * 10,
    outcome: 'success',
    actor: null,
    subject: person(i % 1000, now).id,
    session: `reference-${i % 1000}`,
    source: '192.0.2.1',
    requestId: null,
    reason: null,
    data: {},
  }
}
