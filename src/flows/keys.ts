import type { RequestContext } from '../carrier.ts'
import type { Clock } from '../clock.ts'
import { type PublicJwk, publicJwk, type SigningKey } from '../crypto.ts'
import { StoreUnavailable } from '../errors.ts'
import type { KeyRecord, Keys, TokenKeys } from '../keyring.ts'
import { ok, type Result, refused } from '../result.ts'
import { type Place, placeOf } from '../source.ts'
import { keysView } from '../view/keys.ts'
import type { KeySetting } from './key-setting.ts'
import { keyTending } from './key-tending.ts'
import type { Recorder } from './recorder.ts'
import { sealedKeys } from './sealed-keys.ts'

/** What administrators see of a key. Times are milliseconds since the epoch. */
export type KeyInfo = {
  readonly kid: string
  readonly alg: string
  readonly state: 'published' | 'signing' | 'verifying' | 'removed'
  readonly createdAt: number | null
  readonly signsFrom: number | null
  readonly removedAt: number | null
  /** Brought by the operator: it does not rotate. */
  readonly imported: boolean
}

type KeyringOptions = {
  readonly keys: Keys
  readonly clock: Clock
  /** Master secrets, newest first. */
  readonly secrets: readonly string[]
  readonly setting: KeySetting
  /** How long a key verifies after its successor signs. Asked when it is needed: strategies say it, and need the keys. */
  readonly overlap: () => number
  readonly recorder: Recorder
  readonly settle: (place: Place) => Promise<void>
}

/** The signing keys of this installation, as this node holds and tends them. Decision 11 says what holds of them. */
export function keyring({ keys, clock, secrets, setting, overlap, recorder, settle }: KeyringOptions) {
  const { every, publish, imported } = setting
  const schedule = {
    every,
    publish,
    get overlap() {
      return overlap()
    },
  }
  const onFault = (fault: unknown) => recorder.fault(fault, 'signing keys')
  const sealed = sealedKeys(secrets, onFault)
  const seen = keysView<SigningKey>({ keys, clock, schedule, open: sealed.open, onFault })
  let making: Promise<unknown> | null = null
  const tending = keyTending({ keys, clock, setting, schedule, sealed, seen, recorder, onFault })

  /** Before the keys were read nobody knows whether it was removed. */
  function ownKey(kid: string): SigningKey | null {
    return !seen.loaded() || seen.wasRemoved(kid) ? null : (imported.get(kid) ?? null)
  }

  function atHand(now: number): SigningKey | null {
    if (imported.size === 0) return seen.signing(now)?.key ?? null
    return [...imported.keys()].map(ownKey).find((key) => key !== null) ?? null
  }

  /**
   * A node that has no key to sign with reads them, and makes one if there is none: where the only one was removed, the next may
   * not have come here yet. Whoever wants one meanwhile waits for the same.
   */
  async function made(now: number): Promise<SigningKey> {
    making ??= tending.ensure('system', {}).finally(() => {
      making = null
    })
    await making
    const key = atHand(now)
    if (key) return key
    throw new StoreUnavailable(imported.size > 0 ? 'every imported key was removed' : 'there is no key to sign with')
  }

  const ring = {
    source: keys.source,
    apply: seen.apply,
    reset: seen.reset,
    start: tending.start,
    stop: tending.stop,

    signing: (now: number): SigningKey | Promise<SigningKey> => atHand(now) ?? made(now),

    /** Whether there is a key to sign with. */
    ready: (now: number): boolean => atHand(now) !== null,

    find(kid: string, now: number): SigningKey | null | Promise<SigningKey | null> {
      const own = ownKey(kid)
      if (own) return own
      const held = seen.find(kid, now)
      return held instanceof Promise ? held.then((late) => ownKey(kid) ?? late?.key ?? null) : (held?.key ?? null)
    },

    loaded: seen.loaded,
    load: seen.load,

    /**
     * Whether tokens of this key are good, as far as this node knows. No I/O.
     * @throws StoreUnavailable while the keys have not been read: nobody is signed out for that.
     */
    stands(kid: string, now: number): boolean {
      if (!seen.loaded()) throw new StoreUnavailable('the keys have not been read yet')
      return ownKey(kid) !== null || seen.stands(kid, now)
    },

    /** Makes the next key before its time. It is published first, as always, and signs after that. */
    async rotate(context: RequestContext, actor: string | null): Promise<Result<KeyInfo>> {
      if (imported.size > 0)
        return refused({ code: 'not_supported', detail: 'The keys are imported: change them where they come from' })
      const record = (await tending.ensure(actor, context)) ?? (await tending.add(actor, context))
      if (record === null) return refused({ code: 'conflict' })
      const now = clock.now()
      return ok(infoOf(record, now, seen.standing(now).signing?.kid ?? null))
    },

    /**
     * Removes a key for good: an ending of everything it signed, true on every node when it returns (KM-02). Where none is left
     * to sign with, the next is made at once, if it can be: the removal is true without it.
     */
    async remove(kid: string, context: RequestContext, actor: string | null): Promise<Result<null>> {
      const now = clock.now()
      const known = (await keys.list()).find((record) => record.kid === kid) ?? imported.get(kid)
      if (!known) return refused({ code: 'not_found' })
      const { value, ...where } = await keys.remove(kid, known.alg, now)
      await settle(placeOf(keys.source, where))
      if (value) recorder.record({ type: 'key.removed', actor, data: { kid, alg: known.alg } }, context, now)
      await seen.load()
      await tending.ensure('system', {}).catch(onFault)
      return ok(null)
    },

    /** Every key that is kept, oldest first, the imported ones before them. */
    async list(): Promise<readonly KeyInfo[]> {
      const now = clock.now()
      const records = await keys.list()
      await seen.load()
      const signing = imported.size > 0 ? null : (seen.standing(now).signing?.kid ?? null)
      const stored = records.filter(({ kid }) => !imported.has(kid)).map((record) => infoOf(record, now, signing))
      const chosen = [...imported.keys()].find((kid) => !seen.wasRemoved(kid))
      const own = [...imported.values()].map(({ kid, alg }): KeyInfo => {
        const removedAt = records.find((record) => record.kid === kid)?.removedAt ?? null
        const state = removedAt !== null ? 'removed' : kid === chosen ? 'signing' : 'verifying'
        return { kid, alg, state, createdAt: null, signsFrom: null, removedAt, imported: true }
      })
      return [...own, ...stored]
    },

    /**
     * What everybody may verify with (RFC 7517): every key whose tokens are good, and the one that is to sign next.
     * @throws StoreUnavailable rather than to leave one out: who keeps the set would refuse its tokens
     */
    async publicKeys(now: number): Promise<readonly PublicJwk[]> {
      if (!seen.loaded()) await seen.load()
      const held = seen.standing(now).verifying.map(({ kid }) => {
        const key = seen.keyOf(kid)
        if (key) return key
        throw new StoreUnavailable('a key that verifies cannot be opened')
      })
      const own = [...imported.keys()].map(ownKey)
      return [...own, ...held].flatMap((key) => (key ? (publicJwk(key) ?? []) : []))
    },
  }
  return ring satisfies TokenKeys
}

export type KeyRing = ReturnType<typeof keyring>

function infoOf(record: KeyRecord, now: number, signing: string | null): KeyInfo {
  const { kid, alg, createdAt, signsFrom, removedAt } = record
  const state =
    removedAt !== null ? 'removed' : kid === signing ? 'signing' : signsFrom > now ? 'published' : 'verifying'
  return { kid, alg, state, createdAt, signsFrom, removedAt, imported: false }
}
