import { fold } from '../../cursor.ts'
import type { EndReason } from '../../errors.ts'
import { type Device, dueAt, type SessionId, type SessionRecord } from '../../session.ts'
import type { Fields, UserId } from '../../user.ts'
import type { Value } from './driver.ts'
import { parse } from './json.ts'

export type SessionRow = {
  readonly id: string
  readonly user_id: string
  readonly strategy: string
  readonly created_at: number
  readonly authenticated_at: number
  readonly last_active_at: number
  readonly longest_idle: number
  readonly idle_timeout: number
  readonly expires_at: number
  readonly amr: string
  readonly remember: number
  readonly device: string
  readonly ip: string
  readonly generation: number
  readonly everyone: number
  readonly fields: string
  readonly digest: string
  readonly previous_digest: string | null
  readonly counter: number
  readonly rotated_at: number
  readonly seen_at: number | null
  readonly ended_at: number | null
  readonly end_reason: string | null
}

/** The columns of a `SessionRow`. `due_at` and `device_folded` are for looking up alone. */
export const SESSION = `id, user_id, strategy, created_at, authenticated_at, last_active_at, longest_idle, idle_timeout,
  expires_at, amr, remember, device, ip, generation, everyone, fields, digest, previous_digest, counter, rotated_at, seen_at,
  ended_at, end_reason`

export const INSERT_SESSION = `INSERT INTO sessions (${SESSION}, due_at, device_folded)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

/** The values of `INSERT_SESSION`. */
export function valuesOf(record: SessionRecord): readonly Value[] {
  return [
    record.id,
    record.userId,
    record.strategy,
    record.createdAt,
    record.authenticatedAt,
    record.lastActiveAt,
    record.longestIdle,
    record.idleTimeout,
    record.expiresAt,
    JSON.stringify(record.amr),
    record.remember ? 1 : 0,
    JSON.stringify(record.device),
    record.ip,
    record.generation,
    record.everyone,
    JSON.stringify(record.fields),
    record.digest,
    record.previousDigest,
    record.counter,
    record.rotatedAt,
    record.seenAt,
    record.endedAt,
    record.endReason,
    dueAt(record),
    deviceFolded(record.device),
  ]
}

/** What a search for a device looks at. */
export function deviceFolded({ browser, os }: Device): string {
  return fold(`${browser}\n${os}`)
}

export function sessionOf(row: SessionRow): SessionRecord {
  return {
    id: row.id as SessionId,
    userId: row.user_id as UserId,
    strategy: row.strategy,
    createdAt: row.created_at,
    authenticatedAt: row.authenticated_at,
    lastActiveAt: row.last_active_at,
    longestIdle: row.longest_idle,
    idleTimeout: row.idle_timeout,
    expiresAt: row.expires_at,
    amr: parse<string[]>(row.amr),
    remember: row.remember === 1,
    device: parse<Device>(row.device),
    ip: row.ip,
    generation: row.generation,
    everyone: row.everyone,
    fields: parse<Fields>(row.fields),
    endedAt: row.ended_at,
    endReason: row.end_reason as EndReason | null,
    digest: row.digest,
    previousDigest: row.previous_digest,
    counter: row.counter,
    rotatedAt: row.rotated_at,
    seenAt: row.seen_at,
  }
}
