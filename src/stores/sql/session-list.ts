import { fold, isFindable, type Key } from '../../cursor.ts'
import { dueAt, type SessionRecord } from '../../session.ts'
import type { Page, SessionFilter } from '../../store.ts'
import type { Driver, Value } from './driver.ts'
import { text } from './json.ts'
import { SESSION, type SessionRow, sessionOf } from './session-row.ts'
import { byAge, type Condition, contains, fits, type Stretch, together, walked } from './walk.ts'

type Candidate = { readonly at: number; readonly id: string }
type Row = Candidate & { readonly fits: number }

/** One stretch of an index, in its order: those for which these hold. */
type Branch = readonly (readonly [column: string, value: Value])[]

/** Kinds of devices that are gone through to find what is asked for, and how many of them may be it: more, and sessions are looked at instead. */
const KINDS = 500
const MOST_KINDS = 40

const keyOf = ({ at, id }: Candidate): Key => [at, id]

/** `Sessions.list`. An index of users, addresses, devices or strategies narrows it; what else is asked for is looked at. */
export async function listSessions(
  driver: Driver,
  filter: SessionFilter,
  cursor: string | null,
  limit: number,
  now: number,
): Promise<Page<SessionRecord>> {
  if (filter.device !== undefined && !isFindable(filter.device)) return { items: [], nextCursor: null }
  const stretch = await stretching(driver, filter)
  const isOpen = (record: SessionRecord) => record.endedAt === null && dueAt(record) > now
  return walked(
    {
      stretch,
      keyOf,
      async load(some) {
        const ids = text(some.map(({ id }) => id))
        const rows = await driver.all<SessionRow>(
          `SELECT ${SESSION} FROM sessions WHERE ${driver.dialect.among('id')}`,
          ids,
        )
        const records = new Map(rows.map((row) => [row.id, sessionOf(row)]))
        return some.map(({ id }) => {
          const record = records.get(id) ?? null
          return record && (filter.state !== 'active' || isOpen(record)) ? record : null
        })
      },
    },
    cursor,
    limit,
  )
}

async function stretching(
  driver: Driver,
  filter: SessionFilter,
): Promise<(from: Key, size: number) => Promise<Stretch<Candidate>>> {
  const { userId, userIds, ip, device, strategy, state } = filter
  const states = state === undefined ? [0, 1] : [state === 'active' ? 0 : 1]
  if (userId !== undefined && userIds?.includes(userId) === false) return async () => ({ candidates: [], border: null })

  const asked: Asked[] = []
  const same = (column: string, value: string) =>
    asked.push({ branches: [[[column, value]]], wanted: { sql: `${column} = ?`, values: [value] } })
  if (ip !== undefined) same('ip', ip)
  if (device) {
    const kinds = await kindsOf(driver, fold(device))
    const branches = kinds?.map((kind): Branch => [['device', kind]]) ?? null
    asked.push({ branches, wanted: contains('device', fold(device)) })
  }
  if (strategy !== undefined) same('strategy', strategy)

  const none = userId !== undefined || userIds !== undefined
  const narrow = none ? null : await fewest(driver, asked, states)
  const wanted = asked.filter((one) => one !== narrow).map((one) => one.wanted)
  if (userIds !== undefined && userId === undefined) {
    return (from, size) => ofUsers(driver, userIds, states, wanted, from, size)
  }
  const own: readonly Branch[] = userId === undefined ? [[]] : [[['user_id', userId]]]
  const branches = states.flatMap((ended) => (narrow?.branches ?? own).map((one): Branch => [...one, ['ended', ended]]))
  return (from, size) => ofBranches(driver, branches, wanted, from, size)
}

/** What is asked for: the stretches of an index that have it, null where none does; and how a row is looked at for it. */
type Asked = { readonly branches: readonly Branch[] | null; readonly wanted: Condition }

/** So many are few: beyond that it is not told what is the fewest. */
const FEW = 2_000

/** What the fewest sessions have of all that is asked for; null where no index helps. */
async function fewest(
  { one }: Pick<Driver, 'one'>,
  asked: readonly Asked[],
  states: readonly number[],
): Promise<Asked | null> {
  const able = asked.filter(({ branches }) => branches !== null)
  if (able.length <= 1) return able[0] ?? null
  let least: { readonly asked: Asked; readonly count: number } | null = null
  for (const each of able) {
    let count = 0
    for (const branch of states.flatMap((ended) =>
      (each.branches ?? []).map((own): Branch => [...own, ['ended', ended]]),
    )) {
      const where = branch.map(([column]) => `${column} = ?`).join(' AND ')
      const sql = `SELECT count(*) AS count FROM (SELECT 1 FROM session_list WHERE ${where} ORDER BY created_at DESC LIMIT ?) AS few`
      count += (await one<{ count: number }>(sql, ...branch.map(([, value]) => value), FEW + 1))?.count ?? 0
      if (count > FEW) break
    }
    if (least === null || count < least.count) least = { asked: each, count }
  }
  return least?.asked ?? null
}

/** What several stretches of an index have, together, as far down as all of them were looked at. */
async function ofBranches(
  { all }: Pick<Driver, 'all'>,
  branches: readonly Branch[],
  wanted: readonly Condition[],
  from: Key,
  size: number,
): Promise<Stretch<Candidate>> {
  if (branches.length === 0) return { candidates: [], border: null }
  const each = Math.max(20, Math.ceil(size / branches.length))
  const { sql, values } = fits(wanted)
  const select = (
    branch: Branch,
    i: number,
  ) => `SELECT created_at AS at, session_id AS id, ${sql}, ${i} AS branch FROM (
    SELECT * FROM session_list WHERE ${branch.map(([column]) => `${column} = ?`).join(' AND ')}
      AND (created_at, session_id) < (?, ?) ORDER BY created_at DESC, session_id DESC LIMIT ?) AS branch${i}`
  const given = branches.flatMap((branch) => [...values, ...branch.map(([, value]) => value), ...from, each])
  const rows = await all<Row & { readonly branch: number }>(branches.map(select).join(' UNION ALL '), ...given)
  const { candidates, border } = together(rows, branches.length, each, keyOf)
  return { candidates: candidates.filter((row) => row.fits === 1), border }
}

/** Of a few thousand users. What they have is gone through as a whole: few have more than a handful. */
async function ofUsers(
  { all, dialect }: Driver,
  userIds: readonly string[],
  states: readonly number[],
  wanted: readonly Condition[],
  from: Key,
  size: number,
): Promise<Stretch<Candidate>> {
  const besides = wanted.map(({ sql }) => ` AND ${sql}`).join('')
  const values = wanted.flatMap((one) => one.values)
  const own = dialect.ofEach(
    'session_list',
    'session_id',
    `FROM session_list WHERE user_id = each.value AND ended = ? AND (created_at, session_id) < (?, ?)${besides}
      ORDER BY created_at DESC, session_id DESC LIMIT ?`,
  )
  const candidates: Candidate[] = []
  for (const ended of states) {
    const rows = await all<Candidate>(
      `SELECT own.created_at AS at, own.session_id AS id FROM ${own}
        ORDER BY own.created_at DESC, own.session_id DESC LIMIT ?`,
      ...[text(userIds), ended, ...from, ...values, size, size],
    )
    candidates.push(...rows)
  }
  const inOrder = candidates.sort((a, b) => byAge(keyOf(a), keyOf(b))).slice(0, size)
  const last = inOrder.at(-1)
  return {
    candidates: inOrder,
    border: last && inOrder.length === size ? keyOf(last) : null,
  }
}

/** The kinds of devices whose name has this part: one step in an index for each kind there is. Null when they are too many to tell. */
async function kindsOf({ all }: Pick<Driver, 'all'>, part: string): Promise<readonly string[] | null> {
  const { sql, values } = contains('device', part)
  const rows = await all<{ device: string | null; n: number; fits: number | null }>(
    `WITH RECURSIVE kinds (device, n) AS (
      SELECT (SELECT min(device) FROM session_list), 1
      UNION ALL
      SELECT (SELECT min(l.device) FROM session_list l WHERE l.device > kinds.device), n + 1 FROM kinds
        WHERE kinds.device IS NOT NULL AND n < ?)
    SELECT device, n, CASE WHEN ${sql} THEN 1 ELSE 0 END AS fits FROM kinds WHERE device IS NOT NULL`,
    ...[KINDS, ...values],
  )
  const found = rows.filter((row) => row.fits === 1).map(({ device }) => device as string)
  return rows.length >= KINDS || found.length > MOST_KINDS ? null : found
}
