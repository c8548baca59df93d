import type { Source, Ticket, Tickets } from '../../store.ts'
import type { Fields, UserId } from '../../user.ts'
import type { Driver } from './driver.ts'
import { parse } from './json.ts'

type TicketRow = {
  readonly digest: string
  readonly kind: string
  readonly user_id: string | null
  readonly data: string
  readonly expires_at: number
}

const COLUMNS = 'digest, kind, user_id, data, expires_at'

const PUT = `INSERT INTO tickets (${COLUMNS}) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (digest) DO UPDATE SET kind = excluded.kind, user_id = excluded.user_id, data = excluded.data,
    expires_at = excluded.expires_at`
const TAKE = `DELETE FROM tickets WHERE digest = ? AND kind = ? RETURNING ${COLUMNS}`
const OF_USER = `SELECT ${COLUMNS} FROM tickets WHERE user_id = ? ORDER BY expires_at, digest LIMIT ?`
const REMOVE = 'DELETE FROM tickets WHERE user_id = ? AND kind = ?'
const REMOVE_ALL = 'DELETE FROM tickets WHERE user_id = ?'
const PURGE = `DELETE FROM tickets
  WHERE digest IN (SELECT digest FROM tickets WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
  AND expires_at <= ?`

export function ticketsPort({ all, run, change }: Driver, source: Source): Tickets {
  return {
    source,
    async put({ digest, kind, userId, data, expiresAt }) {
      await run(PUT, digest, kind, userId, JSON.stringify(data), expiresAt)
    },
    async take(digest, kind) {
      const row = await change<TicketRow>(TAKE, digest, kind)
      return row ? ticketOf(row) : null
    },
    async ofUser(userId, limit) {
      return (await all<TicketRow>(OF_USER, userId, limit)).map(ticketOf)
    },
    async removeOf(userId, kind) {
      await (kind === null ? run(REMOVE_ALL, userId) : run(REMOVE, userId, kind))
    },
    purge: (now, limit) => run(PURGE, now, limit, now),
  }
}

function ticketOf(row: TicketRow): Ticket {
  return {
    digest: row.digest,
    kind: row.kind,
    userId: row.user_id as UserId | null,
    data: parse<Fields>(row.data),
    expiresAt: row.expires_at,
  }
}
