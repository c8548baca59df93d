import { postgres } from '../../src/postgres.ts'
import { redis } from '../../src/redis.ts'
import type { SessionId } from '../../src/session.ts'
import type { Store } from '../../src/store.ts'
import { postgresServer } from '../../test/support/postgres-server.ts'
import { redisServer } from '../../test/support/redis-server.ts'
import type { BenchOptions } from '../lib/bench.ts'
import type { Measured } from '../lib/calm.ts'
import { record } from '../lib/population.ts'
import { say } from '../lib/progress.ts'
import type { Report } from '../lib/report.ts'
import { processOf, serverOf } from '../lib/server-cpu.ts'
import { median } from '../lib/statistics.ts'
import { type Asked, busy, type Cost } from './asking.ts'

const ASKING = 32
const LISTENING = 96
const BATCH = 200

type Row = { readonly name: string; readonly cpu: number; readonly perSecond: number | null }

/** What a follower, an ender and the sweeper ask of. */
type Ports = Pick<Store, 'sessions' | 'denials'>

/** A server of its own, and ways to it. */
type Kind = {
  readonly name: string
  start(): Promise<{ readonly server: Measured; open(): Promise<Ports>; close(): Promise<void> }>
}

export const POSTGRES: Kind = {
  name: 'PostgreSQL',
  async start() {
    const server = await postgresServer({ fsync: true, maxConnections: 200, settings: { shared_buffers: '256MB' } })
    return {
      server: serverOf(server.data),
      open: () => opened(postgres(server.url(), { schema: 'capacity', connections: 1 })),
      close: () => server.close(),
    }
  },
}

export const REDIS: Kind = {
  name: 'Redis',
  async start() {
    const server = await redisServer({ persistence: 'aof' })
    const pid = Number(/process_id:(\d+)/.exec(await server.run('INFO', 'server'))?.[1])
    return { server: processOf(pid), open: () => opened(redis(server.url())), close: () => server.close() }
  },
}

async function opened<P extends Ports>(ports: P): Promise<P> {
  await ports.sessions.source.open()
  return ports
}

/** What the commands of the feed cost a server, in its own processors' time: a busy neighbour hardly matters to that. */
export async function oneDatabase({ quick, calm }: BenchOptions, { name, start }: Kind): Promise<Report> {
  say(`Asking ${name} …`)
  const { server, open, close } = await start()
  try {
    const several = async (count: number) => {
      const stores: Ports[] = []
      for (let i = 0; i < count; i += 1) stores.push(await open())
      return stores
    }
    const [stores, more] = [await several(ASKING), await several(LISTENING)]
    const ms = quick ? 1000 : 5000
    const asked = { server, calm }
    const told = await telling(asked, stores, more, ms)
    const rows = [...(await following(asked, stores, ms)), ...told]
    const batch = await sweeping(stores, quick ? 1000 : 4000)
    await Promise.all([...stores, ...more].map(({ sessions }) => sessions.source.close()))
    return {
      tables: [
        {
          title: `what a command costs a ${name} server on two cores that it shares with whoever asks`,
          columns: [
            { key: 'name', label: '' },
            { key: 'cpu', label: 'µs of its processors' },
            { key: 'perSecond', label: 'answered/s' },
          ],
          rows,
          notes: [
            `${ASKING} connections ask, each one thing after the other; changes wait for the disk. Telling: to ${LISTENING} that listen.`,
            `${BATCH} expired sessions are swept in ${batch.toFixed(1)} ms, after which the sweeper rests for 30 times as long.`,
          ],
        },
      ],
      bars: [],
    }
  } finally {
    await close()
  }
}

/** What followers and enders ask. */
async function following(on: Asked, stores: readonly Ports[], ms: number): Promise<readonly Row[]> {
  const followers = await Promise.all(
    stores.map(async ({ sessions: { source } }) => ({ feed: source.feed, ...(await source.feed.register(null)) })),
  )
  type Follower = (typeof followers)[number]
  const asked = (ask: (one: Follower, round: number) => Promise<unknown>): Promise<Cost> =>
    busy(on, ASKING, ms, (i, round) => ask(followers[i] as Follower, round))
  const rows: Row[] = [
    { name: 'an acknowledgement', ...(await asked(({ feed, row }, round) => feed.acknowledge(row, round))) },
    { name: 'a read that finds nothing', ...(await asked(({ feed, row, position }) => feed.read(row, position, 500))) },
  ]
  let registered = ASKING
  for (const many of [100, 1000]) {
    for (; registered < many; registered += 1) await followers[registered % ASKING]?.feed.register(null)
    rows.push({ name: `a look at ${many.toLocaleString('en')} rows`, ...(await asked(({ feed }) => feed.rows())) })
  }
  return rows
}

/** What it costs to append, by one or by many at once, and to tell one more. */
async function telling(on: Asked, stores: readonly Ports[], more: readonly Ports[], ms: number) {
  let denied = 0
  const deny = (by: number) => {
    denied += 1
    const sid = String(denied).padStart(22, '0') as SessionId
    return (stores[by] as Ports).denials.deny({ sid, reason: 'signed_out', until: 1 }, 0)
  }
  const appended = (callers: number) => busy(on, callers, ms, deny)
  await appended(ASKING)
  const unheard = await appended(1)
  const together = await appended(ASKING)
  const cancels = more.map(({ denials }) => denials.source.feed.onAppend(() => {}))
  await Promise.all(more.map(({ denials }) => denials.source.feed.tail()))
  const heard = await appended(1)
  for (const cancel of cancels) cancel()
  return [
    { name: 'an entry that is appended, by one', ...unheard },
    { name: `by ${ASKING} at once`, ...together },
    { name: 'telling one node of it', cpu: (heard.cpu - unheard.cpu) / LISTENING, perSecond: null },
  ]
}

/** How long a batch takes, milliseconds. */
async function sweeping(stores: readonly Ports[], many: number): Promise<number> {
  const { sessions } = stores[0] as Ports
  const now = Date.now()
  await Promise.all(
    stores.map(async (store, first) => {
      for (let i = first; i < many; i += stores.length) {
        await store.sessions.start({ ...record(i, 0, now), expiresAt: now - 1 }, null, now)
      }
    }),
  )
  const took: number[] = []
  for (let i = 0; i < many; i += BATCH) {
    const begun = performance.now()
    await sessions.endDue(now, BATCH, now)
    took.push(performance.now() - begun)
  }
  return median(took)
}
