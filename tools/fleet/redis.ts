import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findRedis, type RedisServer, redisServer } from '../../test/support/redis-server.ts'
import { ROOT } from '../read-tree.ts'

export { findRedis }

/** What the user of compose.yaml may do, too. */
const SHARED = join(ROOT, 'compose/redis.sh')

/** A Redis server for the time being that keeps what it has answered, with a user who may do what the program does and nothing else. */
export type Sessions = { readonly url: string; close(): Promise<void> }

export async function sessions(): Promise<Sessions> {
  const server = await redisServer({ persistence: 'aof' })
  try {
    return { url: await owned(server), close: server.close }
  } catch (error) {
    await server.close()
    throw error
  }
}

async function owned(server: RedisServer): Promise<string> {
  const password = randomBytes(18).toString('base64url')
  await server.run('ACL', 'SETUSER', 'sallyport', 'on', `>${password}`, ...rights())
  return `redis://sallyport:${password}@127.0.0.1:${server.port}`
}

/** @throws when the shared script does not have the line. */
export function rights(): readonly string[] {
  const [, line] = /^user sallyport on >\S+ (.+)$/m.exec(readFileSync(SHARED, 'utf8')) ?? []
  if (line === undefined) throw new Error(`${SHARED} has no user sallyport`)
  return line.split(' ')
}
