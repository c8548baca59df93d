import { type VerifyingKey, verifyingKey } from '../crypto.ts'
import { StoreUnavailable } from '../errors.ts'
import type { Change } from '../feed.ts'
import type { Setting } from './options.ts'
import type { Server } from './server.ts'

/**
 * How often the set is asked for again because of a kid that is not in it, at most: a thousand strange kids are one question.
 * What the server tells of its keys is reason for one more: a new key may sign at once when another was removed (KM-02).
 */
const ASK_AGAIN_MS = 5000

/** How old the set may get while it is used, and how long it is good when the server does not answer. */
const RENEW_MS = 300_000
const STALE_MS = 3_600_000

/** More keys than this are no set of ours. */
const MOST_KEYS = 100

/**
 * The published keys of the server (RFC 7517), by its own word only. A removed key is good for nothing from the step on in which its
 * removal is applied, and no set that is asked for brings it back.
 */
export function remoteKeys(server: Server, { keySet, clock }: Pick<Setting, 'keySet' | 'clock'>) {
  const removed = new Set<string>()
  let keys: ReadonlyMap<string, VerifyingKey> | null = null
  let askedAt = Number.NEGATIVE_INFINITY
  let triedAt = Number.NEGATIVE_INFINITY
  let count = 0
  let loading: Promise<void> | null = null
  /** Whether the server has told of a key since the set was last asked for. */
  let changed = false
  /** Raised by a reset: what was asked for before is of the server as it was. */
  let era = 0

  async function load(): Promise<void> {
    const [asked, mine] = [clock.monotonic(), era]
    count += 1
    triedAt = asked
    changed = false
    // Whatever lies between would answer from what it kept.
    const { status, body } = await server(`${keySet}?once=${count}`, { anonymous: true })
    const found = status === 200 ? setOf(body) : null
    if (found === null) throw new StoreUnavailable('the server has no key set')
    if (mine !== era) return
    keys = found
    askedAt = asked
  }

  function refresh(): Promise<void> {
    loading ??= load().finally(() => {
      loading = null
    })
    return loading
  }

  function isFresh(): boolean {
    return keys !== null && clock.monotonic() - askedAt < STALE_MS
  }

  function known(kid: string): VerifyingKey | null {
    return removed.has(kid) || !isFresh() ? null : (keys?.get(kid) ?? null)
  }

  /** By the newest set. A kid that is in none is nobody's only if the server has just said so: cut off, nobody is signed out (P3). */
  async function settled(kid: string): Promise<VerifyingKey | null> {
    await loading
    // What was on its way when the server told of a key may lack it.
    if (changed && known(kid) === null) refresh().catch(() => {})
    await loading
    if (!isFresh() || triedAt > askedAt) throw new StoreUnavailable('the key set cannot be had')
    return known(kid)
  }

  return {
    /** When the set that is known was asked for, on the monotonic clock. */
    askedAt: () => askedAt,

    /** Whether a token of this key may be as good as another of its session, without a question. */
    stands: (kid: string): boolean => !removed.has(kid) && keys?.has(kid) === true,

    wasRemoved: (kid: string): boolean => removed.has(kid),

    /** @throws StoreUnavailable, late, when there is no set and none comes. */
    find(kid: string): VerifyingKey | null | Promise<VerifyingKey | null> {
      const now = clock.monotonic()
      if (keys !== null && now - askedAt >= RENEW_MS && now - triedAt >= ASK_AGAIN_MS) refresh().catch(() => {})
      const key = known(kid)
      if (key !== null || removed.has(kid)) return key
      if (keys === null || now - triedAt >= ASK_AGAIN_MS) refresh().catch(() => {})
      return settled(kid)
    },

    /** Asks for it anew, where it is from before then. */
    renew(since: number): void {
      if (askedAt < since && clock.monotonic() - triedAt >= ASK_AGAIN_MS) refresh().catch(() => {})
    },

    apply(change: Change): void {
      if (change.kind !== 'key') return
      changed = true
      if (change.removed) removed.add(change.kid)
    },

    reset(): void {
      era += 1
      keys = null
      removed.clear()
      askedAt = Number.NEGATIVE_INFINITY
      triedAt = Number.NEGATIVE_INFINITY
      loading = null
      changed = false
    },
  }
}

/** Null for anything but a set in which every kid is there once (KM-05). Keys of other kinds are passed over. */
function setOf(body: unknown): ReadonlyMap<string, VerifyingKey> | null {
  const list: unknown = (body as { readonly keys?: unknown } | null)?.keys
  if (!Array.isArray(list) || list.length > MOST_KEYS) return null
  const kids = list.map((one: { readonly kid?: unknown } | null) => one?.kid)
  if (new Set(kids).size !== kids.length) return null
  return new Map(list.flatMap((one) => verifyingKey(one) ?? []).map((key) => [key.kid, key]))
}
