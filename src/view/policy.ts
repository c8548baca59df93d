import { ConfigurationError, StoreUnavailable } from '../errors.ts'
import type { Change } from '../feed.ts'
import type { Kept, Settings } from '../store.ts'
import { nextRead } from './next-read.ts'

type PolicyOptions<T> = {
  readonly settings: Pick<Settings, 'source' | 'findPolicy'>
  /** What holds as the options alone have it. */
  readonly configured: T
  /** What holds when this is stored. @throws when this node's options and it do not go together */
  readonly read: (kept: Kept | null) => T
  /** Another policy is in force here from this step on. */
  readonly onChange: () => void
  readonly onFault: (fault: unknown) => void
}

/**
 * The policy in force on this node.
 *
 * The invariant: once a change of the policy has returned, no request is judged by the one before, but by one that had arrived at a
 * node without a lease before the change was committed and is answered within a lease of asking. It holds for the reason that holds for
 * endings (`lease.ts`): a change is an entry of the feed and settles. A node with a lease has applied every entry its lease covers, and
 * the entry is the policy, so that applying it is one step and nobody waits for a read. A node without a lease asks the database by a
 * read that is sent after the request arrived; so does one whose feed lost entries, or begins, until it has read. Whoever was judged a
 * moment earlier was judged by what was in force then.
 *
 * Versions only rise, so a read that a change has overtaken changes nothing. One that nothing has overtaken and that answers with a lower
 * version is of a database that lost data, which this node may not have heard of: it counts. A stored policy that does not go together with the options of
 * this node is none that it could judge by: it answers 503, and says why to its log.
 */
export function policyView<T>({ settings, configured, read, onChange, onFault }: PolicyOptions<T>) {
  let current = configured
  let version = UNREAD
  let loaded = false
  /** Raised by a reset: what was asked for before it is of the database as it was. */
  let era = 0
  /** Changes that were heard of. */
  let heard = 0

  function take(kept: Kept | null): void {
    const next = kept?.version ?? 0
    if (loaded && next === version) return
    version = next
    loaded = false
    current = read(kept)
    loaded = true
    onChange()
  }

  const { load: readStored } = nextRead(async () => {
    for (;;) {
      const [asked, before] = [era, heard]
      const kept = await settings.findPolicy()
      if (asked !== era) continue
      if (before === heard || version < (kept?.version ?? 0)) return take(kept)
      if (loaded) return
    }
  })

  return {
    source: settings.source,

    /** Reads it, by a read sent after the call. @throws ConfigurationError when this node cannot judge by it, which stops a start */
    start: readStored,

    /** As `start`, for a request: nobody can be judged here, and nobody is signed out for it. */
    load: (): Promise<void> =>
      readStored().catch((fault) => {
        if (!(fault instanceof ConfigurationError)) throw fault
        onFault(fault)
        throw new StoreUnavailable('the stored policy does not go together with the options of this node')
      }),

    /** No I/O: every request asks this. */
    current: (): T => current,
    loaded: (): boolean => loaded,

    /** Takes in a change, in the step in which the view does. */
    apply(change: Change): void {
      if (change.kind !== 'policy') return
      heard += 1
      try {
        if (change.version > version) take(change)
      } catch (fault) {
        onFault(fault)
      }
    },

    /** Everything that was learnt may be wrong: the database lost data or is another. */
    reset(): void {
      era += 1
      loaded = false
      version = UNREAD
      readStored().catch(onFault)
    },
  }
}

/** Below every version there is. */
const UNREAD = -1
