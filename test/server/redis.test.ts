import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redisModule, redisOf } from '../../src/server/redis.ts'
import { fixed } from '../support/property.ts'

/** What is said of the addresses, or of what is wrong with them: here, or by the store. */
async function said(url: string): Promise<string> {
  try {
    const { where, urls } = redisOf(url, {})
    ;(await redisModule()).redis(urls)
    return where
  } catch (fault) {
    return fault instanceof Error
      ? `${fault.name} ${fault.message} ${fault.stack} ${JSON.stringify(fault)} ${String(fault.cause)}`
      : ''
  }
}

describe('an address of Redis', () => {
  it.each([
    ['redis://redis.example', 'redis.example:6379'],
    ['redis://auth:secret@redis.example:7000/2', 'redis.example:7000/2'],
    ['REDISS://:secret@redis.example/', 'redis.example:6379'],
    ['rediss://auth:se%23%2Fcret@[::1]:7000', '[::1]:7000'],
    ['redis://auth:secret@a:7000, redis://auth:secret@b:7001 ,redis://c', 'a:7000, b:7001, c:6379'],
  ])('%s is told as %s', async (url, where) => {
    expect(await said(url)).toBe(where)
  })

  it.each([
    ...['', ',', 'redis.example:6379', 'auth:secret@redis.example', 'redis:redis.example', 'redis://', 'redis:///1'],
    ...['redis://auth:sec#ret@a', 'redis://auth:12#ret@a', 'redis://auth:12/ret@a', 'redis://auth:12?ret@a'],
    ...[
      'redis://auth:secret%@a',
      'redis://auth:secret@a/b',
      'redis://a?db=1',
      '"redis://auth:secret@a"',
      'redis://a:99999',
    ],
    ...['redis://auth:secret@a,b', 'postgres://auth:secret@a', 'redis://auth:12,secret@a'],
  ])('%s is refused', async (url) => {
    const message = await said(url)
    expect(message).toMatch(/^ConfigurationError REDIS_URL is not the address of a Redis server: write redis:\/\//)
    expect(message.replace(/user:password@host/g, '')).not.toMatch(/secret|ret@/)
  })

  it('several that differ in who is let in are refused: one user is used at all of them', async () => {
    for (const other of ['redis://auth:other@b', 'redis://other:secret@b', 'redis://auth:secret@b/1', 'rediss://b']) {
      expect(await said(`redis://auth:secret@a,${other}`)).toMatch(
        /differ in more than the host and port: write the same/,
      )
    }
  })
})

it('KM-08: whatever the password is, and however it is written, nothing that is said holds it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.stringMatching(/^[ -~]{12,24}$/),
      fc.constantFrom('redis', 'rediss', 'redi'),
      fc.boolean(),
      async (text, scheme, encode) => {
        const url = `${scheme}://auth:${encode ? encodeURIComponent(text) : text}@redis.example:6379`
        for (const given of [url, `${url},${url}`, `'${url}'`])
          expect(await said(given)).not.toContain(text.slice(0, 10))
      },
    ),
    fixed(),
  )
})

it('the module of the store is there, with what a look needs', async () => {
  expect(await redisModule()).toMatchObject({ redis: expect.any(Function), inspectRedis: expect.any(Function) })
})
