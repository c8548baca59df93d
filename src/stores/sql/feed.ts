import { randomText } from '../../crypto.ts'
import type { Change, Entry, Feed, FeedRead, Position, Row } from '../../feed.ts'
import { answerOf, type FeedState, isRegress, ORIGIN } from '../../feed-state.ts'
import type { Dialect, Driver } from './driver.ts'
import { TAIL } from './feed-append.ts'
import { parse } from './json.ts'

type RowRow = { readonly id: string; readonly acknowledged: number; readonly marked: number }
/** What is known of the epoch: as it is stored, and with what it is bound to. */
type EpochRow = { readonly stored: string; readonly epoch: string }
/** Everything a read has to know besides the entries. Nulls: no such row, no entry there, no entry at all. */
type StateRow = EpochRow & {
  readonly registered: string | null
  readonly marked: number | null
  readonly here: string | null
  readonly first: number | null
  readonly last: number | null
}
/** A new row, and the id of the entry it stands on if there is one. */
type RegisteredRow = { readonly id: string; readonly epoch: string; readonly at: number; readonly place: string | null }
/** The state, beside each entry that was found; beside nulls when there is none. */
type ReadRow = StateRow &
  ({ readonly at: number; readonly id: string; readonly change: string } | { readonly at: null })

const BEGIN = 'INSERT INTO feed_state (id, epoch) VALUES (1, ?) ON CONFLICT DO NOTHING'
const BEGIN_ANEW = 'UPDATE feed_state SET epoch = ? WHERE id = 1 AND epoch = ?'
const ACKNOWLEDGE = 'UPDATE feed_rows SET acknowledged = ? WHERE id = ? AND acknowledged < ?'
const ROWS = 'SELECT id, acknowledged, marked FROM feed_rows'

/** An entry goes once every row is past it: the one a row stands on stays, and so does the newest. */
const TRIM = `DELETE FROM feed_entries WHERE at IN (SELECT at FROM feed_entries
  WHERE at < (SELECT max(at) FROM feed_entries) - ? AND at < coalesce((SELECT min(acknowledged) FROM feed_rows), ?)
  ORDER BY at LIMIT ?)`
const TRIMMED = 500

/** A complete answer with nothing new in it, good as long as nobody has committed anything. */
type Quiet = { readonly version: number; readonly after: Position; readonly answer: FeedRead }

export function sqlFeed({ dialect, feed: channel }: Driver): Feed {
  const quiet = new Map<string, Quiet>()
  const { READ, REGISTER, EPOCH, MARK, REMOVE } = statements(dialect)

  async function read(row: string, after: Position, limit: number): Promise<FeedRead> {
    const version = channel.version()
    const known = quiet.get(row)
    if (known && known.version === version && known.after.at === after.at && known.after.id === after.id) {
      return known.answer
    }
    const rows = await channel.all<ReadRow>(READ, row, after.at, after.at, Math.max(0, limit))
    const [found] = rows
    const state = found ? stateOf(found) : null
    if (!state || isRegress(row, after, state)) {
      if (state) await channel.run(BEGIN_ANEW, randomText(16), state.stored)
      else await channel.run(...begin())
      return await read(row, after, limit)
    }
    const answer = answerOf(state, entriesOf(rows), after)
    const { standing, lost, complete, entries } = answer
    if (version === null || standing === 'unknown' || lost || !complete) quiet.delete(row)
    else {
      const { at, id } = entries.at(-1) ?? after
      quiet.set(row, { version, after: { at, id }, answer: { ...answer, entries: [] } })
    }
    return answer
  }

  async function epoch(): Promise<string> {
    const [found] = await channel.all<EpochRow>(EPOCH)
    if (found) return found.epoch
    await channel.run(...begin())
    return await epoch()
  }

  async function register(from: Position | null): Promise<{ row: string; position: Position; epoch: string }> {
    await epoch()
    const most = from?.at ?? Number.MAX_SAFE_INTEGER
    const made = await channel.change<RegisteredRow>(REGISTER, randomText(16), most)
    if (!made) return await register(from)
    const newest = { at: made.at, id: made.place ?? ORIGIN.id }
    return { row: made.id, position: from ? { at: from.at, id: from.id } : newest, epoch: made.epoch }
  }

  return {
    register,
    read,
    acknowledge: async (row, at) => void (await channel.run(ACKNOWLEDGE, at, row, at)),
    epoch,
    async tail() {
      const [newest] = await channel.all<{ at: number }>(TAIL)
      return (newest as { at: number }).at
    },
    async rows() {
      const found = await channel.all<RowRow>(ROWS)
      return found.map(({ id, acknowledged, marked }): Row => ({ id, acknowledged, marked: marked === 1 }))
    },
    mark: async (rows) => void (await channel.run(MARK, JSON.stringify(rows))),
    async remove(rows) {
      await channel.run(REMOVE, JSON.stringify(rows))
      for (const row of rows) quiet.delete(row)
    },
    async trim(keep) {
      const most = Math.max(0, keep)
      while ((await channel.run(TRIM, most, Number.MAX_SAFE_INTEGER, TRIMMED)) === TRIMMED);
    },
    onAppend: (wake) => channel.watch(TAIL, wake),
  }
}

/** Makes an epoch where there is none. */
export function begin(): readonly [sql: string, epoch: string] {
  return [BEGIN, randomText(16)]
}

function stateOf({ stored, epoch, registered, marked, here, first, last }: StateRow): FeedState {
  return {
    stored,
    epoch,
    row: registered === null ? null : { epoch: registered, marked: marked !== 0 },
    here,
    first,
    last,
  }
}

function entriesOf(rows: readonly ReadRow[]): readonly Entry[] {
  return rows.flatMap((row): Entry[] =>
    row.at === null ? [] : [{ at: row.at, id: row.id, change: parse<Change>(row.change) }],
  )
}

function statements({ among, least, identity }: Dialect) {
  const epochs = `s.epoch AS stored, s.epoch || ${identity} AS epoch`
  return {
    READ: `SELECT ${epochs}, r.epoch AS registered, r.marked, e.id AS here,
        (SELECT min(at) FROM feed_entries) AS first, (SELECT max(at) FROM feed_entries) AS last, n.at, n.id, n.change
      FROM feed_state s LEFT JOIN feed_rows r ON r.id = ? LEFT JOIN feed_entries e ON e.at = ?
        LEFT JOIN (SELECT at, id, change FROM feed_entries WHERE at > ? ORDER BY at LIMIT ?) n ON 1 = 1
      WHERE s.id = 1 ORDER BY n.at`,
    /** What lies beyond the newest was never applied: counting it would let endings settle unseen. */
    REGISTER: `INSERT INTO feed_rows (id, epoch, acknowledged, marked)
      SELECT s.epoch || '.' || ?, s.epoch, ${least}(?, n.at), 0
        FROM feed_state s, (SELECT coalesce(max(at), 0) AS at FROM feed_entries) n WHERE s.id = 1
      RETURNING id, epoch || ${identity} AS epoch, acknowledged AS at,
        (SELECT e.id FROM feed_entries e WHERE e.at = acknowledged) AS place`,
    EPOCH: `SELECT ${epochs} FROM feed_state s WHERE s.id = 1`,
    MARK: `UPDATE feed_rows SET marked = 1 WHERE ${among('id')}`,
    REMOVE: `DELETE FROM feed_rows WHERE ${among('id')}`,
  } as const
}
