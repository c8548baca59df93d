import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Store } from '../../index.ts'
import type { Settings } from '../../server/config.ts'
import { openStore } from '../../server/open.ts'
import { FailureError } from '../failure.ts'

/** Where is measured: beside the data, and of none of it. */
export type Place = {
  /** For people. */
  readonly where: string
  /** A store there. Several are several servers. */
  open(): Promise<Store>
  /** Removes all of it. */
  remove(): Promise<void>
}

/** A file, a schema and a prefix of its own, in the folder, database and Redis of the installation. */
export function place(configured: Settings): Place {
  const { database, redis } = configured
  const name = `sallyport_bench_${Buffer.from(crypto.getRandomValues(new Uint8Array(6))).toString('hex')}`
  if (redis && redis.urls.length > 1) {
    throw new FailureError(
      'REDIS_URL names several servers, and bench measures with one: name one of a Redis that is no Cluster',
    )
  }
  const folder = dirname(database.where)
  // Where nothing was started yet there is no folder, and nothing is to be left behind.
  const file = database.kind === 'sqlite' ? join(existsSync(folder) ? folder : tmpdir(), `${name}.db`) : null
  const own: Settings = {
    ...configured,
    database:
      database.kind === 'sqlite'
        ? { ...database, where: file ?? '' }
        : { ...database, options: { ...database.options, schema: name } },
    redis: redis && { ...redis, options: { ...redis.options, prefix: name } },
  }
  return {
    where: `${file ?? `the schema ${name} of ${database.where}`}${redis ? `, and ${name} in Redis at ${redis.where}` : ''}`,
    open: () => openStore(own),
    async remove() {
      if (file !== null) for (const ending of ['', '-wal', '-shm']) rmSync(`${file}${ending}`, { force: true })
      if (database.kind === 'postgres') await dropSchema(database.url, name)
      if (redis) await unlink(redis.urls[0] ?? '', name)
    },
  }
}

/** @param schema of our making, so that it needs no quoting */
async function dropSchema(url: string, schema: string): Promise<void> {
  const { Client } = (await import('pg')).default
  const client = new Client(url)
  await client.connect()
  try {
    await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)
  } finally {
    await client.end()
  }
}

async function unlink(url: string, prefix: string): Promise<void> {
  const { createClient } = await import('@redis/client')
  const client = createClient({ url })
  client.on('error', () => {})
  await client.connect()
  try {
    for await (const keys of client.scanIterator({ MATCH: `{${prefix}:*`, COUNT: 1000 })) {
      if (keys.length > 0) await client.unlink(keys)
    }
  } finally {
    client.destroy()
  }
}
