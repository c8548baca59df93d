import type { Direction, TcpProxy } from '../../support/tcp-proxy.ts'
import { pause } from '../support/client.ts'
import type { Cluster } from './cluster.ts'
import type { Member } from './member.ts'
import type { Fault } from './trial.ts'

/** The way of a node to one of its databases. */
type Way = (member: Member) => TcpProxy

const toPeople: Way = ({ proxy }) => proxy
export const toSessions: Way = ({ toSessions: proxy }) => proxy as TcpProxy

/** What ends at once while something is wrong, besides what ends anyway. */
const BURST = 12

/** What is answered later than that has hung, milliseconds. */
const HANGS_MS = 16_000

/** B, amid endings of its own. Another takes its place once A and C have ended something without it. */
export function nodeIsKilled({ members: [a, b, c] }: Cluster): Fault {
  return async (load) => {
    const midway = load.burst(BURST, [b])
    await load.endings(1, [b])
    await b.kill()
    await load.endings(1, [a, c])
    await b.start()
    await midway
  }
}

/** B. What it is asked meanwhile waits in its sockets, and A and C go on ending. */
export function nodeStandsStill({ members: [a, b, c] }: Cluster, ms: number): Fault {
  return async (load) => {
    await b.stand()
    await lasting(
      () => Promise.all([pause(ms), load.burst(BURST, [a, c])]),
      () => b.goOn(),
    )
  }
}

/** B: its machine runs, its clocks go on, and its timers and sockets wait. */
export function nodeIsBlocked({ members: [a, b, c] }: Cluster, ms: number): Fault {
  return async (load) => {
    const { over } = await b.block(ms)
    await Promise.all([over, load.burst(BURST, [a, c])])
  }
}

const FEED = `SELECT count(*)::integer AS held FROM pg_locks WHERE locktype = 'advisory' AND granted
  AND (classid::bigint << 32) | objid::bigint = hashtextextended('sallyport:the feed', 0)`

/**
 * B, again and again, when it has just ended something and is about to end more.
 * @param held is told each time how many hold the lock of the feed for longer than the server is at work
 */
export function stopsAmidEndings({ members: [, b], query }: Cluster, times: number, held: number[]): Fault {
  async function waitedFor(): Promise<number> {
    for (let i = 0; ; i += 1) {
      const [found] = await query<{ held: number }>(FEED)
      // Those of A and C come and go.
      if (!found?.held || i === 50) return found?.held ?? 0
      await pause(20)
    }
  }

  return async (load) => {
    for (let i = 0; i < times; i += 1) {
      const midway = load.burst(3, [b])
      await load.endings(1, [b])
      await b.stand()
      await lasting(
        async () => held.push(await waitedFor()),
        () => b.goOn(),
      )
      await midway
    }
  }
}

/**
 * That of B: all its connections are reset, sixteen times, amid endings. Whether anybody is told is chance: what is cut off is asked again,
 * and a lease outlasts the gaps.
 */
export function breaks({ members: [, b], amid }: Cluster, way: Way = toPeople): Fault {
  return (load) =>
    amid(b, async () => {
      let met = 0
      for (let i = 0; i < 16; i += 1) {
        void load.burst(1, [b])
        await pause(100 + 10 * i)
        if (way(b).drop() > 0) met += 1
      }
      if (met < 8) throw new Error(`only ${met} of 16 breaks met a connection`)
    })
}

/** That of B, until every node has ended some sessions. */
export function isSlow({ members, amid }: Cluster, way: Way = toPeople): Fault {
  const [, b] = members
  return (load) => {
    way(b).delay(200)
    return lasting(
      () => amid(b, () => load.burst(BURST, members)),
      () => way(b).delay(0),
    )
  }
}

/** That of B, for so long at least, and until everybody was answered who asked at its beginning, unless they hang. */
export function standsStill(
  { members: [a, b, c], amid }: Cluster,
  direction: Direction,
  ms: number,
  way: Way = toPeople,
): Fault {
  return (load) =>
    amid(b, async () => {
      way(b).freeze(true, direction)
      const asked = pause(500).then(() => load.answered(HANGS_MS))
      await lasting(
        () => Promise.all([pause(ms), load.burst(BURST, [a, c]), asked]),
        () => way(b).freeze(false, direction),
      )
    })
}

export function serverIsStopped({ server, amid }: Cluster, ms: number): Fault {
  return () =>
    amid(null, async () => {
      await server.stop('fast')
      await lasting(
        () => pause(ms),
        () => server.start(),
      )
    })
}

export function serverIsKilled({ server, members, amid }: Cluster): Fault {
  return async (load) => {
    const midway = load.burst(BURST, members)
    await load.endings(1, members)
    await amid(null, async () => {
      await server.kill()
      await server.start()
    })
    await midway
  }
}

export function serverStandsStill(
  { amid }: Cluster,
  ms: number,
  server: { pause(): Promise<void>; resume(): void },
): Fault {
  return () =>
    amid(null, async () => {
      await server.pause()
      await lasting(
        () => pause(ms),
        () => server.resume(),
      )
    })
}

/** While something is wrong, and then it is over, however that went. */
async function lasting(run: () => Promise<unknown>, over: () => unknown): Promise<void> {
  try {
    await run()
  } finally {
    await over()
  }
}
