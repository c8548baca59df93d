import type { RequestContext } from '../carrier.ts'
import type { Clock } from '../clock.ts'
import {
  type Algorithm,
  exportKey,
  generateKey,
  type PublicJwk,
  publicJwk,
  readKey,
  type SigningKey,
  seal,
  sealedByNewest,
  sealing,
  unseal,
} from '../crypto.ts'
import { StoreUnavailable } from '../errors.ts'
import { type KeyRecord, type Keys, type TokenKeys, turnOf } from '../keyring.ts'
import { ok, type Result, refused } from '../result.ts'
import { keysView } from '../view/keys.ts'
import type { Place } from '../view/view.ts'
import type { KeySetting } from './key-setting.ts'
import type { Recorder } from './recorder.ts'

/** How often the keys are looked after. */
const TEND_EVERY_MS = 60_000

/** What administrators see of a key. Times are milliseconds since the epoch. */
export type KeyInfo = {
  readonly kid: string
  readonly alg: Algorithm | string
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
  const { alg, every, publish, imported } = setting
  const sealer = sealing(secrets)
  const schedule = {
    every,
    publish,
    get overlap() {
      return overlap()
    },
  }
  const onFault = (fault: unknown) => recorder.fault(fault, 'signing keys')
  const seen = keysView<SigningKey>({ keys, clock, schedule, open, onFault })
  let stopped = false
  let cancel = () => {}
  let tending: Promise<void> = Promise.resolve()

  function open({ kid, sealed }: KeyRecord): SigningKey | null {
    const text = sealed === null ? null : unseal(sealer, sealed, purposeOf(kid))
    return text === null ? null : readKey(text)
  }

  const ownKey = (kid: string): SigningKey | null => (seen.wasRemoved(kid) ? null : (imported.get(kid) ?? null))

  /** Makes the next key. Of any number of nodes at this instant one succeeds, and the others take over its key. */
  async function add(actor: string | null, context: RequestContext): Promise<KeyRecord | null> {
    const now = clock.now()
    const records = await keys.list()
    const key = await generateKey(alg)
    const sealed = seal(sealer, exportKey(key), purposeOf(key.kid))
    const record = { kid: key.kid, alg, ...turnOf(records, now, schedule), sealed, removedAt: null }
    const newest = records.findLast(({ removedAt }) => removedAt === null)?.kid ?? null
    const { value } = await keys.add(record, newest)
    await seen.load()
    if (value) recorder.record({ type: 'key.added', actor, data: { kid: value.kid, alg } }, context, now)
    return value
  }

  /** Reads the keys, and makes the next one when its time has come. */
  async function ensure(): Promise<void> {
    await seen.load()
    if (imported.size > 0) return
    const now = clock.now()
    const { signing, due } = seen.standing(now)
    if (signing && !seen.opened()) {
      throw new StoreUnavailable(
        'none of the signing keys can be opened: the master secret is not the one they were sealed with',
      )
    }
    if (due) await add('system', {})
  }

  /** Seals anew what an older master secret has sealed, so that it can go; forgets keys whose last token is over. */
  async function tidy(): Promise<void> {
    const records = await keys.list()
    for (const { kid, sealed } of records) {
      if (sealed === null || sealedByNewest(sealer, sealed)) continue
      const text = unseal(sealer, sealed, purposeOf(kid))
      if (text !== null) await keys.reseal(kid, sealed, seal(sealer, text, purposeOf(kid)))
    }
    if (imported.size > 0) return
    for (const { kid } of seen.standing(clock.now()).over) await keys.forget(kid)
  }

  async function tend(): Promise<void> {
    await ensure()
    await tidy()
  }

  function again(): void {
    if (stopped) return
    cancel = clock.after(TEND_EVERY_MS, () => {
      tending = tend().catch(onFault).finally(again)
    })
  }

  const ring = {
    source: keys.source,
    apply: seen.apply,
    reset: seen.reset,

    /** Reads the keys, makes the first one if there is none, and begins to look after them. */
    async start(): Promise<void> {
      await ensure().catch((fault) => {
        onFault(fault)
        throw fault
      })
      again()
    },

    async stop(): Promise<void> {
      stopped = true
      cancel()
      await tending
    },

    /** One round of what is done each minute. */
    tend,

    signing(now: number): SigningKey {
      if (imported.size === 0) return seen.signing(now).key
      const first = [...imported.keys()].map(ownKey).find((key) => key !== null)
      if (first) return first
      throw new StoreUnavailable('every imported key was removed')
    },

    /** Whether there is a key to sign with. */
    ready(now: number): boolean {
      try {
        return ring.signing(now) !== null
      } catch {
        return false
      }
    },

    find(kid: string, now: number): SigningKey | null | Promise<SigningKey | null> {
      const own = ownKey(kid)
      if (own) return own
      const held = seen.find(kid, now)
      return held instanceof Promise ? held.then((late) => late?.key ?? null) : (held?.key ?? null)
    },

    /** Whether tokens of this key are good, as far as this node knows. No I/O. */
    stands: (kid: string, now: number): boolean => ownKey(kid) !== null || seen.stands(kid, now),

    /** The same by a read of the store sent after the call: for a node without a lease. */
    async ask(kid: string, now: number): Promise<boolean> {
      await seen.load()
      return ring.stands(kid, now)
    },

    /** Makes the next key before its time. It is published first, as always, and signs after that. */
    async rotate(context: RequestContext, actor: string | null): Promise<Result<KeyInfo>> {
      if (imported.size > 0)
        return refused({ code: 'not_supported', detail: 'The keys are imported: change them where they come from' })
      await ensure()
      const record = await add(actor, context)
      return record ? ok(infoOf(record, clock.now(), null)) : refused({ code: 'conflict' })
    },

    /** Removes a key for good: an ending of everything it signed, true on every node when it returns (KM-02). */
    async remove(kid: string, context: RequestContext, actor: string | null): Promise<Result<null>> {
      const now = clock.now()
      const known = (await keys.list()).find((record) => record.kid === kid) ?? imported.get(kid)
      if (!known) return refused({ code: 'not_found' })
      const { value, position } = await keys.remove(kid, known.alg, now)
      await settle({ source: keys.source, position })
      await seen.load()
      if (value) recorder.record({ type: 'key.removed', actor, data: { kid, alg: known.alg } }, context, now)
      if (imported.size === 0) await ensure()
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

    /** What everybody may verify with (RFC 7517): every key whose tokens are good, and the one that is to sign next. */
    publicKeys(now: number): readonly PublicJwk[] {
      const own = [...imported.keys()].map(ownKey)
      const held = seen.loaded() ? seen.standing(now).verifying.map(({ kid }) => seen.keyOf(kid)) : []
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

/** A sealed key opens as itself only. */
function purposeOf(kid: string): string {
  return `signing key ${kid}`
}
