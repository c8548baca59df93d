import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { SESSION } from '../../src/stores/sql/session-row.ts'
import { HOUR, MINUTE, sampleSession, T0 } from '../../src/testing/samples.ts'
import type { Place } from './stores.ts'

/** So many sessions, of a thousand users. Of five one is over by its absolute limit, one by its idle limit, and three go on. */
export const ROWS = 20_000
export const DUE = (ROWS / 5) * 2
/** When those are over, and the others are not. */
export const NOW = T0 + HOUR

/** What differs from one row to the next, as SQL that both databases understand. */
const OWN: Readonly<Record<string, string>> = {
  id: "'s' || (1000000 + n)",
  user_id: "'u' || (n % 1000)",
  created_at: 'created_at + n',
  last_active_at: `created_at + n + CASE WHEN n % 5 > 1 THEN ${HOUR} ELSE 0 END`,
  expires_at: `created_at + n + CASE WHEN n % 5 = 0 THEN ${20 * MINUTE} ELSE ${12 * HOUR} END`,
  due_at: `created_at + n + CASE n % 5 WHEN 0 THEN ${20 * MINUTE} WHEN 1 THEN ${30 * MINUTE} ELSE ${90 * MINUTE} END`,
}

const COLUMNS = `${SESSION}, due_at, device_folded`.split(',').map((column) => column.trim())

const FILL = `WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${ROWS - 1})
  INSERT INTO sessions (${COLUMNS}) SELECT ${COLUMNS.map((column) => OWN[column] ?? column)}
  FROM sessions, numbers WHERE id = '${sampleSession('model').id}'`
const FORGET = `DELETE FROM sessions WHERE id = '${sampleSession('model').id}'`

/** Writes them past the store's verbs, which would take a transaction each. */
export async function fill({ store, at }: Place): Promise<void> {
  if (at === null) return fillMemory({ store })
  await store.sessions.start(sampleSession('model'), null, T0)
  for (const sql of [FILL, FORGET, 'ANALYZE']) await asOwner(at, sql)
}

async function fillMemory({ store }: Pick<Place, 'store'>): Promise<void> {
  for (let n = 0; n < ROWS; n += 1) {
    const createdAt = T0 + n
    const record = sampleSession(`s${n}`, {
      userId: `u${n % 1000}` as never,
      createdAt,
      lastActiveAt: createdAt + (n % 5 > 1 ? HOUR : 0),
      expiresAt: createdAt + (n % 5 === 0 ? 20 * MINUTE : 12 * HOUR),
    })
    await store.sessions.start(record, null, T0)
  }
}

/** Runs statements on the database itself. */
export async function asOwner(at: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  if (!at.startsWith('postgres:')) {
    const database = new DatabaseSync(at)
    try {
      return database.prepare(sql).all()
    } finally {
      database.close()
    }
  }
  const client = new pg.Client(at)
  await client.connect()
  try {
    await client.query('SET search_path TO sallyport')
    const given = await client.query(sql)
    // Of several statements each has an answer; the last counts.
    return (Array.isArray(given) ? given.at(-1) : given).rows
  } finally {
    await client.end()
  }
}
