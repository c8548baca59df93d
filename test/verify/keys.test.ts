import { beforeEach, describe, expect, it } from 'vitest'
import { generateKey, type PublicJwk, publicJwk } from '../../src/crypto.ts'
import { StoreUnavailable } from '../../src/errors.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { remoteKeys } from '../../src/verify/keys.ts'

const MINUTE = 60_000
const published = async () => publicJwk(await generateKey('EdDSA')) as PublicJwk
const [one, two] = [await published(), await published()]

/** A key set under a clock that stands still; `asked` counts how often it was asked for. */
function set() {
  const clock = manualClock()
  const way = { down: false, status: 200, body: { keys: [one] } as unknown, asked: 0 }
  const server = async (url: string, given: object = {}) => {
    way.asked += 1
    expect([new URL(url).pathname, given]).toEqual(['/.well-known/jwks.json', { anonymous: true }])
    if (way.down) throw new StoreUnavailable('the server does not answer')
    return { status: way.status, body: way.body }
  }
  const keys = remoteKeys(server, { keySet: 'https://auth.example/.well-known/jwks.json', clock })
  const find = async (kid: string) => (await keys.find(kid))?.kid ?? null
  return { clock, way, keys, find }
}

let s: ReturnType<typeof set>
beforeEach(() => {
  s = set()
})

describe('the key set of the server', () => {
  it('KM-06: is asked for once, by however many at a time, and remembered without a promise', async () => {
    expect(await Promise.all(Array.from({ length: 100 }, () => s.find(one.kid)))).toEqual(Array(100).fill(one.kid))
    expect(s.keys.find(one.kid)).not.toBeInstanceOf(Promise)
    expect(s.way.asked).toBe(1)
  })

  it('KM-06: is asked for again because of a strange kid once in five seconds, and has the new key then', async () => {
    await s.find(one.kid)
    await s.clock.advance(5000)
    s.way.body = { keys: [one, two] }
    expect(await s.find('strange')).toBeNull()
    expect(await s.find(two.kid)).toBe(two.kid)
    for (let i = 0; i < 1000; i++) expect(await s.find(`strange ${i}`)).toBeNull()
    expect(s.way.asked).toBe(2)
    await s.clock.advance(5000)
    await s.find('strange')
    expect(s.way.asked).toBe(3)
  })

  it('P3 KM-02: is asked for once more, and at once, when the server has told of a key', async () => {
    await s.find(one.kid)
    await s.clock.advance(5000)
    await s.find('strange')
    s.way.body = { keys: [two] }
    s.keys.apply({ kind: 'key', kid: one.kid, removed: true })
    expect([await s.find(two.kid), await s.find('strange'), s.way.asked]).toEqual([two.kid, null, 3])
  })

  it('P3 KM-02: also when it told of it while the set was on its way', async () => {
    const late = Promise.all([s.find(two.kid), s.find('strange'), s.find(two.kid)])
    s.keys.apply({ kind: 'key', kid: two.kid, removed: false })
    s.way.body = { keys: [one, two] }
    expect([await late, s.way.asked]).toEqual([[two.kid, null, two.kid], 2])
  })

  it('KM-06: is renewed behind a request after five minutes, and a key that has left it is none then', async () => {
    await s.find(one.kid)
    s.way.body = { keys: [two] }
    await s.clock.advance(5 * MINUTE - 1)
    expect([await s.find(one.kid), s.way.asked]).toEqual([one.kid, 1])
    await s.clock.advance(1)
    expect(s.keys.find(one.kid)).toMatchObject({ kid: one.kid })
    await s.clock.advance(0)
    expect([await s.find(one.kid), s.way.asked]).toEqual([null, 2])
  })

  it('KM-06: is good for an hour without the server, and not longer', async () => {
    await s.find(one.kid)
    s.way.down = true
    await s.clock.advance(60 * MINUTE - 1)
    expect(await s.find(one.kid)).toBe(one.kid)
    await s.clock.advance(1)
    await expect(s.find(one.kid)).rejects.toThrow(StoreUnavailable)
    await expect(s.find(one.kid)).rejects.toThrow(StoreUnavailable)
    s.way.down = false
    await s.clock.advance(5000)
    expect(await s.find(one.kid)).toBe(one.kid)
  })

  it('P3: says of no kid that it is nobody’s while the server does not answer', async () => {
    s.way.down = true
    await expect(s.find(two.kid)).rejects.toThrow(StoreUnavailable)
    s.way.down = false
    await s.find(one.kid)
    s.way.down = true
    await s.clock.advance(5000)
    for (let i = 0; i < 3; i++) await expect(s.find(two.kid)).rejects.toThrow(StoreUnavailable)
    expect(s.way.asked).toBe(3)
    expect(await s.find(one.kid)).toBe(one.kid)
  })

  it('P3: nor when everything that was learnt is forgotten meanwhile', async () => {
    const late = s.find(one.kid)
    s.keys.reset()
    await expect(late).rejects.toThrow(StoreUnavailable)
    expect(await s.find(one.kid)).toBe(one.kid)
  })

  it('KM-02: brings no removed key back', async () => {
    const late = s.find(one.kid)
    s.keys.apply({ kind: 'key', kid: one.kid, removed: true })
    expect(await late).toBeNull()
    await s.clock.advance(5 * MINUTE)
    expect([await s.find(one.kid), s.keys.stands(one.kid)]).toEqual([null, false])
  })

  it.each([
    ['has no keys', {}],
    ['is a text', 'keys'],
    ['has more than a hundred', { keys: Array.from({ length: 101 }, (_, i) => ({ ...one, kid: `${i}` })) }],
    ['KM-05: has a kid twice', { keys: [one, one] }],
    ['KM-05: has a kid twice, in keys that are of no use', { keys: [one, { kid: one.kid, kty: 'oct' }] }],
  ])('is none when it %s', async (_, body) => {
    s.way.body = body
    await expect(s.find(one.kid)).rejects.toThrow(StoreUnavailable)
  })

  it.each([
    ['a secret', { ...one, kid: 'x', kty: 'oct', k: 'c2VzYW1l' }],
    ['another use', { ...one, kid: 'x', use: 'enc' }],
    ['an algorithm that is none of ours', { ...one, kid: 'x', alg: 'RS1' }],
    ['nothing', null],
  ])('passes over keys that verify nothing here: %s', async (_, strange) => {
    s.way.body = { keys: [one, strange] }
    expect([await s.find(one.kid), await s.find('x')]).toEqual([one.kid, null])
  })
})
