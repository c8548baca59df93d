import type { Clock } from '../clock.ts'
import { StoreUnavailable } from '../errors.ts'
import type { Change } from '../feed.ts'
import { goodUntil, type KeyRecord, type KeySchedule, type Keys, standing } from '../keyring.ts'
import { nextRead } from './next-read.ts'

/** How often the keys are asked for again because of a kid that nobody here knows, at most. Milliseconds. */
const ASK_AGAIN_MS = 1000

/** A key that was opened: its record, what signs and verifies with it, and when its last token is over. */
export type Held<K> = { readonly record: KeyRecord; readonly key: K; readonly until: number }

type KeysOptions<K> = {
  readonly keys: Keys
  readonly clock: Clock
  readonly schedule: KeySchedule
  /** Opens what is sealed; null when it cannot. */
  readonly open: (record: KeyRecord) => K | null
  readonly onFault: (fault: unknown) => void
}

/**
 * The keys this node knows of, opened. Decision 11 has the invariant: what was removed is forgotten in the step in which
 * the removal is applied, and no list that was asked for earlier brings it back.
 */
export function keysView<K>({ keys, clock, schedule, open, onFault }: KeysOptions<K>) {
  /** Removed ones: few, and never forgotten, because removing is for good. */
  const removed = new Set<string>()
  let records: readonly KeyRecord[] = []
  let held: ReadonlyMap<string, Held<K>> | null = null
  let asking: Promise<void> | null = null
  let askedAt = Number.NEGATIVE_INFINITY
  /** Raised by a reset: a list that was asked for before it is of the database as it was. */
  let era = 0

  function take(list: readonly KeyRecord[]): void {
    for (const { kid, removedAt } of list) if (removedAt !== null) removed.add(kid)
    keep(
      list.filter(({ kid }) => !removed.has(kid)),
      (record) => held?.get(record.kid)?.key ?? open(record),
    )
  }

  function keep(those: readonly KeyRecord[], keyOf: (record: KeyRecord) => K | null): void {
    const until = goodUntil(those, schedule)
    const opened = new Map<string, Held<K>>()
    for (const record of those) {
      const key = keyOf(record)
      if (key !== null) opened.set(record.kid, { record, key, until: until.get(record.kid) ?? 0 })
    }
    records = those
    held = opened
  }

  const { load, pending } = nextRead(async () => {
    for (;;) {
      const asked = era
      const list = await keys.list()
      if (asked === era) return take(list)
    }
  })

  function sound(kid: string, now: number): Held<K> | null {
    const known = held?.get(kid)
    return known !== undefined && now < known.until ? known : null
  }

  /** @throws StoreUnavailable for a key that is good and cannot be opened here: whoever holds its token is not signed out by that. */
  function found(kid: string, now: number): Held<K> | null {
    const known = sound(kid, now)
    if (known === null && held !== null && !held.has(kid) && now < (goodUntil(records, schedule).get(kid) ?? 0)) {
      throw new StoreUnavailable('the key cannot be opened')
    }
    return known
  }

  /** Asks for a key that is not known, not more than once a second; null when that was done. A list that is on its way counts. */
  function askAgain(): Promise<void> | null {
    if (asking) return asking
    if (held !== null && clock.monotonic() - askedAt < ASK_AGAIN_MS) return pending()
    askedAt = clock.monotonic()
    asking = load().finally(() => {
      asking = null
    })
    return asking
  }

  return {
    load,

    /** Takes in a change, in the step in which the view does. */
    apply(change: Change): void {
      if (change.kind !== 'key') return
      if (!change.removed) return void load().catch(onFault)
      removed.add(change.kid)
      const before = held
      if (before === null) return
      keep(
        records.filter(({ kid }) => kid !== change.kid),
        ({ kid }) => before.get(kid)?.key ?? null,
      )
    },

    /** Everything that was learnt may be wrong: the database lost data or is another. */
    reset(): void {
      era += 1
      held = null
      removed.clear()
      load().catch(onFault)
    },

    /** What there is at `now`. @throws StoreUnavailable while the keys have not been read. */
    standing(now: number) {
      if (held === null) throw new StoreUnavailable('the keys have not been read yet')
      return standing(records, now, schedule)
    },

    /** The key that signs at `now`; null when there is none, none was read yet, or this node's master secret does not open it. */
    signing(now: number): Held<K> | null {
      const { signing } = standing(records, now, schedule)
      return (signing && held?.get(signing.kid)) ?? null
    },

    /** Whether the keys have been read. */
    loaded: () => held !== null,

    /** Whether the key was removed, as far as this node knows: true for good. */
    wasRemoved: (kid: string): boolean => removed.has(kid),

    /** An opened key, whatever it is good for. */
    keyOf: (kid: string): K | null => held?.get(kid)?.key ?? null,

    /** Whether tokens of this key are good, as far as this node knows. No I/O: this is asked at every request. */
    stands: (kid: string, now: number): boolean => sound(kid, now) !== null,

    /**
     * The key of this id, if its tokens are good. Asks the store about one that is not known, not more than once a second.
     * @throws StoreUnavailable, at once or late, when the store does not answer, or the key is good and cannot be opened.
     */
    find(kid: string, now: number): Held<K> | null | Promise<Held<K> | null> {
      const known = sound(kid, now)
      if (known || removed.has(kid) || held?.has(kid)) return known
      const late = askAgain()
      return late === null ? found(kid, now) : late.then(() => found(kid, now))
    },
  }
}

export type KeysView<K> = ReturnType<typeof keysView<K>>
