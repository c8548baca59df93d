import type { Ticket, Tickets } from '../../store.ts'
import type { UserId } from '../../user.ts'
import { deadlines } from './deadlines.ts'
import { json } from './frozen.ts'
import { groups } from './groups.ts'
import type { Place } from './place.ts'

export function ticketsPort({ source, verb }: Place): Tickets {
  const tickets = new Map<string, Ticket>()
  const byUser = groups<string>()
  const over = deadlines((digest) => tickets.get(digest)?.expiresAt ?? null)

  function drop(digest: string): Ticket | null {
    const ticket = tickets.get(digest)
    if (!ticket) return null
    tickets.delete(digest)
    if (ticket.userId !== null) byUser.delete(ticket.userId, digest)
    return ticket
  }

  function removeOf(userId: UserId, kind: string | null) {
    for (const digest of byUser.of(userId)) {
      if (kind === null || tickets.get(digest)?.kind === kind) drop(digest)
    }
  }

  return {
    source,
    put: verb((ticket) => {
      drop(ticket.digest)
      tickets.set(ticket.digest, Object.freeze({ ...ticket, data: json(ticket.data) }))
      if (ticket.userId !== null) byUser.add(ticket.userId, ticket.digest)
      over.add(ticket.digest)
    }),
    take: verb((digest, kind) => (tickets.get(digest)?.kind === kind ? drop(digest) : null)),
    ofUser: verb((userId, limit) =>
      [...byUser.of(userId)]
        .flatMap((digest) => tickets.get(digest) ?? [])
        .sort((a, b) => a.expiresAt - b.expiresAt || (a.digest < b.digest ? -1 : 1))
        .slice(0, limit),
    ),
    removeOf: verb(removeOf),
    purge: verb((now, limit) => {
      const gone = over.take(now, limit)
      for (const digest of gone) drop(digest)
      return gone.length
    }),
  }
}
