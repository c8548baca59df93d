import type { KeyRecord, Keys } from '../../keyring.ts'
import type { Changed, Source } from '../../store.ts'
import { alone, type Driver, one, type Work } from './driver.ts'
import { append, tail } from './feed-append.ts'

type KeyRow = {
  readonly kid: string
  readonly alg: string
  readonly created_at: number
  readonly signs_from: number
  readonly sealed: string | null
  readonly removed_at: number | null
}

const COLUMNS = 'kid, alg, created_at, signs_from, sealed, removed_at'

const LIST = `SELECT ${COLUMNS} FROM keys ORDER BY created_at, kid`
const NEWEST = 'SELECT kid FROM keys WHERE removed_at IS NULL ORDER BY created_at DESC, kid DESC LIMIT 1'
const ADD = `INSERT INTO keys (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING ${COLUMNS}`
/** A key that was never here is removed by the record that says so: it keeps out whoever adds it later. */
const REMOVE = `INSERT INTO keys (${COLUMNS}) VALUES (?, ?, ?, ?, NULL, ?)
  ON CONFLICT (kid) DO UPDATE SET sealed = NULL, removed_at = excluded.removed_at WHERE keys.removed_at IS NULL
  RETURNING ${COLUMNS}`
const RESEAL = 'UPDATE keys SET sealed = ? WHERE kid = ? AND sealed = ?'
const FORGET = 'DELETE FROM keys WHERE kid = ?'

export function keysPort(driver: Driver, source: Source): Keys {
  const { write } = driver
  return {
    source,
    async list() {
      return (await driver.all<KeyRow>(LIST)).map(keyOf)
    },
    add: (key, after) => write(() => add(key, after)),
    remove: (kid, alg, now) => write(() => remove(kid, alg, now)),
    reseal: async (kid, expected, sealed) => (await driver.run(RESEAL, sealed, kid, expected)) > 0,
    forget: async (kid) => (await driver.run(FORGET, kid)) > 0,
  }
}

function* add(key: KeyRecord, after: string | null): Work<Changed<KeyRecord>> {
  yield* alone('keys')
  const newest = yield* one<{ kid: string }>(NEWEST)
  const row =
    (newest?.kid ?? null) === after
      ? yield* one<KeyRow>(ADD, key.kid, key.alg, key.createdAt, key.signsFrom, key.sealed, key.removedAt)
      : undefined
  return yield* changed(row, false)
}

function* remove(kid: string, alg: string, now: number): Work<Changed<KeyRecord>> {
  yield* alone('keys')
  return yield* changed(yield* one<KeyRow>(REMOVE, kid, alg, now, now, now), true)
}

/** Tells the feed of the key that a statement answered with, if it did. */
function* changed(row: KeyRow | undefined, removed: boolean): Work<Changed<KeyRecord>> {
  if (!row) return { value: null, position: yield* tail() }
  return { value: keyOf(row), position: yield* append({ kind: 'key', kid: row.kid, removed }) }
}

function keyOf(row: KeyRow): KeyRecord {
  return {
    kid: row.kid,
    alg: row.alg,
    createdAt: row.created_at,
    signsFrom: row.signs_from,
    sealed: row.sealed,
    removedAt: row.removed_at,
  }
}
