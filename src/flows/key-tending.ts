import type { RequestContext } from '../carrier.ts'
import type { Clock } from '../clock.ts'
import { generateKey, type SigningKey } from '../crypto.ts'
import { StoreUnavailable } from '../errors.ts'
import { type KeyRecord, type KeySchedule, type Keys, standing, turnOf } from '../keyring.ts'
import type { KeysView } from '../view/keys.ts'
import type { KeySetting } from './key-setting.ts'
import type { Recorder } from './recorder.ts'
import type { SealedKeys } from './sealed-keys.ts'

/** How often the keys are looked after. */
const TEND_EVERY_MS = 60_000

/** In the log, where messages are not told: what to do about it is in decision 11. */
const SEALED_BY_ANOTHER_SECRET = { code: 'SEALED_BY_ANOTHER_SECRET' }

type TendingOptions = {
  readonly keys: Keys
  readonly clock: Clock
  readonly setting: KeySetting
  readonly schedule: KeySchedule
  readonly sealed: SealedKeys
  readonly seen: KeysView<SigningKey>
  readonly recorder: Recorder
  readonly onFault: (fault: unknown) => void
}

/** Makes the keys that are due, seals anew, and forgets what is over: on every node, and of all nodes by one. */
export function keyTending({ keys, clock, setting, schedule, sealed, seen, recorder, onFault }: TendingOptions) {
  const { alg, imported } = setting
  let running = false
  let stopped = false
  let cancel = () => {}
  let tending: Promise<void> = Promise.resolve()

  /**
   * Makes the next key. Of any number of nodes at this instant one succeeds, and the others take over its key. `ifDue`: only if
   * it is due by the very list that the new key follows; by an earlier one, two nodes could make one each, the second after the first.
   */
  async function add(actor: string | null, context: RequestContext, ifDue = false): Promise<KeyRecord | null> {
    const now = clock.now()
    const records = await keys.list()
    if (ifDue && !standing(records, now, schedule).due) {
      await seen.load()
      return null
    }
    const key = await generateKey(alg)
    const { kid } = key
    const record = { kid, alg, ...turnOf(records, now, schedule), sealed: sealed.seal(key), removedAt: null }
    const newest = records.findLast(({ removedAt }) => removedAt === null)?.kid ?? null
    const { value } = await keys.add(record, newest)
    await seen.load()
    if (value) recorder.record({ type: 'key.added', actor, data: { kid, alg } }, context, now)
    return value
  }

  /**
   * Reads the keys, and makes the next one when its time has come.
   * @returns the key it made
   * @throws StoreUnavailable when the one that signs cannot be opened here. Making another would not help: to the nodes that
   * have the right secret it would be the foreign one (decision 11).
   */
  async function ensure(actor: string | null, context: RequestContext): Promise<KeyRecord | null> {
    await seen.load()
    if (imported.size > 0) return null
    const { signing, verifying, due } = seen.standing(clock.now())
    const shut = verifying.filter(({ kid }) => seen.keyOf(kid) === null)
    if (shut.length > 0) {
      const fault = new StoreUnavailable(
        'a signing key cannot be opened: the master secret is not the one it was sealed with; list that one in secret too, or remove the key',
        { cause: SEALED_BY_ANOTHER_SECRET },
      )
      if (shut.some(({ kid }) => kid === signing?.kid)) throw fault
      onFault(fault)
    }
    return due ? add(actor, context, true) : null
  }

  /** Seals anew what an older master secret has sealed, so that it can go; forgets keys whose last token is over. */
  async function tidy(): Promise<void> {
    for (const record of await keys.list()) {
      const anew = sealed.anew(record)
      if (anew !== null && record.sealed !== null) await keys.reseal(record.kid, record.sealed, anew)
    }
    if (imported.size > 0) return
    for (const { kid } of seen.standing(clock.now()).over) await keys.forget(kid)
  }

  async function tend(): Promise<void> {
    await ensure('system', {})
    await tidy()
  }

  function again(): void {
    if (stopped) return
    cancel = clock.after(TEND_EVERY_MS, () => {
      tending = tend().catch(onFault).finally(again)
    })
  }

  return {
    add,
    ensure,

    /** Reads the keys, makes the first one if there is none, and begins to look after them. */
    async start(): Promise<void> {
      await ensure('system', {}).catch((fault) => {
        onFault(fault)
        throw fault
      })
      if (running) return
      running = true
      again()
    },

    async stop(): Promise<void> {
      stopped = true
      cancel()
      await tending
    },
  }
}
