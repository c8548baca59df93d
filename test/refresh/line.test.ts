import { readFileSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { macKey } from '../../src/crypto.ts'
import { StoreUnavailable } from '../../src/errors.ts'
import type { SessionRecord } from '../../src/session.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { sqlite } from '../../src/stores/sql/sqlite.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { refreshTokens } from '../../src/tokens/refresh.ts'
import { faulty } from '../faults/support/faulty.ts'
import { later as afterwards, newFile, opened } from '../stores/sqlite-fixture.ts'
import { holding, must, SECRET } from '../support/house.ts'
import { codeOf, hears, hybridHouse, later, MINUTE, refreshed, refreshWith, signedIn, tokenIn } from './holder.ts'
import { type Jar, jarOf } from './model/jar.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const NOTHING = { get: () => null }

it('RT-03: a hundred refreshes of one token at once, over two nodes on one SQLite file, leave one line', async () => {
  const [file, clock] = [newFile(), manualClock()]
  const [one, two] = [
    await hybridHouse({ store: sqlite(file), clock }),
    await hybridHouse({ store: sqlite(file), clock }),
  ]
  afterwards(async () => void (await Promise.all([one.close(), two.close()])))
  let { jar, session } = await signedIn(one, 'ada')
  for (let round = 1; round <= 3; round++) {
    await later(one, 6 * MINUTE)
    const asked = Array.from({ length: 100 }, (_, i) => refreshWith(i % 2 ? one.auth : two.auth, jar))
    const answers = (await one.patiently(Promise.all(asked))).map((result) => jarOf(must(result).carried, jar))
    expect(new Set(answers.map(({ refresh }) => refresh)).size).toBe(1)
    expect(new Set(answers.map(({ number }) => number))).toEqual(new Set([round]))
    const refreshes = [...one.events, ...two.events].filter(({ type }) => type === 'token.refreshed')
    expect(refreshes).toHaveLength(round)
    jar = answers[0] as Jar
    expect([await hears(one.auth, jar), await hears(two.auth, jar)]).toEqual(['in', 'in'])
    expect((await two.store.sessions.find(session.id))?.counter).toBe(round)
  }
})

it('RT-07: nothing of any refresh token is in the database, nor in its journal', async () => {
  const file = newFile()
  const h = await hybridHouse({ store: await opened(file) })
  const { jar: first } = await signedIn(h, 'ada')
  const held = [first]
  for (let i = 0; i < 3; i++) {
    await later(h, 6 * MINUTE)
    held.push(await refreshed(h.auth, held.at(-1) as Jar))
  }
  const dump = Buffer.concat([readFileSync(file), readFileSync(`${file}-wal`)])
  for (const jar of held) {
    const token = tokenIn(jar)
    // What proves it is its last 32 bytes: as text, as bytes, as hex.
    const proof = Buffer.from(token, 'base64url').subarray(25)
    for (const form of [token, token.slice(-42), proof.toString('hex'), proof.toString('base64')]) {
      expect(dump.includes(form)).toBe(false)
    }
    expect(dump.includes(proof)).toBe(false)
  }
  await h.close()
})

it('RT-07: neither all that the store holds nor the server’s key makes a token alone; both do', async () => {
  const h = await hybridHouse()
  const { jar, session } = await signedIn(h, 'ada')
  const { digest: seed, counter } = (await h.store.sessions.find(session.id)) as SessionRecord
  const madeWith = (secret: string, known: string) =>
    refreshTokens([macKey(secret, 'refresh')]).make(session.id, counter, known)
  expect(madeWith(SECRET, seed)).toBe(tokenIn(jar))
  const guessed = 'what-the-thief-made-up-0123456789-abcdef'
  for (const token of [seed, `${session.id}${seed}`, madeWith(guessed, seed), madeWith(SECRET, '0'.repeat(64))]) {
    expect(codeOf(await h.auth.refresh(NOTHING, token))).toBe('unauthenticated')
  }
  await h.close()
})

it('RT-07: a token that differs in any one character is refused, and moves nothing', async () => {
  const h = await hybridHouse()
  const [{ jar, session }, other] = [await signedIn(h, 'ada'), await signedIn(h, 'bea')]
  await later(h, 6 * MINUTE)
  const before = await h.store.sessions.find(session.id)
  const token = tokenIn(jar)
  const altered = [...token].map((letter, i) => token.slice(0, i) + (letter === 'A' ? 'B' : 'A') + token.slice(i + 1))
  const lengths = [token.slice(0, -1), `${token}A`, `${token}=`, '', token.toUpperCase()]
  // The part that names the session taken from another's.
  const crossed = Buffer.from(token, 'base64url')
  Buffer.from(tokenIn(other.jar), 'base64url').copy(crossed, 4, 4, 20)
  for (const forged of [...altered, ...lengths, crossed.toString('base64url')]) {
    const result = await h.auth.refresh(holding({ cookie: `__Secure-rt=${forged}` }), null, {})
    expect(codeOf(result), forged).toBe('unauthenticated')
  }
  expect(await h.store.sessions.find(session.id)).toEqual(before)
  expect((await refreshed(h.auth, jar)).number).toBe(1)
  await h.close()
})

it.each(['memory', 'SQLite'])(
  'RT-11: when the store advanced and its answer was lost, %s gives the same child to whoever asks again',
  async (kind) => {
    const { store, fail, heal } = faulty(kind === 'SQLite' ? await opened() : memory())
    const h = await hybridHouse({ store, nodes: 2 })
    const { jar, session } = await signedIn(h, 'ada')
    await later(h, 6 * MINUTE)
    fail('lost', 'sessions.advance')
    await expect(refreshWith(h.auth, jar)).rejects.toThrow(StoreUnavailable)
    heal()
    expect((await h.store.sessions.find(session.id))?.counter).toBe(1)
    await later(h, 10 * MINUTE)
    const children = [await refreshed(h.auth, jar), await refreshed(h.nodes[1] ?? h.auth, jar)]
    expect(new Set(children.map(({ refresh }) => refresh)).size).toBe(1)
    expect(children[0]?.number).toBe(1)
    expect(await hears(h.auth, children[0] as Jar)).toBe('in')
    await h.close()
  },
)

it('RT-11: when the store never advanced, the token is still the newest', async () => {
  const { store, fail, heal } = faulty(memory())
  const h = await hybridHouse({ store })
  const { jar } = await signedIn(h, 'ada')
  await later(h, 6 * MINUTE)
  fail('unavailable', 'sessions.advance')
  await expect(refreshWith(h.auth, jar)).rejects.toThrow(StoreUnavailable)
  heal()
  expect((await refreshed(h.auth, jar)).number).toBe(1)
  await h.close()
})

it('RT-11: how far the tokens had come is purged with the session, and what is left of them is nobody’s', async () => {
  const h = await hybridHouse({ retention: { ended: '1d' } })
  const { jar, session } = await signedIn(h, 'ada')
  await h.patiently(h.auth.end(session.id))
  await later(h, 25 * 60 * MINUTE)
  await h.auth.sweep()
  expect(await h.store.sessions.find(session.id)).toBeNull()
  expect(codeOf(await refreshWith(h.auth, jar))).toBe('unauthenticated')
  await h.close()
})
