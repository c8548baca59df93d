import type { Auth, Session } from '../index.ts'
import { FailureError, UsageError } from './failure.ts'
import { findUser } from './find-user.ts'
import { more, plain, print, table, time } from './output.ts'
import { BY_CLI, withAuth } from './with-auth.ts'

type List = {
  readonly user?: string
  readonly ended?: boolean
  readonly limit: number
  readonly cursor?: string
  readonly json?: boolean
}

type End = { readonly user?: string; readonly json?: boolean }

/** `sessions list`. */
export async function list({ user, ended, limit, cursor, json }: List): Promise<void> {
  await withAuth(async (auth) => {
    const owner = user === undefined ? {} : { userId: (await findUser(auth, user)).id }
    const page = await auth.allSessions({ ...owner, state: ended ? 'ended' : 'active' }, cursor ?? null, limit)
    const emails = await addresses(auth, page.items)
    const items = page.items.map((session) => shown(session, emails.get(session.userId) ?? null))
    print(json, { items, nextCursor: page.nextCursor }, (found) => {
      if (found.items.length === 0) return 'no sessions'
      return table(HEAD, found.items.map(row)) + more(found.nextCursor)
    })
  })
}

/** `sessions end`. */
export async function end(id: string | undefined, { user, json }: End): Promise<void> {
  if ((id === undefined) === (user === undefined))
    throw new UsageError('name the id of a session, or a user with --user')
  await withAuth(async (auth) => {
    const ended = user === undefined ? await endOne(auth, id ?? '') : await endAll(auth, user)
    print(json, { ended }, () => (ended === 1 ? '1 session ended' : `${ended} sessions ended`))
  })
}

async function endOne(auth: Auth, id: string): Promise<number> {
  if (await auth.end(id, { context: BY_CLI })) return 1
  throw new FailureError(`there is no open session ${plain(id)}`)
}

async function endAll(auth: Auth, emailOrId: string): Promise<number> {
  const user = await findUser(auth, emailOrId)
  return (await auth.endAll(user.id, { context: BY_CLI })) ?? 0
}

/** The address of each owner, asked for once. */
async function addresses(auth: Auth, sessions: readonly Session[]): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(sessions.map((session) => session.userId))]
  const found = await Promise.all(ids.map((id) => auth.users.find(id)))
  return new Map(found.flatMap((user) => (user ? [[user.id, user.email] as const] : [])))
}

function shown(session: Session, email: string | null) {
  const {
    id,
    userId,
    strategy,
    createdAt,
    authenticatedAt,
    lastActiveAt,
    expiresAt,
    device,
    ip,
    remember,
    endedAt,
    endReason,
  } = session
  return {
    id,
    userId,
    email,
    strategy,
    createdAt,
    authenticatedAt,
    lastActiveAt,
    expiresAt,
    device,
    ip,
    remember,
    endedAt,
    endReason,
  }
}

const HEAD = ['ID', 'USER', 'DEVICE', 'ADDRESS', 'SIGNED IN (UTC)', 'LAST ACTIVE', 'ENDED']

function row({
  id,
  userId,
  email,
  device,
  ip,
  createdAt,
  lastActiveAt,
  endedAt,
  endReason,
}: ReturnType<typeof shown>): readonly string[] {
  const over = endedAt === null ? '' : `${time(endedAt)} ${endReason ?? ''}`
  return [
    id,
    plain(email ?? userId),
    plain(`${device.browser}, ${device.os}`),
    ip,
    time(createdAt),
    time(lastActiveAt),
    over,
  ]
}
