import { sealedByNewest, sealing, unseal } from '../../crypto.ts'
import { purposeOf } from '../../keyring.ts'
import type { Fields } from '../../user.ts'
import { parse } from './json.ts'

/** The signing keys that are kept and not removed: how many, how many the secrets open, and how many the first of them. */
export type KeysInspection = {
  readonly kept: number
  readonly opened: number
  readonly byNewest: number
  /** When the newest was made, milliseconds since the epoch; null when there is none. */
  readonly newestAt: number | null
}

/** Who there is: whether anybody, and how many administrators that are not locked, as far as a thousand. */
export type PeopleInspection = { readonly any: boolean; readonly admins: number }

/** What a look at a database tells of what is in it. */
export type Inspected = {
  /** How many migrations are still to be applied. */
  readonly pending: number
  readonly keys: KeysInspection
  readonly people: PeopleInspection
  /** What administrators have set, as it is stored; null when they have set nothing. */
  readonly policy: Fields | null
}

export type KeptKey = { readonly kid: string; readonly sealed: string; readonly created_at: number | string }

/** @param secrets master secrets, newest first */
export function keysSeen(rows: readonly KeptKey[], secrets: readonly string[]): KeysInspection {
  const sealer = sealing(secrets)
  const open = rows.filter(({ kid, sealed }) => unseal(sealer, sealed, purposeOf(kid)) !== null)
  const byNewest = open.filter(({ sealed }) => sealedByNewest(sealer, sealed)).length
  const times = rows.map(({ created_at }) => Number(created_at))
  const newestAt = times.length === 0 ? null : Math.max(...times)
  return { kept: rows.length, opened: open.length, byNewest, newestAt }
}

export const ADMINS = `SELECT (SELECT count(*) FROM (SELECT 1 FROM users LIMIT 1) AS one) AS users,
  (SELECT count(*) FROM (SELECT r.user_id FROM user_roles r JOIN users u ON u.id = r.user_id
    WHERE r.role = 'admin' AND u.status = 'active' LIMIT 1000) AS found) AS admins`

export function peopleSeen(row: unknown): PeopleInspection {
  const { users, admins } = row as { readonly users: number | string; readonly admins: number | string }
  return { any: Number(users) > 0, admins: Number(admins) }
}

export const STORED_POLICY = `SELECT value FROM settings WHERE name = 'policy'`

export function policySeen([row]: readonly unknown[]): Fields | null {
  return row === undefined ? null : parse<Fields>((row as { readonly value: string }).value)
}
