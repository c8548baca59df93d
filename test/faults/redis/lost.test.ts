import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type RedisServer, redisServer } from '../../support/redis-server.ts'
import { describeWith } from '../../support/services.ts'
import { type Clients, clients } from '../cluster/clients.ts'
import { type Cluster, type ClusterOptions, cluster, SECRET } from '../cluster/cluster.ts'
import { type Held, hold, type Kind, populate } from '../cluster/people.ts'
import { isDone } from '../cluster/requests.ts'
import { RECOVERY_MS } from '../cluster/verdict.ts'
import { pause } from '../support/client.ts'
import { seeded } from '../support/random.ts'

vi.mock('../../../src/credentials/password/argon2-threads.ts', () => import('../support/quick-argon2.ts'))

const SEED = 20_261_401

/** What becomes of a session nobody ended. `refresh`: its token is stale, and the next one is good. */
type Fate = Readonly<Record<Kind, 'goes on' | 'refresh' | 'is over'>>

const KEPT: Fate = { session: 'goes on', hybrid: 'refresh', jwt: 'is over' }
const LOST: Fate = { session: 'is over', hybrid: 'is over', jwt: 'is over' }

type Loss = {
  readonly name: string
  readonly fate: Fate
  /** Before anybody is signed in. What it does begins an epoch. */
  readonly prepare?: (redis: RedisServer) => Promise<unknown>
  /** While sessions are asked for at every node. Those in `late` are ended after `before` has run. */
  readonly before?: (redis: RedisServer) => Promise<unknown>
  readonly lose: (redis: RedisServer, nodes: Cluster) => Promise<unknown>
}

/** Servers besides the cluster's own. */
const others: RedisServer[] = []

async function anotherOf(redis: RedisServer): Promise<RedisServer> {
  const replica = await redisServer({ replicaOf: redis })
  others.push(replica)
  return replica
}

const LOSSES: readonly Loss[] = [
  { name: 'is stopped and started', fate: KEPT, lose: (redis) => redis.stop().then(() => redis.start()) },
  { name: 'is killed and started', fate: KEPT, lose: (redis) => redis.kill().then(() => redis.start()) },
  { name: 'is emptied', fate: LOST, lose: (redis) => redis.run('FLUSHALL') },
  {
    name: 'is started with nothing',
    fate: LOST,
    async lose(redis) {
      await redis.kill()
      await redis.empty()
      await redis.start()
    },
  },
]

/**
 * A replica that did not get the last changes takes the place of its primary, which is gone. A server that gets its first
 * replica begins another history, and an epoch with it: that has to be over, or nobody knows which of two a node has noticed.
 */
const FAILOVER: Loss = {
  name: 'is replaced by a replica that missed changes',
  fate: KEPT,
  prepare: (redis) => anotherOf(redis),
  before: (redis) => anotherOf(redis).then((replica) => replica.run('REPLICAOF', 'NO', 'ONE')),
  async lose(redis, { members }) {
    const replica = others.at(-1) as RedisServer
    await redis.kill()
    for (const { toSessions } of members) {
      toSessions?.lead(replica.port)
      toSessions?.drop()
    }
  },
}

function withNodes(options: ClusterOptions, losses: readonly Loss[]): void {
  let nodes: Cluster

  beforeAll(async () => {
    nodes = await cluster(options)
  })
  afterEach(async () => {
    await Promise.all(others.splice(0).map((server) => server.close()))
  })
  afterAll(() => nodes.close(), 60_000)

  /** Resolves when this is what every node answers. */
  async function everywhere({ visitAll }: Clients, held: Held, good: number): Promise<void> {
    const since = performance.now()
    for (;;) {
      const answers = (await visitAll(held)).map(({ status }) => status)
      if (answers.every((status) => status === good)) return
      if (performance.now() - since > RECOVERY_MS) throw new Error(`${held.kind} was answered ${answers}`)
      await pause(20)
    }
  }

  it.each(losses.map((loss, i) => [loss.name, loss, SEED + i] as const))(
    'P1, P3: %s, under load',
    async (_, { fate, prepare, before, lose }, seed) => {
      const { members, databases } = nodes
      const redis = nodes.redis as RedisServer
      if (prepare) {
        const { people, admin } = await populate(databases, SECRET, 1)
        const [last] = people.flatMap(({ held }) => held).filter(({ kind }) => kind === 'jwt') as [Held]
        const earlier = clients(members, admin, seeded(seed))
        await everywhere(earlier, last, 200)
        await prepare(redis)
        await everywhere(earlier, last, 401)
        await earlier.quiet()
      }
      const { people, admin } = await populate(databases, SECRET, 12)
      const all = clients(members, admin, seeded(seed))
      const { visit, ending, signIn, refresh, journal, any, begun } = all
      const sessions = people.flatMap(({ held }) => held)
      for (const held of sessions) await everywhere(all, held, 200)
      const over = [...sessions.slice(0, 9)]
      for (const held of over) expect(isDone(await ending(any(members), [held], 'sign-out'))).toBe(true)
      await before?.(redis)
      const late = before ? sessions.slice(9, 18) : []
      for (const held of late) expect(isDone(await ending(any(members), [held], 'sign-out'))).toBe(true)
      const rest = sessions.slice(9 + late.length)

      let isOver = false
      const asking = members.map(async (member) => {
        for (; !isOver; await pause(20)) await visit(member, any(sessions))
      })
      await nodes.amid(null, async () => void (await lose(redis, nodes)))
      // Until a node has noticed it goes on with what it knows. That all have is told by these.
      for (const held of rest) if (held.kind === 'jwt') await everywhere(all, held, 401)
      isOver = true
      await begun(Promise.all(asking))

      for (const held of rest) {
        const becomes = fate[held.kind]
        if (becomes !== 'refresh') {
          await everywhere(all, held, becomes === 'goes on' ? 200 : 401)
          if (held.refresh !== null) expect((await refresh(any(members), held)).status).toBe(401)
          continue
        }
        await everywhere(all, held, 401)
        expect((await refresh(any(members), held)).status).toBe(200)
        await everywhere(all, held, 200)
      }
      for (const held of over) await everywhere(all, held, 401)
      // What says by itself what it is good for is good for nothing, also where its end was lost.
      for (const held of late) if (held.kind !== 'session') await everywhere(all, held, 401)

      for (const member of members) {
        const owner = any(people)
        const reply = await signIn(member, owner)
        expect(isDone(reply)).toBe(true)
        const held = hold('hybrid', owner, reply)
        expect((await all.visitAll(held)).map(({ status }) => status)).toEqual([200, 200, 200])
        expect(isDone(await ending(any(members), [held], 'sign-out'))).toBe(true)
        await everywhere(all, held, 401)
      }
      await all.quiet()
      expect(journal.visits.filter(({ status }) => ![200, 401, 503].includes(status))).toEqual([])
      expect(journal.visits.filter(({ from, to }) => to - from > 15_000)).toEqual([])
    },
    120_000,
  )
}

describeWith('postgres')('beside PostgreSQL', () => {
  describeWith('redis')('a Redis server', () => {
    describe('that has the sessions', () => withNodes({ sessions: 'aof' }, [...LOSSES, FAILOVER]))
    describe('that has what is denied', () =>
      withNodes(
        { sessions: 'aof', beside: 'all but sessions' },
        LOSSES.slice(2).map((loss) => ({ ...loss, fate: KEPT })),
      ))
  })
})
