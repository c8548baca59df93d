import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { afterEach, expect, it, vi } from 'vitest'
import type { Store } from '../../src/store.ts'
import { sqliteStore } from '../../src/stores/sql/sqlite/store.ts'
import { sampleSession, T0 } from '../../src/testing/samples.ts'
import { sourceOf } from '../stores/source-of.ts'
import { asOwner, fill, NOW, ROWS } from './many.ts'
import { type Place, trap } from './stores.ts'

type Statement = { readonly sql: string; readonly values: readonly unknown[] }

const USER = 'u7' as never
const ONE = sampleSession('one')

/** What goes through many sessions, or is asked while there are many. */
const VERBS: Readonly<Record<string, (store: Store, cursor: string | null) => Promise<unknown>>> = {
  'a sweep': ({ sessions }) => sessions.endDue(NOW, 200, NOW),
  'a clean-up after everyone was signed out': ({ sessions }) => sessions.endOlder(1, 200, NOW),
  'what is old is forgotten': ({ sessions }) => sessions.purge(NOW, 200),
  'a look-up': ({ sessions }) => sessions.find(ONE.id),
  'uses are written': ({ sessions }) => sessions.touch([{ ...ONE, lastActiveAt: NOW }]),
  'all of a user end': ({ sessions }) => sessions.endOf(USER, 'session_revoked', NOW, null),
  'a list of a user’s own': ({ sessions }) => sessions.ofUser(USER, 'active', 50),
  'a list': ({ sessions }, cursor) => sessions.list({}, cursor, 50, NOW),
  'a list of those that are open': ({ sessions }, cursor) => sessions.list({ state: 'active' }, cursor, 50, NOW),
  'a list of those that have ended': ({ sessions }, cursor) => sessions.list({ state: 'ended' }, cursor, 50, NOW),
  'a list by user': ({ sessions }, cursor) => sessions.list({ userId: USER }, cursor, 50, NOW),
  'a list by address': ({ sessions }, cursor) => sessions.list({ ip: '192.0.2.1' }, cursor, 50, NOW),
  ...Object.fromEntries(
    (['active', 'ended'] as const).flatMap((state) =>
      [
        { userId: USER },
        { ip: '192.0.2.1' },
        { ip: 'nowhere' },
        { device: 'fire' },
        { device: 'nothing' },
        { strategy: 'session' },
      ]
        .concat(
          { strategy: 'none' } as never,
          { userIds: [USER, 'u8', 'nobody'] } as never,
          { ip: '192.0.2.1', strategy: 'none' } as never,
        )
        .map((filter): [string, (store: Store, cursor: string | null) => Promise<unknown>] => [
          `a list of ${state} by ${JSON.stringify(filter)}`,
          ({ sessions }, cursor) => sessions.list({ ...filter, state }, cursor, 50, NOW),
        ]),
    ),
  ),
  'a sign-in where sessions are limited': ({ sessions }) =>
    sessions.start(sampleSession('new', { userId: USER }), { max: 3, whenFull: 'end-oldest' }, T0),
}

afterEach(() => vi.restoreAllMocks())

/** What is sent to the database while it runs. */
async function sent(kind: string, run: () => Promise<unknown>): Promise<readonly Statement[]> {
  const found: Statement[] = []
  const add = (sql: unknown, values: readonly unknown[] = []) => {
    if (typeof sql === 'string' && /\b(sessions|session_list)\b/.test(sql)) found.push({ sql, values })
  }
  if (kind === 'SQLite') {
    const { prepare } = DatabaseSync.prototype
    vi.spyOn(DatabaseSync.prototype, 'prepare').mockImplementation(function (this: DatabaseSync, sql: string) {
      add(sql)
      return prepare.call(this, sql)
    })
  } else {
    const { query } = pg.Client.prototype
    vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: unknown, ...given: unknown[]) {
      const [config] = given as [{ text?: string; values?: readonly unknown[] } | string]
      if (typeof config === 'object') add(config.text, config.values)
      return Reflect.apply(query, this, given)
    } as never)
  }
  try {
    await run()
  } finally {
    vi.restoreAllMocks()
  }
  return found
}

type Plan = {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Plan Rows': number
  readonly Plans?: readonly Plan[]
}

/** A batch, a slice of a list, or what one user has may be sorted; what the table has may not. */
const FEW = 5000

function steps(plan: Plan): readonly string[] {
  const name = `${plan['Node Type']} on ${plan['Relation Name'] ?? (plan['Plan Rows'] > FEW ? 'many' : 'few')}`
  return [name, ...(plan.Plans ?? []).flatMap(steps)]
}

/** How PostgreSQL runs it on a connection that has run it before, when it may have made up its mind without the values. */
async function postgresPlan(at: string, { sql, values }: Statement): Promise<readonly string[]> {
  const given = values.map((value) => (value === null ? 'NULL' : pg.escapeLiteral(String(value)))).join(', ')
  const run = `EXPLAIN (FORMAT JSON) EXECUTE asked${given === '' ? '' : ` (${given})`}`
  const often = Array.from({ length: 8 }, () => run).join('; ')
  const [row] = (await asOwner(at, `PREPARE asked AS ${sql}; ${often}`)) as [
    { 'QUERY PLAN': readonly [{ readonly Plan: Plan }] },
  ]
  return steps(row['QUERY PLAN'][0].Plan)
}

async function sqlitePlan(at: string, { sql }: Statement): Promise<readonly string[]> {
  return (await asOwner(at, `EXPLAIN QUERY PLAN ${sql}`)).map(({ detail }) => String(detail))
}

/** A way through all of a table, or a sort of what was found in it; what a few users have may be sorted. */
const SLOW = {
  SQLite: /^SCAN session|USE TEMP B-TREE/,
  PostgreSQL: /^(Seq Scan|Parallel Seq Scan) on session|Sort on many/,
} as const
const SORTS_FEW = /json_each\(\?\) AS each/

async function handle(kind: string, { at, another }: Place): Promise<Store> {
  // Without the second thread, in which nobody could listen.
  const store = kind === 'SQLite' ? sqliteStore(at ?? '', 5000) : another()
  await sourceOf(store).open()
  return store
}

/** What is slow in what a verb asks, by a handle that has asked nothing yet. */
async function slowIn(
  kind: 'SQLite' | 'PostgreSQL',
  place: Place,
  verb: (store: Store) => Promise<unknown>,
): Promise<readonly string[]> {
  const fresh = await handle(kind, place)
  const statements = await sent(kind, () => verb(fresh)).finally(() => sourceOf(fresh).close())
  expect(statements.length).toBeGreaterThan(0)
  const slow: string[] = []
  for (const statement of statements) {
    const plan = await (kind === 'SQLite' ? sqlitePlan : postgresPlan)(place.at ?? '', statement)
    expect(plan.length > 0 || statement.sql.startsWith('INSERT'), statement.sql).toBe(true)
    const isFine = (step: string) => SORTS_FEW.test(statement.sql) && step.startsWith('USE TEMP B-TREE')
    slow.push(
      ...plan.filter((step) => SLOW[kind].test(step) && !isFine(step)).map((step) => `${step}\n${statement.sql}`),
    )
  }
  return slow
}

trap(`trap 8: the plans of what is asked of ${ROWS} sessions`, ({ name, make }) => {
  if (name === 'memory') {
    it.skip('has no plans', () => {})
    return
  }

  it('an index answers every verb, on the first page and deep down', async () => {
    const place = await make()
    const store = await handle(name, place)
    try {
      await fill(place)
      const deep = (await store.sessions.list({}, null, ROWS - 100, NOW)).nextCursor
      expect(deep).not.toBe(null)
      const slow: string[] = []
      for (const [what, verb] of Object.entries(VERBS)) {
        for (const cursor of what.startsWith('a list') ? [null, deep] : [null]) {
          for (const found of await slowIn(name, place, (fresh) => verb(fresh, cursor))) slow.push(`${what}: ${found}`)
        }
      }
      expect(slow).toEqual([])
    } finally {
      await sourceOf(store).close()
      await place.close()
    }
  })
})
