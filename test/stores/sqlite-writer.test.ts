import { expect, it } from 'vitest'
import { StoreUnavailable } from '../../src/errors.ts'
import { one, run, type Work } from '../../src/stores/sql/driver.ts'
import { type Connection, connection } from '../../src/stores/sql/sqlite/connection.ts'
import { writer } from '../../src/stores/sql/sqlite/writer.ts'
import { later, newFile } from './sqlite-fixture.ts'

/** A connection to a new file with a table `t`, and the statements about transactions it was given. */
function watched(override: Partial<Connection> = {}) {
  const file = newFile()
  const real = connection(file, 'journal_mode = WAL')
  real.exec('CREATE TABLE t (id TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT')
  later(() => real.close())
  const said: string[] = []
  const exec = (sql: string) => {
    said.push(sql)
    const instead = override.exec
    if (instead) instead(sql)
    real.exec(sql)
  }
  return { file, real, said, connection: { ...real, exec } }
}

function* add(id: string, n: number | string = 1): Work<string> {
  yield* run('INSERT INTO t (id, n) VALUES (?, ?)', id, n)
  return id
}

function ids(from: Connection): string[] {
  return from.all('SELECT id FROM t ORDER BY id', []).map((row) => (row as { id: string }).id)
}

it('commits what was submitted in one turn together', async () => {
  const { real, said, connection } = watched()
  const { write, commits } = writer(connection, 1000, () => {})
  const names = ['a', 'b', 'c']
  expect(await Promise.all(names.map((name) => write(() => add(name))))).toEqual(names)
  expect(said.filter((sql) => sql === 'BEGIN IMMEDIATE')).toHaveLength(1)
  expect(said.filter((sql) => sql === 'COMMIT')).toHaveLength(1)
  expect(commits()).toBe(1)
  expect(ids(real)).toEqual(names)
})

it('rolls back alone what fails alone, as a fault of the store or as what was thrown', async () => {
  const { real, connection } = watched()
  const { write } = writer(connection, 1000, () => {})
  const answers = await Promise.allSettled([
    write(() => add('a')),
    write(function* () {
      yield* add('half')
      yield* add('a')
    }),
    write(function* () {
      yield* add('thrown')
      throw new RangeError('a bug')
    }),
    write(() => add('not a number', 'x')),
    write(function* () {
      return yield* one<{ n: number }>('SELECT count(*) AS n FROM t')
    }),
    write(() => add('b')),
  ])
  expect(answers.map((answer) => answer.status)).toEqual([
    ...['fulfilled', 'rejected', 'rejected', 'rejected', 'fulfilled', 'fulfilled'],
  ])
  const reasons = answers.map((answer) => (answer.status === 'rejected' ? answer.reason : null))
  expect(reasons[1]).toBeInstanceOf(StoreUnavailable)
  expect(reasons[2]).toEqual(new RangeError('a bug'))
  expect(reasons[3]).toBeInstanceOf(StoreUnavailable)
  expect(answers[4]).toMatchObject({ value: { n: 1 } })
  expect(ids(real)).toEqual(['a', 'b'])
})

it('answers nobody before the commit, and rejects everybody when it fails', async () => {
  let isBroken = true
  const { real, said, connection } = watched({
    exec(sql) {
      if (sql === 'COMMIT' && isBroken)
        throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 10 })
    },
  })
  const { write, commits } = writer(connection, 1000, () => {})
  const answers = await Promise.allSettled([
    write(() => add('a')),
    write(() => add('b')),
    write(function* () {
      yield* add('c')
      throw new RangeError('was judged by what is undone')
    }),
  ])
  for (const answer of answers)
    expect(answer).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) })
  expect(said.at(-1)).toBe('ROLLBACK')
  expect(ids(real)).toEqual([])
  expect(commits()).toBe(0)
  isBroken = false
  await write(() => add('d'))
  expect(ids(real)).toEqual(['d'])
})

it('rejects what was in a transaction that SQLite gave up as a whole, and goes on with the rest', async () => {
  const { real, connection } = watched()
  const { write } = writer(connection, 1000, () => {})
  const answers = await Promise.allSettled([
    write(() => add('a')),
    write(function* () {
      yield* add('b')
      // What a full disk does, which a test cannot fill.
      yield* run('INSERT OR ROLLBACK INTO t (id, n) VALUES (?, ?)', 'a', 1)
    }),
    write(() => add('c')),
  ])
  expect(answers.map((answer) => answer.status)).toEqual(['rejected', 'rejected', 'fulfilled'])
  expect(answers[0]).toMatchObject({ reason: expect.any(StoreUnavailable) })
  expect(ids(real)).toEqual(['c'])
})

it('holds a bounded number of jobs, and of milliseconds, in one transaction', async () => {
  const { connection } = watched()
  const { write, commits } = writer(connection, 1000, () => {})
  await Promise.all(Array.from({ length: 450 }, (_, i) => write(() => add(`id${i}`))))
  expect(commits()).toBeGreaterThanOrEqual(3)
  const before = commits()
  const long = (name: string) =>
    write(function* () {
      for (const end = performance.now() + 11; performance.now() < end; );
      yield* add(name)
    })
  await Promise.all([long('x'), long('y'), long('z')])
  expect(commits() - before).toBe(3)
})

it('waits for the lock of another without blocking, and gives up only what has waited too long', async () => {
  let release = () => {}
  let attempts = 0
  const {
    file,
    real,
    connection: own,
  } = watched({
    exec(sql) {
      if (sql !== 'BEGIN IMMEDIATE') return
      attempts += 1
      if (attempts === 3) release()
    },
  })
  const { write, idle } = writer(own, 400, () => {})
  const other = connection(file)
  later(() => other.close())
  other.exec('BEGIN IMMEDIATE')
  const early = write(() => add('early')).catch((error: unknown) => error)
  let turns = 0
  const ticking = setInterval(() => {
    turns += 1
  }, 1)
  expect(await early).toEqual(new StoreUnavailable('another process holds the SQLite database'))
  clearInterval(ticking)
  expect(turns).toBeGreaterThan(2)
  expect(attempts).toBeGreaterThan(3)
  attempts = 0
  release = () => other.exec('COMMIT')
  expect(await write(() => add('late'))).toBe('late')
  expect(attempts).toBe(3)
  await idle()
  expect(ids(real)).toEqual(['late'])
})

it('tells of a commit once it is there, and whether the feed got something', async () => {
  const { real, connection } = watched()
  real.exec('CREATE TABLE feed_entries (at INTEGER, id TEXT, change TEXT)')
  const told: [boolean, number][] = []
  const { write } = writer(connection, 1000, (announced) => told.push([announced, ids(real).length]))
  await write(() => add('a'))
  await write(function* () {
    yield { kind: 'append', id: 'x', change: '{}', last: false }
    yield* add('b')
  })
  await write(() => add('c'))
  await new Promise((resolve) => setImmediate(resolve))
  expect(told).toEqual([
    [false, 1],
    [true, 2],
    [false, 3],
  ])
})

it('takes no object for a value: it would be read as named parameters', async () => {
  const { connection } = watched()
  const hostile = { $ne: '' } as unknown as string
  expect(() => connection.one('SELECT id FROM t WHERE id = ?', [hostile])).toThrow(TypeError)
  expect(() => connection.run('INSERT INTO t VALUES (?, ?)', [hostile, 1])).toThrow(TypeError)
})
