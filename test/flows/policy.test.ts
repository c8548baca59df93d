import { afterEach, describe, expect, it } from 'vitest'
import { createAuth } from '../../src/create-auth.ts'
import { StoreUnavailable } from '../../src/errors.ts'
import type { PolicyTimeouts } from '../../src/policy.ts'
import type { Kept, Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { session } from '../../src/strategies/session.ts'
import { BASE, type House, house, must, PASSWORD, SECRET } from '../support/house.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

let h: House
afterEach(() => h.close())

const LIMITS: PolicyTimeouts = {
  idle: 30 * MINUTE,
  absolute: 12 * HOUR,
  warn: 2 * MINUTE,
  remember: { idle: 14 * 24 * HOUR, absolute: 30 * 24 * HOUR },
  roles: {},
  sections: [],
}

async function set(timeouts: Partial<PolicyTimeouts>, node = h.auth): Promise<void> {
  const { version } = await node.policy.read()
  must(await h.patiently(node.policy.change({ timeouts: { ...LIMITS, ...timeouts }, sessionLimit: null }, version)))
}

const codeOf = async (answer: ReturnType<House['auth']['authenticate']>) => {
  const result = await answer
  return result.ok ? null : result.refusal.code
}

describe.each([
  ['session', session],
  ['hybrid', () => hybrid({ accessTtl: '10h' })],
] as const)('a shorter policy, by %s', (_, strategy) => {
  it('P1 TO-10: has every node judge open sessions by it when the change returns, from memory too', async () => {
    h = await house({ nodes: 3, strategy: strategy() })
    const { carrier } = await h.enter('ada')
    for (const node of h.nodes) expect(await codeOf(node.authenticate(carrier))).toBeNull()
    await h.clock.advance(10 * MINUTE)
    await h.clock.advance(4000)
    for (const node of h.nodes) expect(await codeOf(node.authenticate(carrier, { passive: true }))).toBeNull()
    await set({ idle: 10 * MINUTE, warn: MINUTE }, h.nodes[1])
    for (const node of h.nodes) expect(await codeOf(node.authenticate(carrier))).toBe('session_expired_idle')
  })

  it('P5: shortens the absolute limit too; nothing that was promised becomes longer', async () => {
    h = await house({ nodes: 2, strategy: strategy() })
    const { carrier } = await h.enter('ada')
    await set({ idle: 2 * HOUR, absolute: 24 * HOUR })
    h.clock.step(31 * MINUTE)
    await h.clock.advance(4000)
    expect(await codeOf(h.auth.authenticate(carrier))).toBe('session_expired_idle')
    const { carrier: next } = await h.enter('bob')
    h.clock.step(90 * MINUTE)
    await h.clock.advance(4000)
    expect(await codeOf(h.auth.authenticate(next))).toBeNull()
    await set({ idle: HOUR, absolute: HOUR, warn: MINUTE })
    for (const node of h.nodes) expect(await codeOf(node.authenticate(next))).toBe('session_expired_absolute')
  })
})

it('P1: tokens without a record are judged by it as well', async () => {
  h = await house({ nodes: 2, strategy: jwt({ ttl: '10h' }), timeouts: { idle: '11h' } })
  const { carrier } = await h.enter('ada')
  await h.clock.advance(20 * MINUTE)
  for (const node of h.nodes) expect(await codeOf(node.authenticate(carrier))).toBeNull()
  await set({ idle: 10 * MINUTE, absolute: 15 * MINUTE, warn: MINUTE })
  for (const node of h.nodes) expect(await codeOf(node.authenticate(carrier))).toBe('session_expired_idle')
})

it('changes nothing for a warm request: no I/O, and no promise', async () => {
  h = await house({ nodes: 2 })
  const { carrier } = await h.enter('ada')
  for (const node of h.nodes) await node.authenticate(carrier)
  await set({ idle: 20 * MINUTE })
  for (const node of h.nodes) expect(node.authenticate(carrier)).not.toBeInstanceOf(Promise)
})

describe('what is kept', () => {
  it('is in force on a node that begins later, and its sessions are of it', async () => {
    const store = memory()
    h = await house({ store })
    await set({ idle: 5 * MINUTE, warn: MINUTE })
    const later = createAuth({ store, strategy: session(), baseUrl: BASE, secret: SECRET, clock: h.clock })
    const signedIn = must(await later.signUp({ email: 'eve@example.com', password: PASSWORD }))
    expect(signedIn.session.idleTimeout).toBe(5 * MINUTE)
    expect(later.setting.policy.standard.idle).toBe(5 * MINUTE)
  })

  it('limits sessions from the next sign-in on', async () => {
    h = await house({ nodes: 2 })
    await h.enter('ada')
    const { version } = await h.auth.policy.read()
    const value = { timeouts: LIMITS, sessionLimit: { max: 1, whenFull: 'refuse' } } as const
    must(await h.patiently(h.auth.policy.change(value, version)))
    const again = await h.nodes[1]?.signIn({ email: 'ada@example.com', password: PASSWORD })
    expect(again).toMatchObject({ ok: false, refusal: { code: 'session_limit_reached' } })
  })

  it('gives way to what the options fix', async () => {
    const store = memory()
    h = await house({ store })
    await set({ idle: 5 * MINUTE, absolute: 2 * HOUR, warn: MINUTE })
    const fixing = createAuth({
      ...{ store, strategy: session(), baseUrl: BASE, secret: SECRET, clock: h.clock },
      timeouts: { absolute: '1h', fixed: ['absolute', 'remember'] },
    })
    await fixing.ready()
    expect(fixing.setting.policy).toMatchObject({ standard: { idle: 5 * MINUTE, absolute: HOUR } })
    const standing = await fixing.policy.read()
    expect(standing).toMatchObject({ fixed: ['absolute', 'remember'], timeouts: { idle: 5 * MINUTE, absolute: HOUR } })
    const { version, sessionLimit, timeouts } = standing
    const loose = await fixing.policy.change({ timeouts: { ...timeouts, absolute: 3 * HOUR }, sessionLimit }, version)
    expect(loose).toMatchObject({
      ok: false,
      refusal: { code: 'policy_invalid', detail: expect.stringMatching(/^absolute:/) },
    })
    await fixing.close()
  })

  it('forgets limits of a role that has left the catalogue', async () => {
    const store = memory()
    h = await house({ store, roles: ['member', 'clerk'] })
    await set({ roles: { clerk: { idle: 5 * MINUTE, absolute: HOUR } } })
    const later = createAuth({ store, strategy: session(), baseUrl: BASE, secret: SECRET, clock: h.clock })
    await later.ready()
    expect([...later.setting.policy.roles.keys()]).toEqual([])
    await later.close()
  })

  it('that does not go together with the options stops the start, and says why', async () => {
    const store = memory()
    h = await house({ store })
    await set({ idle: 2 * HOUR, absolute: 48 * HOUR })
    const strict = createAuth({
      ...{ store, strategy: session(), baseUrl: BASE, secret: SECRET, clock: h.clock },
      timeouts: { preset: 'aal1', absolute: '1h', idle: '10m', fixed: ['absolute'] },
    })
    await expect(strict.ready()).rejects.toThrow(/longer than timeouts.absolute/)
  })
})

describe('a node that cannot know', () => {
  /** A store whose policy can be made unreadable. */
  function failing(): { store: Store; fail: (how: 'throws' | null) => void; reads: () => number } {
    const store = memory()
    let broken: 'throws' | null = null
    let reads = 0
    const findPolicy = async (): Promise<Kept | null> => {
      reads += 1
      if (broken) throw new StoreUnavailable('down')
      return store.settings.findPolicy()
    }
    return {
      store: { ...store, settings: { ...store.settings, findPolicy } },
      fail: (how) => {
        broken = how
      },
      reads: () => reads,
    }
  }

  it('P3: asks for the policy with each request while it has no lease, and refuses nobody it cannot judge', async () => {
    const { store, fail, reads } = failing()
    h = await house({ store })
    const { carrier } = await h.enter('ada')
    expect(await codeOf(h.auth.authenticate(carrier))).toBeNull()
    // A machine that slept: its lease is over, and nothing was read since.
    h.clock.step(10_000)
    const before = reads()
    expect(await codeOf(h.auth.authenticate(carrier))).toBeNull()
    expect(reads()).toBeGreaterThan(before)
    h.clock.step(10_000)
    fail('throws')
    expect(await codeOf(h.auth.authenticate(carrier))).toBe('unavailable')
    fail(null)
    expect(await codeOf(h.auth.authenticate(carrier))).toBeNull()
  })

  it('P3: answers 503 while what another node stored makes no sense here', async () => {
    const store = memory()
    h = await house({ store, timeouts: { absolute: '1h', idle: '10m', fixed: ['absolute'] } })
    const { carrier } = await h.enter('ada')
    expect(await codeOf(h.auth.authenticate(carrier))).toBeNull()
    await store.settings.replacePolicy(0, {
      timeouts: { ...LIMITS, idle: 2 * HOUR, absolute: 3 * HOUR },
      sessionLimit: null,
    })
    await h.clock.advance(2000)
    expect(await codeOf(h.auth.authenticate(carrier))).toBe('unavailable')
    await store.settings.replacePolicy(1, { timeouts: LIMITS, sessionLimit: null })
    await h.clock.advance(2000)
    expect(await codeOf(h.auth.authenticate(carrier))).toBeNull()
  })
})

it('of two who change one version one does; the other hears of it', async () => {
  h = await house({ nodes: 2 })
  const change = (node: number, idle: number) =>
    h.nodes[node]?.policy.change({ timeouts: { ...LIMITS, idle }, sessionLimit: null }, 0)
  const results = await h.patiently(Promise.all([change(0, 10 * MINUTE), change(1, 20 * MINUTE)]))
  expect(results.map((result) => result?.ok).sort()).toEqual([false, true])
  expect(results.find((result) => !result?.ok)).toMatchObject({ refusal: { code: 'conflict' } })
  expect((await h.auth.policy.read()).version).toBe(1)
})

it('P5: uses that wait for a long step are written soon when the step becomes shorter', async () => {
  h = await house({ nodes: 2 })
  const { carrier, signedIn } = await h.enter('ada')
  await h.clock.advance(30_000)
  await h.auth.authenticate(carrier)
  const stored = async () => (await h.store.sessions.find(signedIn.session.id))?.lastActiveAt
  const before = await stored()
  await set({ idle: 2 * MINUTE, warn: MINUTE })
  await h.clock.advance(500)
  expect(await stored()).toBeGreaterThan(before as number)
  expect(h.auth.setting.policy.touchStep).toBe(12_000)
})

it('P8: tells who watches of the new limits, within a second and not all at once', async () => {
  h = await house({ nodes: 2 })
  const told: { type: string; idleExpiresAt?: number; at: number }[] = []
  const watching = await Promise.all(
    ['a', 'b', 'c', 'd', 'e', 'f'].map(async (label) => {
      const { carrier } = await h.enter(label)
      const who = must(await (h.nodes[1] as House['auth']).authenticate(carrier))
      return h.nodes[1]?.watch(who, (notice) => void told.push({ ...notice, at: h.clock.now() }))
    }),
  )
  await h.clock.advance(100)
  told.length = 0
  const changedAt = h.clock.now()
  await set({ idle: 10 * MINUTE, warn: MINUTE })
  await h.clock.advance(1100)
  expect(told.map(({ type }) => type)).toEqual(Array.from({ length: 6 }, () => 'policy'))
  for (const { idleExpiresAt } of told) expect(idleExpiresAt).toBeLessThanOrEqual(changedAt + 10 * MINUTE)
  expect(new Set(told.map(({ at }) => at)).size).toBeGreaterThan(1)
  for (const cancel of watching) cancel?.()
})
