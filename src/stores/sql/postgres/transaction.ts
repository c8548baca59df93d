import type { ClientBase, QueryConfig, QueryResult } from 'pg'
import type { Step, Value, Work } from '../driver.ts'
import { APPEND } from '../feed-append.ts'
import { faultOf, isRetriable } from './errors.ts'
import { statement } from './statement.ts'

/**
 * How a transaction came out. `refused`: the work itself threw, and nothing was done. `broken`: the database did, and what was done is
 * for the caller to find out; the connection is of no more use.
 */
export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused' | 'broken'; readonly error: unknown }

/** Until the transaction is over nobody else has the lock of the same name. */
const ALONE = 'SELECT pg_advisory_xact_lock(hashtextextended(?, 0))'
/** As much of a change as fits into what PostgreSQL tells: 8,000 bytes with all there is around it. */
const MOST_TOLD = 7000

/** What those who listen are told of the entry once it is committed; of one that is too long, that there is one. */
const APPEND_AND_TELL = `WITH entry AS (${APPEND})
  SELECT entry.at, pg_notify(i.channel, CAST(CASE WHEN octet_length(entry.change) > ${MOST_TOLD}
      THEN json_build_object('schema', current_schema())
      ELSE json_build_object('schema', current_schema(), 'at', entry.at, 'id', entry.id, 'change', CAST(entry.change AS json),
        'follows', coalesce((SELECT before.id FROM feed_entries before WHERE before.at = entry.at - 1), '')) END AS text))
    FROM entry, installation i`

/**
 * Carries the work out on a connection in pipeline mode. Steps whose answers nobody needs are sent along with the next one, so that
 * they cost no way there and back; the server carries them out one after the other all the same, each statement on what is committed
 * when it begins. The lock of the feed is a statement of its own for that reason: the append after it sees every append before it.
 */
export async function transaction<T>(client: ClientBase, schema: string, work: Work<T>): Promise<Outcome<T>> {
  let broken: { readonly error: unknown } | null = null
  let committing: Promise<QueryResult> | null = null

  /** What the server says in between, when nobody waits for an answer: that it has ended the transaction. */
  const interrupted = (error: unknown) => {
    broken ??= { error }
  }

  async function sent(query: string | QueryConfig<Value[]>): Promise<QueryResult> {
    try {
      return await client.query(query as QueryConfig)
    } catch (error) {
      // The first one says what happened; those behind it only that it had.
      broken ??= { error }
      throw error
    }
  }

  function along(query: string | QueryConfig<Value[]>): void {
    sent(query).catch(() => {})
  }

  /** The lock of the feed is then never held by a client that does not go on, but for as long as the server takes. */
  function commit(): void {
    committing = sent('COMMIT')
    committing.catch(() => {})
  }

  async function answer(step: Step): Promise<unknown> {
    switch (step.kind) {
      case 'run':
        return (await sent(statement(step.sql, step.values))).rowCount ?? 0
      case 'one': {
        const found = sent(statement(step.sql, step.values))
        if (step.last) commit()
        return (await found).rows[0]
      }
      case 'all':
        return (await sent(statement(step.sql, step.values))).rows
      case 'each': {
        const each = step.rows.map((values) => sent(statement(step.sql, values)))
        if (step.last) commit()
        const touched = await Promise.all(each)
        return touched.reduce((sum, { rowCount }) => sum + (rowCount ?? 0), 0)
      }
      case 'along':
        return along(statement(step.sql, step.values))
      case 'alone':
        return along(statement(ALONE, [`${schema}:${step.key}`]))
      case 'append': {
        along(statement(ALONE, [`${schema}:the feed`]))
        const appended = sent(statement(APPEND_AND_TELL, [step.id, step.change]))
        if (step.last) commit()
        return (await appended).rows[0].at
      }
    }
  }

  client.on('error', interrupted)
  try {
    along('BEGIN')
    let step = work.next()
    while (!step.done) {
      if (committing) throw new Error('a step follows the last one')
      step = work.next(await answer(step.value))
    }
    const { command } = await (committing ?? sent('COMMIT'))
    // That is how a transaction answers whose failure nobody waited for.
    if (command !== 'COMMIT') throw broken ?? new Error('the transaction was rolled back')
    return { kind: 'done', value: step.value }
  } catch (error) {
    const failure = broken as { readonly error: unknown } | null
    if (failure) return { kind: 'broken', error: isRetriable(failure.error) ? failure.error : faultOf(failure.error) }
    return await client.query('ROLLBACK').then(
      () => ({ kind: 'refused', error }),
      (fault) => ({ kind: 'broken', error: faultOf(fault) }),
    )
  } finally {
    client.off('error', interrupted)
  }
}
