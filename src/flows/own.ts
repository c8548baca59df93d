import type { RequestContext } from '../carrier.ts'
import type { AuthEvent } from '../events.ts'
import type { Authenticated } from '../guard.ts'
import { ok, type Result } from '../result.ts'
import { type Session, withoutToken } from '../session.ts'
import type { User } from '../user.ts'
import { removeUser } from './accounts.ts'
import type { Core } from './core.ts'

/** What is read at once, and events that are told at most. */
const PAGE = 1000
const MOST_EVENTS = 50_000

/** Everything that is held about somebody, but for what would open something: digests and records of passwords. */
export type OwnData = {
  readonly user: User
  readonly credentials: readonly { readonly kind: string; readonly createdAt: number; readonly updatedAt: number }[]
  readonly sessions: readonly Session[]
  /** Links that were sent and are good still: what for, and until when. Milliseconds since the epoch. */
  readonly links: readonly { readonly kind: string; readonly expiresAt: number; readonly email?: string }[]
  /** Newest first. */
  readonly events: readonly AuthEvent[]
}

/** All that is held about whoever is signed in (GDPR article 15). */
export async function exportOwn(
  core: Core,
  { user: { id } }: Authenticated,
  context: RequestContext,
): Promise<Result<OwnData>> {
  const { users, credentials, sessions, tickets } = core.store
  core.recorder.record({ type: 'user.exported', actor: id, subject: id }, context, core.clock.now())
  const [{ user }, held, open, ended, links, events] = await Promise.all([
    users.find(id),
    credentials.list(id),
    sessions.ofUser(id, 'active', PAGE),
    sessions.ofUser(id, 'ended', PAGE * 10),
    tickets.ofUser(id, PAGE),
    eventsOf(core, id),
  ])
  if (!user) return { ok: false, refusal: { code: 'unauthenticated', presented: true } }
  const now = core.clock.now()
  return ok({
    user,
    credentials: held.map(({ kind, createdAt, updatedAt }) => ({ kind, createdAt, updatedAt })),
    sessions: [...open, ...ended].map(withoutToken),
    links: links
      .filter(({ expiresAt }) => now < expiresAt)
      .map(({ kind, expiresAt, data: { email } }) => ({
        ...{ kind, expiresAt },
        ...(typeof email === 'string' && { email }),
      })),
    events,
  })
}

async function eventsOf({ recorder, store: { audit } }: Core, subject: string): Promise<readonly AuthEvent[]> {
  await recorder.flush()
  const found: AuthEvent[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof audit.list>> = await audit.list({ subject }, cursor, PAGE)
    found.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null && found.length < MOST_EVENTS)
  return found
}

/** Whoever is signed in leaves for good. */
export function removeOwn(core: Core, { user: { id } }: Authenticated, context: RequestContext): Promise<Result<null>> {
  return removeUser(core, id, context, id)
}
