import pg from 'pg'
import { type PostgresServer, postgresServer } from '../../support/postgres-server.ts'
import { type RedisServer, redisServer } from '../../support/redis-server.ts'
import { type Member, member } from './member.ts'
import type { Databases } from './store.ts'
import { type Troubles, troubles } from './troubles.ts'
import { type Weather, weather } from './weather.ts'

export const SECRET = 'faults-0123456789-abcdefghijklmnopqrstuv'

/** How long a node may take to end, with a database that answers or without, milliseconds. */
const LEAVE_MS = 20_000

/** Three nodes over the same databases, each with ways of its own to them. */
export type Cluster = {
  readonly server: PostgresServer
  /** What the sessions are in, where that is another server. */
  readonly redis: RedisServer | null
  /** The addresses of the databases, straight. */
  readonly databases: Databases
  readonly members: readonly [a: Member, b: Member, c: Member]
  readonly troubles: Troubles
  readonly weather: Weather
  /** Takes down that what runs is trouble for this node, or (null) for all. */
  amid<T>(whose: Member | null, run: () => Promise<T>): Promise<T>
  /** One statement, straight to PostgreSQL. */
  query<R extends pg.QueryResultRow>(sql: string): Promise<readonly R[]>
  /** Ends the nodes as an operator would. @throws when one does not end as it should */
  close(): Promise<void>
}

export type ClusterOptions = {
  /** How the Redis server keeps what it has, where there is to be one: on the disk at every change, or not at all. */
  readonly sessions?: 'aof' | 'none' | null
  readonly beside?: NonNullable<Databases['beside']>
}

export async function cluster({ sessions = null, beside = 'everything' }: ClusterOptions = {}): Promise<Cluster> {
  const server = await postgresServer()
  const redis = sessions === null ? null : await redisServer({ persistence: sessions })
  const told = troubles()
  const databases = { people: await server.createDatabase(), sessions: redis?.url() ?? null, beside }
  const all = await Promise.all(['A', 'B', 'C'].map((name) => member(name, databases, SECRET, told)))
  const members = all as unknown as Cluster['members']
  const sky = weather(databases.people)

  async function close(): Promise<void> {
    await sky.stop()
    try {
      const began = performance.now()
      const codes = await Promise.all(members.map((one) => (one.isAlive() ? one.stop() : 0)))
      const took = performance.now() - began
      if (codes.some((code) => code !== 0)) throw new Error(`the nodes ended with ${codes}`)
      if (took > LEAVE_MS) throw new Error(`the nodes ended after ${Math.round(took)} ms`)
    } finally {
      await Promise.all(members.map((one) => one.close()))
      await Promise.all([server.close(), redis?.close()])
    }
  }

  try {
    for (const one of members) await one.start()
  } catch (error) {
    await close().catch(() => {})
    throw error
  }

  return {
    server,
    redis,
    databases,
    members,
    troubles: told,
    weather: sky,
    async amid(whose, run) {
      const over = told.begin('cut', whose?.name ?? null)
      try {
        return await run()
      } finally {
        over()
      }
    },
    async query(sql) {
      const client = new pg.Client({ connectionString: databases.people })
      // It is told by the statement that failed.
      client.on('error', () => {})
      await client.connect()
      try {
        return (await client.query(sql)).rows
      } finally {
        await client.end()
      }
    },
    close,
  }
}
