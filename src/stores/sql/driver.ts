import type { Told } from '../../feed.ts'

/** What a column can hold and a placeholder can stand for. Booleans are 0 and 1, everything composed is JSON text. */
export type Value = string | number | null

/**
 * One step of a transaction. `each` runs one statement for every set of values and answers how many rows it touched in
 * all, as `run` does. `along`: a statement whose answer nobody needs, and so nobody waits for. `alone`: until the transaction is over nobody else is past the same step with the same key.
 * `append`: puts an entry into the feed, of this id and change, and answers its position; from here on nobody else is past this step,
 * and who follows the feed is told once the transaction is committed. `last`: no step follows, so that it may be committed along with
 * this one, and nobody waits for whoever does not go on in between.
 */
export type Step =
  | { readonly kind: 'run' | 'all'; readonly sql: string; readonly values: readonly Value[] }
  | { readonly kind: 'one'; readonly sql: string; readonly values: readonly Value[]; readonly last?: boolean }
  | {
      readonly kind: 'each'
      readonly sql: string
      readonly rows: readonly (readonly Value[])[]
      readonly last?: boolean
    }
  | { readonly kind: 'along'; readonly sql: string; readonly values: readonly Value[] }
  | { readonly kind: 'alone'; readonly key: string }
  | { readonly kind: 'append'; readonly id: string; readonly change: string; readonly last: boolean }

/**
 * What a verb does inside its transaction: it yields steps and is handed their answers. A generator, so that a driver
 * whose database answers at once can run it without a pause in which another verb could come between, and one that
 * waits for a network can wait. It may be begun again from the start, so it changes nothing but the database.
 */
export type Work<T> = Generator<Step, T, unknown>

/** Where the languages of the databases differ. */
export type Dialect = {
  /** The larger and the smaller of two numbers. */
  readonly greatest: string
  readonly least: string
  /** Whether the column's text is in the JSON array that the one placeholder stands for. */
  among(column: string): string
  /** The JSON object in a column, without a member. */
  without(column: string, member: string): string
  /** The elements of a JSON array that a placeholder stands for, as a table with the column `value`. */
  readonly elements: string
  /**
   * The rows of a table, named `own`, that a query finds for each text of the JSON array that the first placeholder stands for, `each.value` in
   * it; the query answers with the table's key and all there is of it.
   */
  ofEach(table: string, key: string, query: string): string
  /** Whether the column's value is among those a query finds, which is carried out once. */
  found(column: string, query: string): string
  /**
   * Closes a query of ids whose rows the statement around it changes; nothing where there is one writer at a time. `locking`:
   * everybody takes several rows in one order, so that nobody waits in a circle. `waiting`: takes them as they come.
   * `skipping`: passes over rows that somebody else is changing.
   */
  readonly locking: string
  readonly waiting: string
  readonly skipping: string
  /** What the epoch of the feed is bound to besides what is stored, as an expression of text. */
  readonly identity: string
}

/** What reads and writes one database. Placeholders are `?`, in order. Every call may fail with `StoreUnavailable`. */
export interface Driver {
  readonly dialect: Dialect
  /** The first row of what is committed, or undefined. */
  one<R>(sql: string, ...values: readonly Value[]): Promise<R | undefined>
  all<R>(sql: string, ...values: readonly Value[]): Promise<readonly R[]>
  /** Runs the work as a whole or not at all; resolves once it is safe from a loss of power. */
  write<T>(work: () => Work<T>): Promise<T>
  /** As `write`, but it need not outlive the machine's power: where waiting for the disk is dear, nobody waits for it. */
  lightly<T>(work: () => Work<T>): Promise<T>
  /** As `write`, of a single statement: how many rows it touched. */
  run(sql: string, ...values: readonly Value[]): Promise<number>
  /** As `write`, of a single statement: the first row it answered with. */
  change<R>(sql: string, ...values: readonly Value[]): Promise<R | undefined>
  readonly feed: Channel
}

/**
 * The connection the feed has of its own, so that look-ups cannot hold up a lease (DESIGN section 5). Single statements only: those
 * of several callers may take turns on it.
 */
export interface Channel {
  /** What is committed at one moment after the call. */
  all<R>(sql: string, ...values: readonly Value[]): Promise<readonly R[]>
  /** As the driver's, but what they wrote need not outlive the machine's power. */
  run(sql: string, ...values: readonly Value[]): Promise<number>
  change<R>(sql: string, ...values: readonly Value[]): Promise<R | undefined>
  /** A number that becomes another when anybody commits anything, told without a query; null where it cannot be. */
  version(): number | null
  /** Calls `wake` when the single row that `sql` selects, the newest position, may have become another. A hint. Returns the cancellation. */
  watch(sql: string, wake: (told?: Told) => void): () => void
}

/** How many rows the statement touched. */
export function* run(sql: string, ...values: readonly Value[]): Work<number> {
  return (yield { kind: 'run', sql, values }) as number
}

/** Goes along with what follows. */
export function* along(sql: string, ...values: readonly Value[]): Work<void> {
  yield { kind: 'along', sql, values }
}

export function* one<R>(sql: string, ...values: readonly Value[]): Work<R | undefined> {
  return (yield { kind: 'one', sql, values }) as R | undefined
}

export function* all<R>(sql: string, ...values: readonly Value[]): Work<readonly R[]> {
  return (yield { kind: 'all', sql, values }) as readonly R[]
}

export function* each(sql: string, rows: readonly (readonly Value[])[], last = false): Work<number> {
  return (yield { kind: 'each', sql, rows, last }) as number
}

export function* alone(key: string): Work<void> {
  yield { kind: 'alone', key }
}
