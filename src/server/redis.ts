import type { Config } from '../config.ts'
import { ConfigurationError } from '../index.ts'
import type { RedisOptions } from '../redis.ts'
import { demand } from './missing.ts'

/** Where sessions, denials, tickets and counters are kept, where that is Redis. */
export type Redis = {
  /** Hosts and ports, and the prefix if one was named: what may be told of the addresses. */
  readonly where: string
  /** The addresses as they were given, which may hold a password: to connect by, never to print. */
  readonly urls: readonly string[]
  readonly options: RedisOptions
}

const ADDRESS =
  'write redis://user:password@host:6379, or rediss:// for TLS, with %23 %25 %2C %2F %3F %40 for # % , / ? @ in a user or password, and commas between several of a Cluster'

/**
 * The servers behind `REDIS_URL`: one address, or several of a Cluster with commas between them.
 * @throws ConfigurationError for what is no address; it quotes nothing that may be part of a password
 */
export function redisOf(url: string | readonly string[], options: RedisOptions): Redis {
  const urls = (typeof url === 'string' ? url.split(',') : url).map((one) => `${one}`.trim())
  if (urls.length === 0) throw notAnAddress()
  const { prefix } = options
  const where = `${urls.map(whereOf).join(', ')}${prefix === undefined ? '' : ` (prefix ${prefix})`}`
  return { where, urls, options }
}

/** The member of the configuration file, for whoever writes the address alone. */
export function checkedRedis(value: unknown): Config['redis'] {
  if (value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value))) {
    return value as Config['redis']
  }
  throw new ConfigurationError(`redis in the configuration file is no object: write redis: { url: 'redis://…' }`)
}

/** Never the password, nor a part of it that got into another place of the address: then it is none. */
function whereOf(text: string): string {
  const url = /^rediss?:\/\//i.test(text) ? URL.parse(text) : null
  const isPlain =
    url && url.hash === '' && url.search === '' && url.hostname !== '' && /^\/?\d{0,5}$/.test(url.pathname)
  if (!isPlain || !isDecodable(url)) throw notAnAddress()
  const number = Number(url.pathname.slice(1))
  return `${url.hostname}:${url.port || '6379'}${number === 0 ? '' : `/${number}`}`
}

function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password)
    return true
  } catch {
    return false
  }
}

function notAnAddress(): ConfigurationError {
  return new ConfigurationError(`REDIS_URL is not the address of a Redis server: ${ADDRESS}`)
}

/**
 * The module of the Redis store, loaded when it is wanted.
 * @throws ConfigurationError when the driver is not installed
 */
export async function redisModule(): Promise<typeof import('../redis.ts')> {
  demand('REDIS_URL', '@redis/client')
  return import('../redis.ts')
}
