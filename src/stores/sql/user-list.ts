import { isFindable, type Key } from '../../cursor.ts'
import type { Page, UserFilter } from '../../store.ts'
import type { User } from '../../user.ts'
import { begin, WORD_LENGTH, wordsOf } from '../../words.ts'
import type { Driver } from './driver.ts'
import { USER, type UserRow, userOf } from './user-row.ts'
import { byAge, type Condition, contains, together, type Way, walked } from './walk.ts'

type Candidate = { readonly at: number; readonly id: string }

/** Up to so many are rare: all of them are looked at, whatever their age. More of a million are met often enough by going through all. */
const RARE = 2_500

/** A role that so few have narrows more than a status. */
const FEW = 2_000

const keyOf = ({ at, id }: Candidate): Key => [at, id]

/** After every word that begins alike. */
const LAST = '\u{10ffff}'

const WORD = 'word >= ? AND word < ?'
const HOW_MANY = `SELECT count(*) AS count FROM (SELECT 1 FROM user_words WHERE ${WORD} ORDER BY word LIMIT ?) AS few`
const OF_WORD = `SELECT created_at AS at, user_id AS id FROM user_words WHERE ${WORD}`
/** The words that begin alike, one step in the index for each. */
const KINDS = `WITH RECURSIVE kinds (word, n) AS (
    SELECT (SELECT min(word) FROM user_words WHERE ${WORD}), 1
    UNION ALL
    SELECT (SELECT min(w.word) FROM user_words w WHERE w.word > kinds.word AND w.word < ?), n + 1 FROM kinds
      WHERE kinds.word IS NOT NULL AND n < ?)
  SELECT word FROM kinds WHERE word IS NOT NULL`
const MOST_KINDS = 40
const OF_KIND = `SELECT created_at AS at, user_id AS id FROM user_words
  WHERE word = ? AND (created_at, user_id) < (?, ?) ORDER BY created_at DESC, user_id DESC LIMIT ?`
const OF_ROLE =
  'SELECT count(*) AS count FROM (SELECT 1 FROM user_roles WHERE role = ? ORDER BY created_at LIMIT ?) AS few'

const OF_STATUS =
  'SELECT count(*) AS count FROM (SELECT 1 FROM users WHERE status = ? ORDER BY created_at LIMIT ?) AS few'

const BEFORE = '(created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT ?'

/** `Users.list`. An index of words, of roles or of statuses narrows it; what else is asked for is looked at. */
export async function listUsers(
  driver: Driver,
  filter: UserFilter,
  cursor: string | null,
  limit: number,
): Promise<Page<User>> {
  const sought = filter.query === undefined ? null : isFindable(filter.query) ? wordsOf(filter.query) : []
  if (sought?.length === 0) return { items: [], nextCursor: null }
  const { stretch, wanted } = await narrowed(driver, filter, sought)
  const load = (some: readonly Candidate[]) => accepted(driver, some, filter, sought)
  return walked({ stretch: fitting(driver, stretch, wanted), load, keyOf }, cursor, limit)
}

type Stretching = Way<Candidate, User>['stretch']

/** By what the fewest have: a rare word, a rare role or status, a word that many have, or nothing at all. What is left is `wanted`. */
async function narrowed(
  driver: Driver,
  filter: UserFilter,
  sought: readonly string[] | null,
): Promise<{ readonly stretch: Stretching; readonly wanted: readonly Condition[] }> {
  const { status } = filter
  const isStatus = status === undefined ? [] : [{ sql: 'u.status = ?', values: [status] }]
  const words = sought?.map(near) ?? []
  const rare = sought && (await byWord(driver, sought))
  // Of one word the index says all.
  const besides = words.length > 1 ? words : []
  if (rare) return { stretch: rare, wanted: [...besides, ...isStatus] }
  const { narrow, isFew } = await narrowest(driver, filter, sought !== null)
  const kinds = sought && !isFew ? await byKinds(driver, sought) : null
  if (kinds) return { stretch: kinds, wanted: [...besides, ...isStatus] }
  return { stretch: byIndex(driver, filter, narrow), wanted: narrow === 'status' ? words : [...words, ...isStatus] }
}

/** The same, without those for whom something else does not hold: users are not read as a whole for that. */
function fitting(driver: Driver, stretch: Stretching, wanted: readonly Condition[]): Stretching {
  if (wanted.length === 0) return stretch
  const sql = `SELECT u.id FROM users u WHERE ${driver.dialect.among('u.id')} AND ${wanted.map((one) => one.sql).join(' AND ')}`
  const values = wanted.flatMap((one) => one.values)
  return async (from, size) => {
    const { candidates, border } = await stretch(from, size)
    const ids = JSON.stringify(candidates.map(({ id }) => id))
    const fit = new Set((await driver.all<{ id: string }>(sql, ids, ...values)).map(({ id }) => id))
    return { candidates: candidates.filter(({ id }) => fit.has(id)), border }
  }
}

/** All who have the rarest of the words, if it is rare. */
async function byWord(driver: Driver, sought: readonly string[]): Promise<Stretching | null> {
  const rare: { readonly word: string; readonly count: number }[] = []
  for (const word of sought.map(cut)) {
    const { count } = (await driver.one<{ count: number }>(HOW_MANY, word, word + LAST, RARE + 1)) as { count: number }
    if (count === 0) return async () => ({ candidates: [], border: null })
    if (count <= RARE) rare.push({ word, count })
  }
  const rarest = rare.sort((one, other) => one.count - other.count)[0]?.word
  if (rarest === undefined) return null
  // Somebody may have several words that begin so.
  const each = new Map((await driver.all<Candidate>(OF_WORD, rarest, rarest + LAST)).map((one) => [one.id, one]))
  const all = [...each.values()].sort((a, b) => byAge(keyOf(a), keyOf(b)))
  return async (from, size) => {
    const first = all.findIndex((one) => byAge(from, keyOf(one)) < 0)
    const candidates = first === -1 ? [] : all.slice(first, first + size)
    const last = candidates.at(-1)
    return { candidates, border: last && candidates.length === size ? keyOf(last) : null }
  }
}

/**
 * All who have one of the words that begin like one that many have, where those are few words: a domain, a family. Each has an index of
 * its own, in the order of the list.
 */
async function byKinds({ all }: Driver, sought: readonly string[]): Promise<Stretching | null> {
  for (const word of sought.map(cut).sort((one, other) => other.length - one.length)) {
    const kinds = await all<{ word: string }>(KINDS, word, word + LAST, word + LAST, MOST_KINDS + 1)
    if (kinds.length > MOST_KINDS) continue
    const select = kinds
      .map((_, i) => `SELECT at, id, ${i} AS branch FROM (${OF_KIND}) AS branch${i}`)
      .join(' UNION ALL ')
    return async (from, size) => {
      const each = Math.max(20, Math.ceil(size / kinds.length))
      const given = kinds.flatMap((kind) => [kind.word, ...from, each])
      const rows = await all<Candidate & { branch: number }>(select, ...given)
      const { candidates, border } = together(rows, kinds.length, each, keyOf)
      // Somebody may have several of them.
      return { candidates: candidates.filter(({ id }, i) => id !== candidates[i - 1]?.id), border }
    }
  }
  return null
}

/** Everybody of a role or a status, or everybody, newest first. */
function byIndex({ all }: Driver, { role, status }: UserFilter, narrow: Narrow): Stretching {
  const sql = {
    role: `SELECT created_at AS at, user_id AS id FROM user_roles
      WHERE role = ? AND (created_at, user_id) < (?, ?) ORDER BY created_at DESC, user_id DESC LIMIT ?`,
    status: `SELECT created_at AS at, id FROM users WHERE status = ? AND ${BEFORE}`,
    all: `SELECT created_at AS at, id FROM users WHERE ${BEFORE}`,
  }[narrow]
  const of = narrow === 'role' ? role : narrow === 'status' ? status : undefined
  return async (from, size) => {
    const candidates = await all<Candidate>(sql, ...(of === undefined ? [] : [of]), ...from, size)
    const last = candidates.at(-1)
    return { candidates, border: last && candidates.length === size ? keyOf(last) : null }
  }
}

type Narrow = 'role' | 'status' | 'all'

/** @param besides whether more is asked for than a role or a status */
async function narrowest(
  driver: Driver,
  { role, status }: UserFilter,
  besides: boolean,
): Promise<{ readonly narrow: Narrow; readonly isFew: boolean }> {
  const given: readonly (readonly [Narrow, string, string])[] = [
    ...(role === undefined ? [] : [['role', OF_ROLE, role] as const]),
    ...(status === undefined ? [] : [['status', OF_STATUS, status] as const]),
  ]
  const [only] = given
  if (only === undefined) return { narrow: 'all', isFew: false }
  if (given.length === 1 && !besides) return { narrow: only[0], isFew: false }
  let least = { narrow: only[0], count: Number.POSITIVE_INFINITY }
  for (const [narrow, sql, value] of given) {
    const { count } = (await driver.one<{ count: number }>(sql, value, FEW + 1)) as { count: number }
    if (count < least.count) least = { narrow, count }
  }
  return { narrow: least.narrow, isFew: least.count <= FEW }
}

/** The users themselves, as far as all of the filter holds for them. */
async function accepted(
  driver: Driver,
  some: readonly Candidate[],
  { role, status }: UserFilter,
  sought: readonly string[] | null,
): Promise<readonly (User | null)[]> {
  const ids = JSON.stringify(some.map(({ id }) => id))
  const rows = await driver.all<UserRow>(`SELECT ${USER} FROM users WHERE ${driver.dialect.among('id')}`, ids)
  const users = new Map(rows.map((row) => [row.id, userOf(row)]))
  return some.map(({ id }) => {
    const user = users.get(id as User['id'])
    if (!user || (role !== undefined && !user.roles.includes(role))) return null
    if (status !== undefined && user.status !== status) return null
    return sought === null || begin(wordsOf(`${user.email} ${user.name}`), sought) ? user : null
  })
}

function cut(word: string): string {
  return [...word].slice(0, WORD_LENGTH).join('')
}

/** Whether a word is in address or name, wherever it begins: what is found so is looked at closely. */
function near(word: string): Condition {
  const [email, name] = [contains('u.email_folded', word), contains('u.name_folded', word)]
  return { sql: `(${email.sql} OR ${name.sql})`, values: [...email.values, ...name.values] }
}
