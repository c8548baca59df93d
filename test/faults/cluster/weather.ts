import pg from 'pg'
import { pause } from '../support/client.ts'
import type { Span } from './troubles.ts'

/** How often it is looked, and what the simplest of questions may take, milliseconds. */
const LOOK_EVERY_MS = 50
const FAIR_MS = 50

export type Weather = {
  /** When the machine was so busy with other things that neither this process nor the database was served as usual. */
  readonly late: readonly Span[]
  stop(): Promise<void>
}

/** Watches how fast the machine is, by what has nothing to do with the nodes. */
export function weather(database: string): Weather {
  const late: Span[] = []
  let client: pg.Client | null = null
  let watching = true

  /** Asks the database nothing. One that is not there is no matter of the weather. */
  async function ask(): Promise<void> {
    try {
      if (!client) {
        client = new pg.Client({ connectionString: database, connectionTimeoutMillis: 1000 })
        client.on('error', () => {})
        await client.connect()
      }
      await client.query('SELECT 1')
    } catch {
      client?.end().catch(() => {})
      client = null
    }
  }

  async function watch(): Promise<void> {
    while (watching) {
      const from = performance.now() + LOOK_EVERY_MS
      await pause(LOOK_EVERY_MS)
      await ask()
      const to = performance.now()
      if (to - from > FAIR_MS) late.push({ from, to })
    }
    await client?.end().catch(() => {})
  }

  const watched = watch()
  return {
    late,
    stop() {
      watching = false
      return watched
    },
  }
}
