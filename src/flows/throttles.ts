import type { RequestContext } from '../carrier.ts'
import type { Page, Slowed } from '../store.ts'
import type { Core } from './core.ts'

/** What is slowed, and until when. */
export type Throttle = {
  /** Names it here, and is no secret: of an account a keyed hash of its address. */
  readonly key: string
  /** `account` and `source` of guesses; `mail to` and `mail from` of messages. */
  readonly kind: string
  readonly failures: number
  readonly until: number
  /** The account, where there is one of the address that was tried. */
  readonly userId: string | null
  /** The address, or the network, it comes from. */
  readonly source: string | null
}

type Slowing = Pick<Core, 'store' | 'recorder' | 'clock'>

/** Kinds whose name is an address of the network; the others are hashes. */
const OF_SOURCES: ReadonlySet<string> = new Set(['source', 'mail from'])

/** Who is slowed at this moment, those that go on soonest first. */
export async function throttles(core: Slowing, cursor: string | null, limit: number): Promise<Page<Throttle>> {
  const { items, nextCursor } = await core.store.counters.list(core.clock.now(), cursor, limit)
  return { items: items.map(throttleOf), nextCursor }
}

/** Lets somebody go on at once: their failures are forgotten. False for what is no key. */
export async function liftThrottle(
  core: Slowing,
  key: string,
  context: RequestContext,
  actor: string | null,
): Promise<boolean> {
  const name = nameOf(key)
  if (name === null) return false
  await core.store.counters.remove(name)
  const data = { key }
  core.recorder.record({ type: 'throttle.lifted', actor, data }, context, core.clock.now())
  return true
}

function throttleOf({ key: name, failures, blockedUntil, about }: Slowed): Throttle {
  const colon = name.indexOf(':')
  const [kind, of] = [name.slice(0, colon), name.slice(colon + 1)]
  const isSource = OF_SOURCES.has(kind)
  return { key: keyOf(kind, of), kind, failures, until: blockedUntil, userId: about, source: isSource ? of : null }
}

/** As a segment of a path: an address has signs that none may have. */
function keyOf(kind: string, of: string): string {
  const rest = OF_SOURCES.has(kind) ? Buffer.from(of).toString('base64url') : of
  return `${kind.replace(' ', '_')}-${rest}`
}

function nameOf(key: string): string | null {
  const [, written = '', rest = ''] = /^(account|source|mail_to|mail_from)-([A-Za-z0-9_-]+)$/.exec(key) ?? []
  if (written === '') return null
  const kind = written.replace('_', ' ')
  return `${kind}:${OF_SOURCES.has(kind) ? Buffer.from(rest, 'base64url').toString() : rest}`
}
