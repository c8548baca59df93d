import { afterEach, describe, expect, it } from 'vitest'
import { type Auth, createAuth, hybrid, jwt, memory, session } from '../../src/index.ts'
import type { Source, Store } from '../../src/store.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { LEASE_MS } from '../../src/view/lease.ts'
import { BASE, cookieOf, holding, must, PASSWORD, SECRET } from '../support/house.ts'

/*
 * Two nodes over one store, and the second can be made deaf: it hears nothing of the feed while its lease lasts, so an
 * ending that does not wait is not true there when it returns.
 */

let open: readonly Auth[] = []
afterEach(async () => {
  await Promise.all(open.map((node) => node.close()))
  open = []
})

/** A pause in real time, for hashing goes on in threads; far shorter than a lease of the clock that is handed in. */
const breath = () => new Promise((resolve) => setTimeout(resolve, 2))

async function deafAndHearing(options: Partial<Parameters<typeof createAuth>[0]> = {}) {
  const store = memory()
  const clock = manualClock()
  const state = { deaf: false, hold: null as Promise<void> | null, held: 0 }
  const { source } = store.users
  const own: Source = {
    ...source,
    feed: {
      ...source.feed,
      read: (...asked) => (state.deaf ? Promise.reject(new Error('deaf')) : source.feed.read(...asked)),
      onAppend: (wake) => source.feed.onAppend((told) => state.deaf || wake(told)),
    },
  }
  const ears = Object.fromEntries(Object.entries(store).map(([name, port]) => [name, { ...port, source: own }]))
  const slow: Store = {
    ...store,
    sessions: {
      ...store.sessions,
      async start(...given) {
        state.held += 1
        await state.hold
        return store.sessions.start(...given)
      },
    },
  }
  const node = (over: Store) =>
    createAuth({
      store: over,
      strategy: session(),
      baseUrl: BASE,
      secret: SECRET,
      clock,
      sessionLimit: null,
      ...options,
    })
  const [here, there] = [node(slow), node(ears as unknown as Store)]
  open = [here, there]
  await Promise.all(open.map((one) => one.ready()))

  async function enter(email: string) {
    const signedIn = must(await here.signUp({ email, password: PASSWORD }))
    return { signedIn, carrier: holding({ cookie: cookieOf(signedIn) }) }
  }
  /** The answer, and how long it took by the clock of the nodes. What hashes takes small steps, or the lease is over before it begins. */
  async function patiently<T>(operation: Promise<T>, step = 50) {
    const began = clock.monotonic()
    const done = { yet: false }
    const finished = operation.finally(() => {
      done.yet = true
    })
    finished.catch(() => {})
    while (!done.yet) {
      await breath()
      if (!done.yet) await clock.advance(step)
    }
    return { answer: await finished, took: clock.monotonic() - began }
  }
  return { here, there, clock, state, enter, patiently }
}

type Given = {
  here: Auth
  userId: string
  sid: string
  carrier: ReturnType<typeof holding>
  /** Another session of the same user. */
  other: ReturnType<typeof holding>
}

const ENDINGS: readonly (readonly [name: string, end: (given: Given) => Promise<unknown>])[] = [
  ['signOut', ({ here, carrier }) => here.signOut(carrier)],
  ['end', ({ here, sid }) => here.end(sid)],
  ['endAll', ({ here, userId }) => here.endAll(userId)],
  ['endOthers', async ({ here, other }) => here.endOthers(must(await here.authenticate(other)))],
  ['endEveryone', ({ here }) => here.endEveryone()],
  ['lock', ({ here, userId }) => here.lock(userId)],
  ['users.remove', ({ here, userId }) => here.users.remove(userId)],
  ['users.requirePasswordChange', ({ here, userId }) => here.users.requirePasswordChange(userId)],
]

/** So short that what was opened a minute ago is over. */
const shorten = async ({ here }: Given) => {
  const { version, timeouts, sessionLimit } = await here.policy.read()
  const short = { ...timeouts, idle: 60_000, absolute: 60_000, warn: 1000, remember: false as const }
  must(await here.policy.change({ timeouts: short, sessionLimit }, version))
}

const STRATEGIES = [
  ['session', session],
  ['hybrid', hybrid],
  ['jwt', jwt],
] as const

/** Of what is signed, another ending. */
const removeKey = async ({ here }: Given) => {
  for (const { kid, state } of await here.keys.list()) if (state === 'signing') must(await here.keys.remove(kid))
}

describe('an ending waits for a node that hears nothing', () => {
  it.each(STRATEGIES.flatMap(([by, make]) => ENDINGS.map(([name, end]) => [name, by, make, end] as const)))(
    'P1 TE-01 TE-02: %s, by %s',
    async (_name, _by, make, end) => {
      const { here, there, state, enter, patiently } = await deafAndHearing({ strategy: make() })
      const { signedIn, carrier } = await enter('ann@example.com')
      const second = must(await here.signIn({ email: 'ann@example.com', password: PASSWORD }))
      if (second.status !== 'signed_in') throw new Error(second.status)
      const other = holding({ cookie: cookieOf(second) })
      must(await there.authenticate(carrier))
      state.deaf = true
      expect((await there.authenticate(carrier)).ok).toBe(true)
      const given = { here, carrier, other, userId: signedIn.user.id, sid: signedIn.session.id }
      const { took } = await patiently(end(given))
      expect((await there.authenticate(carrier)).ok).toBe(false)
      expect(took).toBeLessThan(2 * LEASE_MS)
    },
  )

  it.each(STRATEGIES)('P1 TO-10: policy.change, by %s', async (_, make) => {
    const { here, there, clock, state, enter, patiently } = await deafAndHearing({ strategy: make() })
    const { signedIn, carrier } = await enter('ann@example.com')
    await clock.advance(61_000)
    must(await there.authenticate(carrier))
    state.deaf = true
    const given = { here, carrier, other: carrier, userId: signedIn.user.id, sid: signedIn.session.id }
    const { took } = await patiently(shorten(given))
    expect((await there.authenticate(carrier)).ok).toBe(false)
    expect(took).toBeLessThan(2 * LEASE_MS)
  })

  it.each(STRATEGIES.slice(1))('P1 KM-02: keys.remove, by %s', async (_, make) => {
    const { here, there, state, enter, patiently } = await deafAndHearing({ strategy: make() })
    const { signedIn, carrier } = await enter('ann@example.com')
    must(await there.authenticate(carrier))
    state.deaf = true
    const given = { here, carrier, other: carrier, userId: signedIn.user.id, sid: signedIn.session.id }
    await patiently(removeKey(given), 5)
    expect((await there.authenticate(carrier)).ok).toBe(false)
  })

  it.each(STRATEGIES.slice(1))('P1 AZ-02 TE-02: setRoles, by %s', async (_, make) => {
    const { here, there, state, enter, patiently } = await deafAndHearing({
      strategy: make(),
      roles: ['member', 'editor'],
    })
    const { signedIn, carrier } = await enter('ann@example.com')
    must(await there.authenticate(carrier))
    state.deaf = true
    await patiently(here.setRoles(signedIn.user.id, ['editor']))
    expect(await there.authenticate(carrier)).toMatchObject({ refusal: { code: 'token_stale' } })
  })

  it('P1 AZ-02: setRoles', async () => {
    const { here, there, state, enter, patiently } = await deafAndHearing({ roles: ['member', 'editor'] })
    const { signedIn, carrier } = await enter('ann@example.com')
    must(await there.authenticate(carrier))
    state.deaf = true
    await patiently(here.setRoles(signedIn.user.id, ['editor']))
    expect(must(await there.authenticate(carrier)).user.roles).toEqual(['editor'])
  })

  it('P1 TE-06: changePassword, for the other sessions and for the old token of this one', async () => {
    const { here, there, state, enter, patiently } = await deafAndHearing()
    const { carrier } = await enter('ann@example.com')
    const other = must(await here.signIn({ email: 'ann@example.com', password: PASSWORD }))
    if (other.status !== 'signed_in') throw new Error(other.status)
    const carriers = [carrier, holding({ cookie: cookieOf(other) })]
    for (const one of carriers) must(await there.authenticate(one))
    const who = must(await here.authenticate(carrier))
    state.deaf = true
    const change = { currentPassword: PASSWORD, newPassword: 'another long passphrase' }
    must((await patiently(here.changePassword(who, change), 5)).answer)
    for (const one of carriers) expect((await there.authenticate(one)).ok).toBe(false)
  })

  it('P1 SL-04: signIn, for the session it puts out', async () => {
    const { here, there, state, enter, patiently } = await deafAndHearing({
      sessionLimit: { max: 1, whenFull: 'end-oldest' },
    })
    const { carrier } = await enter('ann@example.com')
    must(await there.authenticate(carrier))
    state.deaf = true
    must((await patiently(here.signIn({ email: 'ann@example.com', password: PASSWORD }), 5)).answer)
    expect((await there.authenticate(carrier)).ok).toBe(false)
  })

  it.each([
    ['whose session has ended', (cookie: string) => cookie],
    ['that nobody ever had', () => `__Host-sid=${'x'.repeat(64)}`],
    ['that is malformed', () => '__Host-sid=nonsense'],
    ['that is none', () => ''],
  ])('P1 TE-04: signOut with a token %s waits for endings under way', async (_, tokenOf) => {
    const { here, there, state, enter, patiently } = await deafAndHearing()
    const { signedIn, carrier } = await enter('ann@example.com')
    must(await there.authenticate(carrier))
    state.deaf = true
    const first = here.end(signedIn.session.id)
    const { answer } = await patiently(here.signOut(holding({ cookie: tokenOf(cookieOf(signedIn)) })))
    expect(answer.ended).toBe(false)
    expect((await there.authenticate(carrier)).ok).toBe(false)
    await patiently(first)
  })
})

describe('a sign-in that an ending overtakes is born dead', () => {
  const OVERTAKING: readonly (readonly [
    name: string,
    end: (given: { here: Auth; userId: string }) => Promise<unknown>,
  ])[] = [
    ['endAll', ({ here, userId }) => here.endAll(userId)],
    ['endEveryone', ({ here }) => here.endEveryone()],
    ['lock', ({ here, userId }) => here.lock(userId)],
    ['lock, undone again', ({ here, userId }) => here.lock(userId).then(() => here.unlock(userId))],
    ['users.remove', ({ here, userId }) => here.users.remove(userId)],
  ]

  it.each(OVERTAKING)('P7 SL-08: %s', async (_, end) => {
    const { here, there, state, enter, patiently } = await deafAndHearing()
    const { signedIn } = await enter('ann@example.com')
    let release = () => {}
    state.hold = new Promise((resolve) => {
      release = resolve
    })
    const before = state.held
    const entering = here.signIn({ email: 'ann@example.com', password: PASSWORD })
    while (state.held === before) await breath()
    await patiently(end({ here, userId: signedIn.user.id }))
    release()
    const outcome = await entering.catch(() => null)
    if (outcome?.ok && outcome.value.status === 'signed_in') {
      const late = holding({ cookie: cookieOf(outcome.value) })
      for (const node of [here, there]) expect((await node.authenticate(late)).ok).toBe(false)
    }
    state.hold = null
  })

  it('P7: and one that nothing overtakes is alive', async () => {
    const { here, there, enter } = await deafAndHearing()
    await enter('ann@example.com')
    const outcome = must(await here.signIn({ email: 'ann@example.com', password: PASSWORD }))
    if (outcome.status !== 'signed_in') throw new Error(outcome.status)
    must(await there.authenticate(holding({ cookie: cookieOf(outcome) })))
  })
})
