import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Step, Value, Work } from '../driver.ts'
import { APPEND } from '../feed-append.ts'

/** One connection to the file. Every call is answered before it returns, and blocks the process that long. */
export type Connection = {
  exec(sql: string): void
  /** Runs several statements. */
  script(sql: string): void
  run(sql: string, values: readonly Value[]): number
  one(sql: string, values: readonly Value[]): unknown
  all(sql: string, values: readonly Value[]): readonly unknown[]
  /** Runs the work to its end. `announced` is called when it appends to the feed. */
  carryOut<T>(work: Work<T>, announced: () => void): T
  /** Whether a transaction is open: some errors end it. */
  isInside(): boolean
  close(): void
}

/** The longest a call waits for another process's lock while it blocks this one, in milliseconds. */
const BLOCK = 0

/**
 * @param file absolute, so that SQLite does not read it as an URI.
 * @throws what SQLite throws.
 */
export function connection(file: string, ...pragmas: readonly string[]): Connection {
  const database = new DatabaseSync(file, { timeout: BLOCK, enableForeignKeyConstraints: true })
  const statements = new Map<string, StatementSync>()

  function prepared(sql: string): StatementSync {
    const known = statements.get(sql)
    if (known) return known
    const made = database.prepare(sql)
    statements.set(sql, made)
    return made
  }

  function answer(step: Step, announced: () => void): unknown {
    switch (step.kind) {
      case 'run':
      case 'along':
        return self.run(step.sql, step.values)
      case 'one':
        return self.one(step.sql, step.values)
      case 'all':
        return self.all(step.sql, step.values)
      case 'each':
        return step.rows.reduce((sum, values) => sum + self.run(step.sql, values), 0)
      case 'append':
        announced()
        return (self.one(APPEND, [step.id, step.change]) as { at: number }).at
      case 'alone':
        // There is one writer at a time.
        return undefined
    }
  }

  const self: Connection = {
    exec: (sql) => void prepared(sql).run(),
    script: (sql) => database.exec(sql),
    run: (sql, values) => Number(prepared(sql).run(...checked(values)).changes),
    one: (sql, values) => prepared(sql).get(...checked(values)),
    all: (sql, values) => prepared(sql).all(...checked(values)),
    carryOut(work, announced) {
      let step = work.next()
      while (!step.done) step = work.next(answer(step.value, announced))
      return step.value
    },
    isInside: () => database.isOpen && database.isTransaction,
    close: () => database.close(),
  }
  try {
    for (const pragma of pragmas) database.exec(`PRAGMA ${pragma}`)
  } catch (error) {
    database.close()
    throw error
  }
  return self
}

/** An object in the first place would be taken for named parameters, and the others would move up (SI-06). */
function checked(values: readonly Value[]): readonly Value[] {
  for (const value of values) {
    if (typeof value === 'object' && value !== null) throw new TypeError('a value for the database is an object')
  }
  return values
}
