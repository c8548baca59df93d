import { describe, expect, it, vi } from 'vitest'
import type { Auth } from '../../src/auth.ts'
import { TABLE } from '../../src/crypto/algorithms.ts'
import type { StrategyFactory } from '../../src/options.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { type House, must } from '../support/house.ts'
import { headerOf, jws, withSignature } from '../support/signed.ts'
import { bearer, begin, beginWithOwnKeys, codeOf, entered, key, stranger, tokenIn } from './installation.ts'

const STRATEGIES: readonly (readonly [string, () => StrategyFactory])[] = [
  ['jwt', () => jwt()],
  ['jwt, encrypted', () => jwt({ encrypt: true })],
  ['hybrid', () => hybrid()],
]

/** Counts what is verified: tokens that are remembered are not. */
const verifying = () => vi.spyOn(TABLE.EdDSA as { verify: (...given: never[]) => boolean }, 'verify')

describe.each(STRATEGIES)('%s: a token that is remembered', (name, strategy) => {
  const life = name === 'hybrid' ? 300_000 : 900_000
  const pass = async ({ clock }: House, ms: number) => {
    clock.step(ms - 3000)
    await clock.advance(3000)
  }

  /** Someone whose token was verified, and is verified no more. */
  async function remembered(one: House) {
    const given = await one.enter('ada')
    expect(await codeOf(one.auth, given.carrier)).toBe('in')
    const verified = verifying()
    expect(await codeOf(one.auth, given.carrier)).toBe('in')
    expect(verified).not.toHaveBeenCalled()
    verified.mockRestore()
    return given
  }

  it('JW-09: is over when it expires', async () => {
    const one = await begin(strategy())
    const { carrier } = await remembered(one)
    await pass(one, life - 1)
    expect(await codeOf(one.auth, carrier)).toBe('in')
    one.clock.step(1)
    expect(await codeOf(one.auth, carrier)).toBe(name === 'hybrid' ? 'token_stale' : 'session_expired_idle')
  })

  it('TE-02: is refused after sign-out, on every node', async () => {
    const one = await begin(strategy(), { nodes: 2 })
    const { carrier } = await remembered(one)
    for (const node of one.nodes) expect(await codeOf(node, carrier)).toBe('in')
    await one.patiently(one.auth.signOut(carrier))
    for (const node of one.nodes) expect(await codeOf(node, carrier)).toBe('signed_out')
  })

  it('KM-02: is refused when its key was removed, on every node', async () => {
    for (const start of [begin, beginWithOwnKeys]) {
      const one = await start(strategy(), { nodes: 2 } as object)
      const { carrier } = await remembered(one)
      for (const node of one.nodes) expect(await codeOf(node, carrier)).toBe('in')
      const [signing] = await one.auth.keys.list()
      must(await one.patiently(one.auth.keys.remove(signing?.kid as string)))
      for (const node of one.nodes) expect(await codeOf(node, carrier)).toBe('unauthenticated')
    }
  })

  it('AZ-02: is stale when the roles of its user change, and never says older ones', async () => {
    const one = await begin(strategy(), { nodes: 2 })
    const { carrier, signedIn } = await remembered(one)
    must(await one.patiently(one.auth.setRoles(signedIn.user.id, ['admin'])))
    for (const node of one.nodes) expect(await codeOf(node, carrier)).toBe('token_stale')
  })

  it('TE-07: is refused when its user is locked, removed, or everyone is signed out', async () => {
    const endings: readonly ((auth: Auth, userId: string) => Promise<unknown>)[] = [
      (auth, userId) => auth.lock(userId),
      (auth, userId) => auth.users.remove(userId),
      (auth, userId) => auth.endAll(userId),
      (auth) => auth.endEveryone(),
    ]
    for (const end of endings) {
      const one = await begin(strategy(), { nodes: 2 })
      const { carrier, signedIn } = await remembered(one)
      for (const node of one.nodes) expect(await codeOf(node, carrier)).toBe('in')
      await one.patiently(end(one.auth, signedIn.user.id))
      for (const node of one.nodes) expect(await codeOf(node, carrier)).not.toBe('in')
    }
  })

  it('is given to nobody who shows a part of it', async () => {
    const one = await begin(strategy())
    const { cookie } = await remembered(one)
    const token = tokenIn(cookie)
    for (let at = 0; at < token.length; at += 5) {
      const other = token.charAt(at) === 'A' ? 'B' : 'A'
      expect(await codeOf(one.auth, bearer(token.slice(0, at) + other + token.slice(at + 1)))).toBe('unauthenticated')
    }
    for (const part of [token.slice(-32), token.slice(-100), token.slice(1), `x${token}`, `${token}${token}`]) {
      expect(await codeOf(one.auth, bearer(part))).toBe('unauthenticated')
    }
  })
})

describe.each([
  ['jwt', () => jwt()],
  ['hybrid', () => hybrid()],
] as const)('%s: what is remembered', (_, strategy) => {
  it('JW-01: cannot be poisoned: neither by a token that ends like a good one, nor by one shown before it', async () => {
    const one = await begin(strategy())
    const [ada, bob] = [await entered(one, 'ada'), await entered(one, 'bob')]
    const signature = ada.token.slice(ada.token.lastIndexOf('.') + 1)
    const asBob = withSignature(bob.token, signature)
    const asAdmin = withSignature(jws(stranger, headerOf(key), { ...ada.payload, roles: ['admin'] }), signature)
    for (const round of ['before', 'after']) {
      for (const forged of [asBob, asAdmin, asBob])
        expect(await codeOf(one.auth, bearer(forged)), round).toBe('unauthenticated')
      const who = must(await one.auth.authenticate(ada.carrier))
      expect(who.user).toMatchObject({ email: 'ada@example.com', roles: ['member'] })
    }
    const verified = verifying()
    expect(await codeOf(one.auth, ada.carrier)).toBe('in')
    expect(verified).not.toHaveBeenCalled()
  })

  it('JW-17: cannot be flooded: forged tokens put nobody out', async () => {
    const one = await begin(strategy())
    const { token, carrier } = await entered(one, 'ada')
    expect(await codeOf(one.auth, carrier)).toBe('in')
    // More than two generations of it.
    const verified = verifying().mockReturnValue(false)
    for (let n = 0; n < 20_500; n += 1) {
      const forged = withSignature(token, `${String(n).padStart(85, '0')}A`)
      await one.auth.authenticate(bearer(forged))
    }
    expect(verified).toHaveBeenCalledTimes(20_500)
    expect(await codeOf(one.auth, carrier)).toBe('in')
    expect(verified).toHaveBeenCalledTimes(20_500)
    verified.mockRestore()
  })
})
