import pg, { type Pool } from 'pg'
import { StoreUnavailable } from '../../../errors.ts'
import type { ConnectionUse } from '../../../source.ts'
import type { Value, Work } from '../driver.ts'
import { faultOf, isRetriable } from './errors.ts'
import { greeting, type Settings } from './settings.ts'
import { statement } from './statement.ts'
import { transaction } from './transaction.ts'

/** How often work is begun again that came to nothing because of another. */
const MOST_ATTEMPTS = 6

/**
 * The longest the server waits for a client that is in the middle of a transaction, milliseconds: some ways there and back. One that does
 * not go on (its machine stands still, or the way to it does) holds what it has locked for so long and no longer, and begins anew.
 */
const MOST_IDLE = 750

/** The connections that verbs share: each verb has one at a time and waits for no other while it has it. */
export type Connections = {
  /** One statement, by itself. */
  query<R>(sql: string, values: readonly Value[]): Promise<{ readonly rows: readonly R[]; readonly touched: number }>
  write<T>(work: () => Work<T>): Promise<T>
  use(): ConnectionUse
  /** To be called when nobody waits for a connection: the pool would leave them to wait out their patience. */
  close(): Promise<void>
}

export function connections(settings: Settings): Connections {
  const pool: Pool = new pg.Pool({
    ...settings.client,
    max: settings.connections,
    onConnect: async (client) =>
      void (await client.query(`${greeting(settings)}; SET idle_in_transaction_session_timeout TO ${MOST_IDLE}`)),
  })
  // A connection that breaks while nobody has it is made anew when somebody wants one; whoever has it is told by the statement.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))

  async function attempt<T>(work: () => Work<T>): Promise<T> {
    const client = await pool.connect().catch((error) => {
      throw faultOf(error)
    })
    const outcome = await transaction(client, settings.schema, work())
    // Whatever went wrong, the next one does not begin in the middle of it.
    client.release(outcome.kind === 'broken')
    if (outcome.kind === 'done') return outcome.value
    throw outcome.error
  }

  return {
    async query<R>(sql: string, values: readonly Value[]) {
      try {
        const { rows, rowCount } = await pool.query(statement(sql, values))
        return { rows: rows as readonly R[], touched: rowCount ?? 0 }
      } catch (error) {
        throw faultOf(error)
      }
    },
    async write(work) {
      for (let count = 1; ; count += 1) {
        try {
          return await attempt(work)
        } catch (error) {
          if (!isRetriable(error)) throw error
          if (count >= MOST_ATTEMPTS) throw new StoreUnavailable('other writers kept getting in the way')
        }
      }
    },
    use: () => ({
      most: settings.connections,
      open: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    close: () => pool.end(),
  }
}
