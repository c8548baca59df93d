import { afterEach, describe, expect, it } from 'vitest'
import { sha256 } from '../../src/crypto.ts'
import { StoreUnavailable } from '../../src/errors.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { sessionToken } from '../../src/wire/token.ts'
import { cookieOf, type House, holding, house, must, PASSWORD } from '../support/house.ts'

let open: House[] = []
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()))
  open = []
})

async function twoNodes(options: Parameters<typeof house>[0] = {}) {
  const made = await house({ nodes: 2, ...options })
  open.push(made)
  const [here, there] = made.nodes as [House['auth'], House['auth']]
  return { ...made, here, there }
}

const refusalOf = (result: Awaited<ReturnType<House['auth']['authenticate']>>) =>
  result.ok ? null : result.refusal.code

describe('an ending that has returned is true on every node', () => {
  it('P1 TE-01: sign-out on one node, the same cookie on another that had it in memory', async () => {
    const { here, there, enter, patiently } = await twoNodes()
    const { carrier } = await enter('ann')
    expect((await there.authenticate(carrier)).ok).toBe(true)
    await patiently(here.signOut(carrier))
    expect(refusalOf(await there.authenticate(carrier))).toBe('signed_out')
    expect(refusalOf(await here.authenticate(carrier))).toBe('signed_out')
  })

  it('P1 TE-07: a lock ends everything the user holds, on every node, and names the reason', async () => {
    const { here, there, enter, patiently } = await twoNodes()
    const { carrier, signedIn } = await enter('bob')
    await there.authenticate(carrier)
    must(await patiently(here.lock(signedIn.user.id)))
    expect(refusalOf(await there.authenticate(carrier))).toBe('user_locked')
  })

  it('P1 TE-07: a removed user is shut out everywhere', async () => {
    const { here, there, enter, patiently } = await twoNodes()
    const { carrier, signedIn } = await enter('cy')
    await there.authenticate(carrier)
    must(await patiently(here.users.remove(signedIn.user.id)))
    expect(refusalOf(await there.authenticate(carrier))).toBe('session_revoked')
  })

  it('P1 AZ-02: a role taken away is gone at the next request on every node', async () => {
    const { here, there, enter, patiently } = await twoNodes({ roles: ['member', 'editor'] })
    const { carrier, signedIn } = await enter('dee')
    must(await patiently(here.setRoles(signedIn.user.id, ['editor'])))
    expect(must(await there.authenticate(carrier)).user.roles).toEqual(['editor'])
    must(await patiently(here.setRoles(signedIn.user.id, [])))
    expect(must(await there.authenticate(carrier)).user.roles).toEqual([])
  })

  it('TE-08: signing everyone out ends every session and names the actor', async () => {
    const { here, there, enter, patiently, events } = await twoNodes()
    const one = await enter('eve')
    const two = await enter('flo')
    await there.authenticate(one.carrier)
    await patiently(here.endEveryone({ context: { actor: 'operator' } }))
    for (const { carrier } of [one, two]) expect((await there.authenticate(carrier)).ok).toBe(false)
    expect(events.find((event) => event.type === 'everyone.signed_out')?.actor).toBe('operator')
    const again = must(await here.signIn({ email: 'eve@example.com', password: PASSWORD }))
    if (again.status !== 'signed_in') throw new Error(again.status)
    expect((await there.authenticate(holding({ cookie: cookieOf(again) }))).ok).toBe(true)
  })

  it('SL-03: ending one, others or all, each no more than it says', async () => {
    const { here, enter, patiently } = await twoNodes()
    const first = await enter('gus')
    const signIn = async () => {
      const outcome = must(await here.signIn({ email: 'gus@example.com', password: PASSWORD }))
      if (outcome.status !== 'signed_in') throw new Error(outcome.status)
      return { id: outcome.session.id, carrier: holding({ cookie: cookieOf(outcome) }) }
    }
    const [second, third] = [await signIn(), await signIn()]
    const { user } = first.signedIn
    expect(await here.sessions(user.id)).toHaveLength(3)
    expect(await patiently(here.end(second.id))).toBe(true)
    expect((await here.authenticate(first.carrier)).ok).toBe(true)
    expect(refusalOf(await here.authenticate(second.carrier))).toBe('session_revoked')
    const who = must(await here.authenticate(third.carrier))
    expect(must(await patiently(here.endOthers(who))).ended).toBe(1)
    expect((await here.authenticate(first.carrier)).ok).toBe(false)
    expect((await here.authenticate(third.carrier)).ok).toBe(true)
    expect(await patiently(here.endAll(user.id))).toBe(1)
    expect((await here.authenticate(third.carrier)).ok).toBe(false)
  })

  it('P7 SL-08: a sign-in that raced the ending of everything is born dead', async () => {
    const { here, there, store, enter, patiently } = await twoNodes()
    const { signedIn } = await enter('hal')
    // The user as the sign-in read it, before the password was checked.
    const { user, everyone } = await store.users.find(signedIn.user.id)
    await patiently(here.endAll(signedIn.user.id))
    const id = `${'7'.repeat(21)}A` as typeof signedIn.session.id
    const token = sessionToken(id)
    const late = { ...signedIn.session, id, generation: user?.generation ?? 0, everyone, digest: sha256(token) }
    const atStart = { previousDigest: null, counter: 0, rotatedAt: late.createdAt, seenAt: null }
    await store.sessions.start({ ...late, ...atStart }, null, late.createdAt)
    const carrier = holding({ bearer: token })
    for (const node of [here, there]) expect((await node.authenticate(carrier)).ok).toBe(false)
    // The same session with the number of now would be let in: it is the number that keeps it out.
    const { user: now } = await store.users.find(signedIn.user.id)
    const other = `${'8'.repeat(21)}A` as typeof signedIn.session.id
    const good = sessionToken(other)
    const alive = { ...late, id: other, generation: now?.generation ?? 0, digest: sha256(good), ...atStart }
    await store.sessions.start(alive, null, late.createdAt)
    expect((await here.authenticate(holding({ bearer: good }))).ok).toBe(true)
  })

  it('TE-06 SL-01: a password change ends the others, and this session goes on under a new token only', async () => {
    const { here, there, enter, patiently } = await twoNodes()
    const first = await enter('ivy')
    const other = must(await here.signIn({ email: 'ivy@example.com', password: PASSWORD }))
    if (other.status !== 'signed_in') throw new Error(other.status)
    const otherCarrier = holding({ cookie: cookieOf(other) })
    await there.authenticate(otherCarrier)
    const who = must(await here.authenticate(first.carrier))
    const changed = must(
      await patiently(here.changePassword(who, { currentPassword: PASSWORD, newPassword: 'another long passphrase' })),
    )
    expect(refusalOf(await there.authenticate(otherCarrier))).toBe('session_revoked')
    expect(refusalOf(await there.authenticate(first.carrier))).toBe('token_stale')
    const renewed = must(await there.authenticate(holding({ cookie: cookieOf(changed) })))
    expect(renewed.session.id).toBe(first.signedIn.session.id)
    const old = await here.signIn({ email: 'ivy@example.com', password: PASSWORD })
    expect(old.ok).toBe(false)
  })

  it('TE-04: signing out twice, with an ended, unknown or malformed credential, is the same answer', async () => {
    const { here, enter, patiently } = await twoNodes()
    const { carrier } = await enter('jo')
    const first = await patiently(here.signOut(carrier))
    const second = await patiently(here.signOut(carrier))
    const unknown = await patiently(here.signOut(holding({ cookie: `__Host-sid=${'x'.repeat(64)}` })))
    const malformed = await patiently(here.signOut(holding({ cookie: '__Host-sid=nonsense' })))
    expect(first.ended).toBe(true)
    for (const one of [second, unknown, malformed]) expect(one).toEqual({ ended: false, cookies: first.cookies })
    expect(first.cookies).toEqual([
      '__Host-sid=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax',
    ])
  })

  it('P3 TE-10: when the ending cannot be stored nobody is told that it was', async () => {
    const real = memory()
    let down = false
    const store = {
      ...real,
      sessions: {
        ...real.sessions,
        end: (...given: Parameters<typeof real.sessions.end>) =>
          down ? Promise.reject(new StoreUnavailable('down')) : real.sessions.end(...given),
      },
    }
    const { here, enter } = await twoNodes({ store })
    const { carrier } = await enter('kim')
    down = true
    await expect(here.signOut(carrier)).rejects.toThrow(StoreUnavailable)
    down = false
    expect((await here.authenticate(carrier)).ok).toBe(true)
  })

  it('P7: 200 sign-outs, each racing a request and a renewal, leave nothing usable', async () => {
    const { here, there, enter, patiently, store } = await twoNodes({ sessionLimit: null })
    const { signedIn } = await enter('lou')
    for (let n = 0; n < 200; n++) {
      const id = `${String(n).padStart(21, '0')}A` as typeof signedIn.session.id
      const token = sessionToken(id)
      const { session } = signedIn
      const atStart = { previousDigest: null, counter: 0, rotatedAt: session.createdAt, seenAt: null }
      await store.sessions.start({ ...session, id, digest: sha256(token), ...atStart }, null, 1)
      const carrier = holding({ bearer: token })
      const who = must(await there.authenticate(carrier))
      await patiently(
        Promise.all([there.renew(who), here.signOut(carrier), there.authenticate(carrier), here.authenticate(carrier)]),
      )
      expect(refusalOf(await there.authenticate(carrier))).toBe('signed_out')
    }
  })
})
