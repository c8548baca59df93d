export { type RedisOptions, type RedisPorts, redis } from './stores/redis/redis.ts'
