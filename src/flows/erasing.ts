import type { Clock } from '../clock.ts'
import type { Source } from '../source.ts'
import type { Store } from '../store.ts'
import type { UserId } from '../user.ts'
import type { Recorder } from './recorder.ts'

/** Users remembered at most whose traces are still to be looked for. */
const MOST = 10_000

type ErasingOptions = { readonly store: Store; readonly recorder: Recorder; readonly clock: Clock }

/**
 * Takes out of every port what is personal of a user who is gone: credentials and links, addresses and devices in ended sessions
 * and in events. What cannot be reached is looked for again by each round of the sweeper, and everything once more after the
 * first time: an event may have been on its way. Whoever ends the process before that leaves it to `retention`.
 */
export function erasing({ store, recorder, clock }: ErasingOptions) {
  const waiting = new Map<UserId, 'failed' | 'once more'>()

  async function erase(id: UserId): Promise<void> {
    const { credentials, tickets, sessions, audit } = store
    await recorder.flush()
    const done = await Promise.allSettled([
      credentials.remove(id, null, ''),
      tickets.removeOf(id, null),
      drained(sessions.source, (limit) => sessions.erase(id, limit)),
      drained(audit.source, (limit) => audit.erase(id, limit)),
    ])
    const failed = done.find((one) => one.status === 'rejected')
    if (failed) throw failed.reason
  }

  return {
    /** @throws StoreUnavailable when a part could not be reached: what is left is done later, or by whoever asks again. */
    async of(id: UserId): Promise<void> {
      if (waiting.size < MOST || waiting.has(id)) waiting.set(id, 'failed')
      await erase(id)
      waiting.set(id, 'once more')
      recorder.record({ type: 'user.erased', actor: 'system', subject: id }, {}, clock.now())
    },

    /** @throws StoreUnavailable when a database does not answer yet: the rest goes on waiting. */
    async again(): Promise<void> {
      for (const [id, state] of waiting) {
        await erase(id)
        waiting.delete(id)
        if (state === 'failed') recorder.record({ type: 'user.erased', actor: 'system', subject: id }, {}, clock.now())
      }
    },
  }
}

export type Erasing = ReturnType<typeof erasing>

/** In batches, so that nobody waits long for the database. */
async function drained({ batch }: Source, verb: (limit: number) => Promise<number>): Promise<void> {
  while ((await verb(batch)) === batch);
}
