import { StoreUnavailable } from '../errors.ts'
import type { Change } from '../feed.ts'
import { type Follower, follower } from '../view/follower.ts'
import { relayedFeed } from './feed.ts'
import type { Setting } from './options.ts'
import type { Server } from './server.ts'

/** How soon beginning is tried again, milliseconds. */
const RETRY_MS = 1000

type Following = {
  readonly apply: (change: Change) => void
  readonly reset: () => void
}

/**
 * Follows every feed of the server, each with a row and a lease of its own (DESIGN section 5). What decides from memory does so while
 * all leases hold. Where the number of feeds becomes another, the installation is another: everything begins anew.
 */
export function following(
  server: Server,
  { api, clock, onFault }: Pick<Setting, 'api' | 'clock' | 'onFault'>,
  { apply, reset }: Following,
) {
  let followers: readonly Follower[] = []
  let starting: Promise<void> | null = null
  let cancelRetry = () => {}
  let isStopped = false

  async function begin(): Promise<void> {
    const { status, body } = await server(`${api}/feed?ask=epoch`)
    const total = (body as { readonly total?: unknown } | null)?.total
    if (status === 401 || status === 403) throw new StoreUnavailable('the server does not know this service')
    if (status !== 200 || !Number.isInteger(total) || (total as number) < 1) {
      throw new StoreUnavailable(`the server answered ${status} instead of its feeds`)
    }
    if (isStopped) return
    const number = total as number
    const all = Array.from({ length: number }, (_, feed) => {
      const onTotal = (now: number) => {
        if (now !== number && followers === all) restart()
      }
      const relayed = relayedFeed({ server, api, clock, feed, onTotal })
      return follower(relayed, clock, { apply, reset, onFault: (fault) => onFault(fault, 'feed'), onRound: () => {} })
    })
    followers = all
    await Promise.all(all.map((one) => one.start()))
  }

  function restart(): void {
    const before = followers
    followers = []
    reset()
    for (const one of before) void one.stop()
    start().catch(() => {})
  }

  /** Rejects when the server does not answer, and keeps trying all the same. */
  function start(): Promise<void> {
    starting ??= begin()
      .catch((fault) => {
        onFault(fault, 'feed')
        // Followers that were made go on by themselves.
        if (!isStopped && followers.length === 0) {
          cancelRetry = clock.after(RETRY_MS, () => void start().catch(() => {}))
        }
        throw fault
      })
      .finally(() => {
        starting = null
      })
    return starting
  }

  return {
    start,
    leased: (): boolean => followers.length > 0 && followers.every((one) => one.leased()),
    /** Gives up the leases, then the rows, so that no ending waits for them. */
    async stop(): Promise<void> {
      isStopped = true
      cancelRetry()
      const before = followers
      followers = []
      await Promise.all(before.map((one) => one.stop()))
    },
  }
}
