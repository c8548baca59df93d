import { randomText } from '../../crypto.ts'
import type { Change, Entry, Feed, FeedRead, Position, Row } from '../../feed.ts'
import { all, type Driver, one, run, type Work } from './driver.ts'
import { TAIL, tail } from './feed-append.ts'
import { parse } from './json.ts'

type RowRow = { readonly id: string; readonly acknowledged: number; readonly marked: number }
type EntryRow = { readonly at: number; readonly id: string; readonly change: string }
/** Everything a read has to know besides the entries. Nulls: no such row, no entry there, no entry at all. */
type StateRow = {
  readonly epoch: string
  readonly registered: string | null
  readonly marked: number | null
  readonly here: string | null
  readonly first: number | null
  readonly last: number | null
}

const STATE = `SELECT s.epoch, r.epoch AS registered, r.marked, e.id AS here,
    (SELECT min(at) FROM feed_entries) AS first, (SELECT max(at) FROM feed_entries) AS last
  FROM feed_state s LEFT JOIN feed_rows r ON r.id = ? LEFT JOIN feed_entries e ON e.at = ? WHERE s.id = 1`
const EPOCH = 'SELECT epoch FROM feed_state WHERE id = 1'
const ENTRIES = 'SELECT at, id, change FROM feed_entries WHERE at > ? ORDER BY at LIMIT ?'
const NEWEST = 'SELECT at, id FROM feed_entries WHERE at = (SELECT max(at) FROM feed_entries)'
const REGISTER = 'INSERT INTO feed_rows (id, epoch, acknowledged, marked) VALUES (?, ?, ?, 0)'
const ACKNOWLEDGE = 'UPDATE feed_rows SET acknowledged = ? WHERE id = ? AND acknowledged < ?'
const ROWS = 'SELECT id, acknowledged, marked FROM feed_rows'

/** An entry goes once every row is past it: the one a row stands on stays, and so does the newest. */
const TRIM = `DELETE FROM feed_entries WHERE at IN (SELECT at FROM feed_entries
  WHERE at < (SELECT max(at) FROM feed_entries) - ? AND at < coalesce((SELECT min(acknowledged) FROM feed_rows), ?)
  ORDER BY at LIMIT ?)`
const TRIMMED = 500

const ORIGIN: Position = { at: 0, id: '' }

/** A complete answer with nothing new in it, good as long as nobody has committed anything. */
type Quiet = { readonly version: number; readonly after: Position; readonly answer: FeedRead }

export function sqlFeed({ dialect, feed: channel }: Driver): Feed {
  const quiet = new Map<string, Quiet>()

  async function read(row: string, after: Position, limit: number): Promise<FeedRead> {
    const version = channel.version()
    const known = quiet.get(row)
    if (known && known.version === version && known.after.at === after.at && known.after.id === after.id) {
      return known.answer
    }
    const answer = await channel.snapshot(() => readFrom(row, after, limit))
    if (!answer) {
      await channel.write(epoch)
      return await read(row, after, limit)
    }
    const { standing, lost, complete, entries } = answer
    if (version === null || standing === 'unknown' || lost || !complete) quiet.delete(row)
    else {
      const { at, id } = entries.at(-1) ?? after
      quiet.set(row, { version, after: { at, id }, answer: { ...answer, entries: [] } })
    }
    return answer
  }

  return {
    register: (from) => channel.write(() => register(from)),
    read,
    acknowledge: async (row, at) => void (await channel.write(() => run(ACKNOWLEDGE, at, row, at))),
    async epoch() {
      const found = await channel.snapshot(() => one<{ epoch: string }>(EPOCH))
      return found?.epoch ?? (await channel.write(epoch))
    },
    tail: () => channel.snapshot(tail),
    async rows() {
      const found = await channel.snapshot(() => all<RowRow>(ROWS))
      return found.map(({ id, acknowledged, marked }): Row => ({ id, acknowledged, marked: marked === 1 }))
    },
    async mark(rows) {
      await channel.write(() =>
        run(`UPDATE feed_rows SET marked = 1 WHERE ${dialect.among('id')}`, JSON.stringify(rows)),
      )
    },
    async remove(rows) {
      await channel.write(() => run(`DELETE FROM feed_rows WHERE ${dialect.among('id')}`, JSON.stringify(rows)))
      for (const row of rows) quiet.delete(row)
    },
    async trim(keep) {
      const most = Math.max(0, keep)
      while ((await channel.write(() => run(TRIM, most, Number.MAX_SAFE_INTEGER, TRIMMED))) === TRIMMED);
    },
    onAppend: (wake) => channel.watch(TAIL, wake),
  }
}

/** Null when the feed has no epoch. */
function* readFrom(row: string, after: Position, limit: number): Work<FeedRead | null> {
  const state = yield* one<StateRow>(STATE, row, after.at)
  if (!state) return null
  const { epoch, registered, marked } = state
  const standing = registered === null ? 'unknown' : marked === 0 ? 'good' : 'marked'
  const moved = registered !== null && registered !== epoch
  if (moved || !isKept(after, state)) return { epoch, standing, lost: true, complete: false, entries: [] }
  const last = state.last ?? 0
  const found = last > after.at ? yield* all<EntryRow>(ENTRIES, after.at, Math.max(0, limit)) : []
  const entries = found.map(({ at, id, change }): Entry => ({ at, id, change: parse<Change>(change) }))
  return { epoch, standing, lost: false, complete: (entries.at(-1)?.at ?? after.at) === last, entries }
}

/** Whether whoever has read up to here still finds all that follows. The beginning is kept until the first entry goes. */
function isKept({ at, id }: Position, { here, first }: StateRow): boolean {
  return at === ORIGIN.at ? id === ORIGIN.id && (first ?? 1) === 1 : here === id
}

function* register(from: Position | null): Work<{ row: string; position: Position; epoch: string }> {
  const current = yield* epoch()
  const newest = (yield* one<Position>(NEWEST)) ?? ORIGIN
  const { at, id } = from ?? newest
  const row = randomText(16)
  // What lies beyond the newest was never applied: counting it would let endings settle unseen.
  yield* run(REGISTER, row, current, Math.min(at, newest.at))
  return { row, position: { at, id }, epoch: current }
}

/** The epoch, made anew where it is missing. */
export function* epoch(): Work<string> {
  const found = yield* one<{ epoch: string }>(EPOCH)
  if (found) return found.epoch
  const made = randomText(16)
  yield* run('INSERT INTO feed_state (id, epoch) VALUES (1, ?)', made)
  return made
}
