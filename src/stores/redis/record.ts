import type { EndReason } from '../../errors.ts'
import type { SessionId, SessionRecord } from '../../session.ts'
import type { Replacement } from '../../store.ts'
import type { Fields, UserId } from '../../user.ts'

/** What each part of a record is called in its hash: short, because a million sessions repeat it. Numbers are decimal, nothing is left out. */
const NUMBERS = {
  createdAt: 'c',
  authenticatedAt: 'a',
  lastActiveAt: 'l',
  longestIdle: 'i',
  idleTimeout: 't',
  expiresAt: 'x',
  generation: 'g',
  everyone: 'e',
  counter: 'n',
  rotatedAt: 'ra',
} as const
const TEXTS = { userId: 'u', strategy: 'st', ip: 'p', digest: 'd' } as const

type Flat = readonly string[]

/** A new record as names and values. */
export function flatOf(record: SessionRecord): Flat {
  const { device, amr, remember, fields, previousDigest, seenAt, endedAt, endReason } = record
  const flat = [...ofNumbers(record), ...Object.entries(TEXTS).flatMap(([part, name]) => [name, record[part as 'ip']])]
  flat.push('b', device.browser, 'o', device.os, 'k', device.type, 'm', JSON.stringify(amr))
  if (remember) flat.push('r', '1')
  if (Object.keys(fields).length > 0) flat.push('f', JSON.stringify(fields))
  if (previousDigest !== null) flat.push('pd', previousDigest)
  if (seenAt !== null) flat.push('sa', `${seenAt}`)
  if (endedAt !== null) flat.push('ea', `${endedAt}`, 'er', `${endReason}`)
  return flat
}

/** What re-authentication replaces, as names and values; the script takes care of `pd` and `sa`. */
export function replacementOf(next: Replacement): Flat {
  const rotation = { counter: 0, rotatedAt: next.authenticatedAt }
  return ['d', next.digest, 'm', JSON.stringify(next.amr), ...ofNumbers({ ...next, ...rotation })]
}

/** @param packed the id, then names and values in any order */
export function recordOf(packed: unknown): SessionRecord {
  const [id = '', ...flat] = packed as Flat
  const has = new Map<string, string>()
  for (let i = 0; i < flat.length; i += 2) has.set(flat[i] as string, flat[i + 1] as string)
  const text = (name: string) => has.get(name) ?? ''
  const number = (name: string) => Number(has.get(name))
  const optional = (name: string) => (has.has(name) ? number(name) : null)
  return {
    id: id as SessionId,
    userId: text(TEXTS.userId) as UserId,
    strategy: text(TEXTS.strategy),
    createdAt: number(NUMBERS.createdAt),
    authenticatedAt: number(NUMBERS.authenticatedAt),
    lastActiveAt: number(NUMBERS.lastActiveAt),
    longestIdle: number(NUMBERS.longestIdle),
    idleTimeout: number(NUMBERS.idleTimeout),
    expiresAt: number(NUMBERS.expiresAt),
    amr: JSON.parse(text('m')) as string[],
    remember: has.has('r'),
    device: { browser: text('b'), os: text('o'), type: text('k') },
    ip: text(TEXTS.ip),
    generation: number(NUMBERS.generation),
    everyone: number(NUMBERS.everyone),
    fields: (has.has('f') ? JSON.parse(text('f')) : {}) as Fields,
    endedAt: optional('ea'),
    endReason: (has.get('er') ?? null) as EndReason | null,
    digest: text(TEXTS.digest),
    previousDigest: has.get('pd') ?? null,
    counter: number(NUMBERS.counter),
    rotatedAt: number(NUMBERS.rotatedAt),
    seenAt: optional('sa'),
  }
}

function ofNumbers(record: Partial<Record<keyof typeof NUMBERS, number>>): string[] {
  return Object.entries(NUMBERS).flatMap(([part, name]) => {
    const value = record[part as keyof typeof NUMBERS]
    return value === undefined ? [] : [name, `${value}`]
  })
}
