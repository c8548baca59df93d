import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Auth } from '../../src/auth.ts'
import type { Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { sqlite } from '../../src/stores/sql/sqlite.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { newFile } from '../stores/sqlite-fixture.ts'
import { cookieOf, type House, holding, house, must, PASSWORD } from '../support/house.ts'
import { DAY, keysKept, kidOf, MINUTE, pass, states, stolen } from '../support/keys.ts'
import { headerOf, jws, read } from '../support/signed.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

/** How nodes get to one store: the same one in memory, or each by its own handle on one file. */
const STORES: readonly (readonly [name: string, open: () => () => Store])[] = [
  [
    'memory',
    () => {
      const store = memory()
      return () => store
    },
  ],
  [
    'SQLite',
    () => {
      const file = newFile()
      return () => sqlite(file)
    },
  ],
]

const KEYS = { rotateEvery: '2d', publishFor: '40m' } as const

const open: House[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

/** So many nodes that begin at the same instant, under one clock. */
async function begin(count: number, store: () => Store) {
  const clock = manualClock()
  const houses = await Promise.all(
    Array.from({ length: count }, () => house({ strategy: jwt(), store: store(), clock, keys: KEYS })),
  )
  open.push(...houses)
  const [first] = houses as [House, ...House[]]
  const nodes = houses.map(({ auth }) => auth)
  const added = () => houses.flatMap(({ events }) => events.filter(({ type }) => type === 'key.added'))
  return { ...first, nodes, clock, added }
}

async function signedIn(auth: Auth): Promise<string> {
  const outcome = must(await auth.signIn({ email: 'ada@example.com', password: PASSWORD }))
  if (outcome.status !== 'signed_in') throw new Error(outcome.status)
  return cookieOf(outcome)
}

describe.each(STORES)('keys that follow one another, in %s', (_, opening) => {
  it('KM-01: nobody is refused on the way, and the old key is gone once its last token is over', async () => {
    const { auth, nodes, store, clock, enter } = await begin(2, opening())
    const [, other] = nodes as [Auth, Auth]
    await enter('ada')
    clock.step(2 * DAY - 45 * MINUTE)
    await pass(clock, 6 * MINUTE)
    await keysKept(auth, 2)
    const alive: { cookie: string; until: number }[] = []
    const refused: unknown[] = []
    const kids = new Set<string>()
    let old = await signedIn(auth)
    const oldKey = await stolen(store, kidOf(old))
    let newest = old
    for (let turn = 0; turn < 30; turn++) {
      const on = turn % 2 === 0 ? auth : other
      const who = must(await on.authenticate(holding({ cookie: newest })))
      const renewed = must(await on.renew(who))
      newest = cookieOf(renewed)
      kids.add(kidOf(newest))
      alive.push({ cookie: newest, until: clock.now() + 15 * MINUTE })
      for (const { cookie, until } of alive) {
        if (until <= clock.now()) continue
        for (const node of nodes) {
          const answer = await node.authenticate(holding({ cookie }))
          if (!answer.ok) refused.push({ turn, kid: kidOf(cookie), code: answer.refusal.code })
        }
      }
      if (kidOf(newest) === oldKey.kid) old = newest
      await pass(clock, 3 * MINUTE)
    }
    expect(refused).toEqual([])
    expect(kids.size).toBe(2)
    await keysKept(auth, 1)
    expect(await states(auth)).toEqual(['signing'])
    expect((await auth.keys.published()).map(({ kid }) => kid)).toEqual([kidOf(newest)])
    // Whoever kept the old key: what it signs now is good in everything else.
    const { payload } = read(newest.slice(newest.indexOf('=') + 1))
    const again = (key: typeof oldKey) => holding({ bearer: jws(key, headerOf(key), payload) })
    must(await auth.authenticate(again(await stolen(store, kidOf(newest)))))
    for (const node of nodes) {
      expect(await node.authenticate(again(oldKey))).toMatchObject({ refusal: { code: 'unauthenticated' } })
    }
  })

  it('KM-01: of eight nodes at one instant, at the start and at the rotation, one makes the key', async () => {
    const stores = opening()
    const { auth, nodes, clock, added, enter } = await begin(8, stores)
    expect(added()).toHaveLength(1)
    const first = await Promise.all(nodes.map((node) => node.keys.list()))
    for (const list of first) expect(list).toEqual([expect.objectContaining({ state: 'signing' })])
    clock.step(2 * DAY - 40 * MINUTE)
    await pass(clock, 2 * MINUTE)
    await keysKept(auth, 2)
    await enter('ada')
    await pass(clock, 41 * MINUTE)
    const [, next] = await auth.keys.list()
    for (const node of nodes) expect(kidOf(await signedIn(node))).toBe(next?.kid)
    // Closing waits for what a node was about: after it nobody makes another.
    await Promise.all(open.splice(0).map((one) => one.close()))
    const kept = await (await begin(1, stores)).auth.keys.list()
    expect(added().map(({ actor, data }) => ({ actor, ...data }))).toEqual(
      kept.map(({ kid }) => ({ actor: 'system', kid, alg: 'EdDSA' })),
    )
    expect(kept).toHaveLength(2)
  })

  it('KM-02: of two keys the removed one is dead on both nodes when the call returns, the other goes on', async () => {
    const { auth, nodes, clock, enter, patiently } = await begin(2, opening())
    await enter('ada')
    clock.step(2 * DAY - 39 * MINUTE)
    await pass(clock, 2 * MINUTE)
    await keysKept(auth, 2)
    await pass(clock, 34 * MINUTE)
    const old = holding({ cookie: await signedIn(auth) })
    await pass(clock, 8 * MINUTE)
    const [oldKid, newKid] = (await auth.keys.list()).map(({ kid }) => kid) as [string, string]
    const next = await signedIn(auth)
    expect(kidOf(next)).toBe(newKid)
    for (const node of nodes) {
      must(await node.authenticate(old))
      must(await node.authenticate(holding({ cookie: next })))
    }
    must(await patiently(auth.keys.remove(oldKid)))
    for (const node of nodes) {
      expect(await node.authenticate(old)).toMatchObject({ refusal: { code: 'unauthenticated' } })
      must(await node.authenticate(holding({ cookie: next })))
    }
    expect(await states(auth)).toEqual(['removed', 'signing'])
    expect((await auth.keys.published()).map(({ kid }) => kid)).toEqual([newKid])
    // The one that signs: the next one is there and signs at once.
    must(await patiently(auth.keys.remove(newKid)))
    expect((await states(auth)).toSorted()).toEqual(['removed', 'removed', 'signing'])
    for (const node of nodes) {
      expect((await node.authenticate(holding({ cookie: next }))).ok).toBe(false)
      must(await node.authenticate(holding({ cookie: await signedIn(node) })))
    }
  })
})

it('LG-05: a key that is made and a key that is removed is one event each, with who did it', async () => {
  const { auth, events, clock } = await begin(1, () => memory())
  const made = must(await auth.keys.rotate({ actor: 'cli' }))
  expect(made).toMatchObject({ state: 'published', signsFrom: clock.now() + 40 * MINUTE, imported: false })
  expect(await states(auth)).toEqual(['signing', 'published'])
  const [, second] = events.filter(({ type }) => type === 'key.added')
  expect(second).toMatchObject({ severity: 'notice', actor: 'cli', data: { kid: made.kid, alg: 'EdDSA' } })
  for (const { kid } of await auth.keys.list()) must(await auth.keys.remove(kid, { actor: 'cli' }))
  expect(events.filter(({ type }) => type === 'key.removed')).toMatchObject([
    { severity: 'warning', actor: 'cli' },
    { severity: 'warning', actor: 'cli' },
  ])
  // Removing once more changes nothing, and is no event.
  must(await auth.keys.remove(made.kid))
  expect(events.filter(({ type }) => type === 'key.removed')).toHaveLength(2)
  expect((await states(auth)).toSorted()).toEqual(['removed', 'removed', 'signing'])
})
