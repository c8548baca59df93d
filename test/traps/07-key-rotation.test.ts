import { describe, expect, vi } from 'vitest'
import { generateKey } from '../../src/crypto.ts'
import { ask, bringing, type Client, handed, must, who } from '../../src/testing/strategy/client.ts'
import type { Cases, Site } from '../../src/testing/strategy/harness.ts'
import { DAY, HOUR, keysKept, kidOf, MINUTE, pass } from '../support/keys.ts'
import { token } from '../support/signed.ts'
import { nodes, trap, underEveryStrategy } from './stores.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const PUBLISH = 40 * MINUTE
const KEYS = { keys: { rotateEvery: '2d', publishFor: '40m' } } as const

/** Of a `jwt`. */
const tokenOf = ({ bearer }: Client) => bearer ?? ''

/** What a node hands out now. */
async function signedBy(node: Site['auth'], client: Client): Promise<Client> {
  return handed(client, must(await node.renew(await who(node, client))).carried)
}

/** The kids that a node publishes, and for how long they may be kept. */
async function keySet(node: Site['auth']): Promise<{ kids: readonly string[]; keptFor: number }> {
  const response = await node.handler(new Request('https://app.example/.well-known/jwks.json'))
  const { keys } = (await response.json()) as { keys: readonly { kid: string }[] }
  const [, seconds] = /max-age=(\d+)/.exec(response.headers.get('cache-control') ?? '') ?? []
  return { kids: keys.map(({ kid }) => kid), keptFor: Number(seconds) * 1000 }
}

trap('trap 7: signing keys that change under several nodes', (kind) => {
  describe('jwt', () => rotating(nodes(kind, 'jwt', 'bearer')))
  describe('hybrid', () => removing(nodes(kind, 'hybrid')))

  underEveryStrategy(kind, ({ test, strategy }) => {
    const secret = 'the-older-secret-0123456789-abcdefghijk'
    const newer = 'the-newer-secret-0123456789-abcdefghijk'
    const title = 'a master secret that is followed by another, which is listed before it, signs nobody out'
    const run = async (site: Site) => {
      const client = await site.enter('ann')
      site.clock.suspend(MINUTE)
      const next = await site.install({ secret: [newer, secret] })
      for (const node of next.nodes) expect(await ask(node, client)).toBe('in')
      if (strategy.refreshing === null) return
      const refreshed = handed(client, must(await next.auth.refresh(client.carrier, client.refreshToken)).carried)
      for (const node of next.nodes) expect(await ask(node, refreshed)).toBe('in')
    }
    test(title, run, { options: { secret } })
  })
})

function rotating({ test }: Cases): void {
  const title = 'of all nodes at the instant of the rotation one makes the key, which every node has before it signs'
  const rotation = async (site: Site) => {
    const added = () => site.events.filter(({ type }) => type === 'key.added')
    expect(added()).toHaveLength(1)
    expect(await site.auth.keys.list()).toHaveLength(1)

    site.clock.step(2 * DAY - PUBLISH)
    await site.clock.advance(1500)
    let client = await site.enter('ann')
    await site.clock.advance(MINUTE)
    await keysKept(site.auth, 2)
    const seen = new Map<string, { readonly published: number; signed?: number; keptFor: number }>()
    for (let at = 0; at < HOUR; at += 10 * MINUTE) {
      const sets = await Promise.all(site.nodes.map(keySet))
      for (const kid of sets[0]?.kids ?? []) {
        // Whoever asks any node from now on has it.
        const isEverywhere = sets.every(({ kids }) => kids.includes(kid))
        if (isEverywhere && !seen.has(kid)) {
          seen.set(kid, { published: site.clock.now(), keptFor: Math.max(...sets.map(({ keptFor }) => keptFor)) })
        }
      }
      for (const node of site.nodes) {
        client = await signedBy(node, client)
        const known = seen.get(kidOf(tokenOf(client)))
        expect(known, 'it is published everywhere before it signs').toBeDefined()
        if (known) known.signed ??= site.clock.now()
        for (const other of site.nodes) expect(await ask(other, client)).toBe('in')
      }
      await pass(site.clock, 10 * MINUTE)
    }
    expect(added()).toHaveLength(2)
    const [, next] = [...seen.values()]
    expect(next?.signed, 'the next one signs').toBeDefined()
    expect((next?.signed ?? 0) - (next?.published ?? 0)).toBeGreaterThanOrEqual(next?.keptFor ?? Number.NaN)
  }
  test(title, rotation, { options: KEYS })

  const late = async (site: Site) => {
    site.clock.step(2 * DAY - PUBLISH)
    await site.clock.advance(1500)
    const held = site.taps[1].hold('keys.list')
    await site.clock.advance(MINUTE)
    await held.reached
    await keysKept(site.auth, 2)
    held.release()
    await pass(site.clock, 10 * MINUTE)
    expect(await site.auth.keys.list()).toHaveLength(2)
    expect(site.events.filter(({ type }) => type === 'key.added')).toHaveLength(2)
  }
  test('a node that found a key to be due before another made it makes none', late, { options: KEYS })

  test('tokens of keys that nobody knows make a node ask once, and once more a second later', async (site) => {
    const client = await site.enter('ann')
    const [, node] = site.nodes
    const [, tap] = site.taps
    expect(await ask(node, client)).toBe('in')
    const foreign = await Promise.all(Array.from({ length: 20 }, () => generateKey('EdDSA')))
    const forged = foreign.flatMap((key) =>
      Array.from({ length: 10 }, (_, i) => bringing({ authorization: `Bearer ${token(key, { jti: `${i}` })}` })),
    )
    for (const calls of [1, 0]) {
      const before = tap.calls()
      const answers = await Promise.all(forged.map((carrier) => ask(node, { carrier })))
      expect(new Set(answers)).toEqual(new Set(['unauthenticated']))
      expect(tap.calls() - before).toBe(calls)
    }
    await site.clock.advance(1100)
    const before = tap.calls()
    await Promise.all(forged.map((carrier) => ask(node, { carrier })))
    expect(tap.calls() - before).toBe(1)
    expect(await ask(node, client)).toBe('in')
  })

  test('a node that heard nothing of a new key asks for it, and lets its tokens in', async (site) => {
    const client = await site.enter('ann')
    for (const node of site.nodes) expect(await ask(node, client)).toBe('in')
    site.taps[1].set('deaf')
    const [first] = await site.auth.keys.list()
    must(await site.patiently(site.auth.keys.remove(first?.kid ?? '')))
    const next = await site.enter('ann')
    expect(kidOf(tokenOf(next))).not.toBe(first?.kid)
    expect(await ask(site.nodes[1], next)).toBe('in')
    expect(await ask(site.nodes[1], client)).toBe('unauthenticated')
  })
}

function removing({ test }: Cases): void {
  test('a key that is removed is dead on every node at once, and a refresh gets a token of another', async (site) => {
    let client = await site.enter('ann')
    for (let round = 0; round < 3; round += 1) {
      for (const node of site.nodes) expect(await ask(node, client)).toBe('in')
      const kid = kidOf(client.cookies.get('__Host-at') ?? '')
      const remover = site.nodes[round % site.nodes.length] ?? site.auth
      must(await site.patiently(remover.keys.remove(kid)))
      for (const node of site.nodes) expect(await ask(node, client)).toBe('unauthenticated')
      const refreshed = must(await site.patiently(remover.refresh(client.carrier, null)))
      client = handed(client, refreshed.carried)
      expect(kidOf(client.cookies.get('__Host-at') ?? '')).not.toBe(kid)
      await site.clock.advance(1000)
    }
  })
}
