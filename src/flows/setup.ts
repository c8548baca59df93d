import type { Carrier, RequestContext } from '../carrier.ts'
import { randomText, sha256 } from '../crypto.ts'
import { type Result, refused } from '../result.ts'
import type { Core } from './core.ts'
import { open, type SignedIn } from './issue.ts'
import { createUser, type NewUser } from './new-user.ts'
import { replaced } from './sign-in.ts'

/** How long a link that makes the first administrator is good, milliseconds. */
const LINK_MS = 86_400_000

/** Of any number of links, and of those who follow them at the same time, one makes an administrator: who takes this first. */
const TURN = { digest: sha256('the turn of the first administrator'), kind: 'setup-turn' } as const

/** Somebody with a link, and the account they want. */
export type FirstAdministrator = NewUser & { readonly token: string }

/** Whether there is nobody yet who administers this. */
export async function isNew({ store }: Pick<Core, 'store'>): Promise<boolean> {
  return (await store.users.list({ role: 'admin' }, null, 1)).items.length === 0
}

/**
 * A token for making the first administrator, once and within a day; null when there is one. Each call makes another one, so
 * that of several servers each can tell its own.
 */
export async function inviteFirst(core: Pick<Core, 'store' | 'clock'>): Promise<string | null> {
  if (!(await isNew(core))) return null
  const { tickets } = core.store
  const token = randomText(32)
  const ticket = { userId: null, data: {}, expiresAt: core.clock.now() + LINK_MS }
  await tickets.put({ ...ticket, ...TURN })
  await tickets.put({ ...ticket, digest: sha256(token), kind: 'setup' })
  return token
}

/** The link was used, is too old, or was never one. */
const SPENT = refused({
  code: 'invalid_request',
  errors: [{ path: 'token', code: 'invalid', detail: 'The link was used already or is too old' }],
})

/**
 * Makes the first administrator and signs them in. Refusals: those of a sign-up, `conflict` when there is an administrator by
 * now, and `invalid_request` about `token`. A link is spent only by an account that was made.
 */
export async function makeFirst(
  core: Core,
  { token, ...given }: FirstAdministrator,
  context: RequestContext,
  carrier: Carrier | null,
): Promise<Result<SignedIn>> {
  const { tickets } = core.store
  const digest = sha256(token)
  const ticket = await tickets.take(digest, 'setup')
  if (!ticket || core.clock.now() >= ticket.expiresAt) return SPENT
  const turn = await tickets.take(TURN.digest, TURN.kind)
  if (!turn) {
    await tickets.put(ticket)
    return refused({ code: 'conflict' })
  }
  const giveBack = () => Promise.all([tickets.put(ticket), tickets.put(turn)])
  const made = (await isNew(core).catch(undo(giveBack)))
    ? await createUser(core, given, ['admin'], context, 'setup').catch(undo(giveBack))
    : refused({ code: 'conflict' })
  if (!made.ok) {
    if (made.refusal.code !== 'conflict') await giveBack()
    return made
  }
  const user = made.value
  const { everyone } = await core.store.users.find(user.id)
  const opening = { user, everyone, amr: ['pwd'], remember: false, transport: 'cookie' } as const
  const opened = await open(core, opening, context, core.clock.now())
  if (opened.ok && carrier !== null) await replaced(core, carrier, context)
  return opened
}

/** A fault has made nobody: the link stays good. */
function undo(giveBack: () => Promise<unknown>): (fault: unknown) => Promise<never> {
  return async (fault) => {
    await giveBack().catch(() => {})
    throw fault
  }
}
