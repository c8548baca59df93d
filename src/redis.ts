export type { RedisServer } from './stores/redis/facts.ts'
export { inspectRedis, type RedisInspection } from './stores/redis/inspect.ts'
export { type RedisOptions, type RedisPorts, redis } from './stores/redis/redis.ts'
