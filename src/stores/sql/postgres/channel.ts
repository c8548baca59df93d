import pg, { type Client } from 'pg'
import type { Told } from '../../../feed.ts'
import type { Channel, Value } from '../driver.ts'
import { faultOf, isAnswer } from './errors.ts'
import { greeting, type Settings } from './settings.ts'
import { statement } from './statement.ts'

/** A connection that has not answered for so long is given up: sooner than a lease ends, so that a new one can still renew it. Milliseconds. */
const MOST_WAIT = 2000

/**
 * Who this server is: a standby that took over, a server restored to a point in time and a copy in another cluster go on with the
 * entries they have and know nothing of others. Asked once for each connection, which none of them would go on with. A copy of the
 * files put back in their place is not told by it, only by the nodes that went on meanwhile (docs/operations.md).
 */
const IDENTIFY = `SELECT set_config('sallyport.identity', to_hex(hashtextextended(
    (SELECT system_identifier FROM pg_control_system()) || '.' || left(pg_walfile_name(pg_current_wal_lsn()), 8), 0)), false)`

/** As an expression, on this connection. */
export const IDENTITY = `'.' || current_setting('sallyport.identity')`

type Connection = { readonly client: Client; readonly ready: Promise<void> }

/**
 * The connection of the feed, on which the server also tells of appends. It is made when somebody needs it, and made anew when it
 * broke: a follower reads every so often whatever happens, so that nothing else has to look after it.
 */
export function feedChannel(settings: Settings): Channel & { close(): Promise<void> } {
  const listeners = new Set<{ readonly wake: (told?: Told) => void }>()
  let current: Connection | null = null

  function wakeAll(told?: Told): void {
    for (const { wake } of listeners) wake(told)
  }

  function drop(connection: Connection): void {
    if (current !== connection) return
    current = null
    connection.client.end().catch(() => {})
  }

  function connect(): Connection {
    const client = new pg.Client({ ...settings.client, connectionTimeoutMillis: MOST_WAIT, query_timeout: MOST_WAIT })
    const begun = async () => {
      await client.connect()
      await client.query(`${greeting(settings)}; SET synchronous_commit TO off; ${IDENTIFY}`)
      const { rows } = await client.query<{ channel: string }>('SELECT channel FROM installation')
      await client.query(`LISTEN ${client.escapeIdentifier(rows[0]?.channel ?? '')}`)
      // Of what was told meanwhile nobody heard.
      wakeAll()
    }
    const connection = { client, ready: begun() }
    connection.ready.catch(() => drop(connection))
    client.on('error', () => drop(connection))
    client.on('end', () => drop(connection))
    client.on('notification', ({ payload }) => {
      const { schema, ...told } = JSON.parse(payload ?? '') as { readonly schema: string } & (
        | Told
        | { readonly at?: never }
      )
      // The channels of one database are shared, and copies of a schema have one name for theirs.
      if (schema === settings.schema) wakeAll(told.at === undefined ? undefined : told)
    })
    return connection
  }

  async function query(sql: string, values: readonly Value[]) {
    current ??= connect()
    const connection = current
    try {
      await connection.ready
      return await connection.client.query(statement(sql, values))
    } catch (error) {
      if (!isAnswer(error)) drop(connection)
      throw faultOf(error)
    }
  }

  return {
    all: async <R>(sql: string, ...values: readonly Value[]) => (await query(sql, values)).rows as readonly R[],
    run: async (sql, ...values) => (await query(sql, values)).rowCount ?? 0,
    change: async <R>(sql: string, ...values: readonly Value[]) => (await query(sql, values)).rows[0] as R | undefined,
    version: () => null,
    watch(_sql, wake) {
      const listener = { wake }
      listeners.add(listener)
      current ??= connect()
      return () => void listeners.delete(listener)
    },
    async close() {
      if (!current) return
      const { client } = current
      current = null
      await client.end().catch(() => {})
    },
  }
}
