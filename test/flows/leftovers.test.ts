import { afterEach, describe, expect, it, vi } from 'vitest'
import { StoreUnavailable } from '../../src/errors.ts'
import type { Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { cookieOf, type House, holding, house, must, PASSWORD } from '../support/house.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

/** Longer than the sweeper rests, milliseconds. */
const ROUND_MS = 6000

const open: House[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

/** People in one database and their sessions in another, whose verbs that end fail while it is `down`. */
async function apart() {
  const [people, other] = [memory(), memory()]
  const state = { down: false }
  const fails = () => Promise.reject(new StoreUnavailable('down'))
  const { sessions } = other
  const failing: Store['sessions'] = {
    ...sessions,
    end: (...given) => (state.down ? fails() : sessions.end(...given)),
    endOf: (...given) => (state.down ? fails() : sessions.endOf(...given)),
    endOlder: (...given) => (state.down ? fails() : sessions.endOlder(...given)),
    ofUser: (...given) => (state.down ? fails() : sessions.ofUser(...given)),
  }
  const made = await house({ store: { ...people, sessions: failing, denials: other.denials }, nodes: 2 })
  open.push(made)
  const { nodes, clock, patiently } = made
  const answers = async (carrier: Parameters<(typeof nodes)[0]['authenticate']>[0]) =>
    Promise.all(nodes.map(async (node) => (await node.authenticate(carrier)).ok))
  const openOf = async (id: string) => (await sessions.ofUser(id as never, 'active', 10)).length
  return { ...made, state, answers, openOf, round: () => patiently(clock.advance(ROUND_MS)) }
}

describe('people and sessions in two databases', () => {
  for (const [name, run] of [
    ['locking', (made, id) => made.auth.lock(id)],
    ['ending all', (made, id) => made.auth.endAll(id)],
    ['removing', (made, id) => made.auth.users.remove(id)],
  ] as const satisfies readonly (readonly [string, (made: House, id: string) => Promise<unknown>])[]) {
    it(`P1: ${name} is done where the database of sessions fails, and its records are marked when it is back`, async () => {
      const made = await apart()
      const { enter, patiently, state, answers, openOf, round, events } = made
      const { carrier, signedIn } = await enter('ann')
      const { carrier: stays } = await enter('bea')
      expect(await answers(carrier)).toEqual([true, true])
      state.down = true
      await patiently<unknown>(run(made, signedIn.user.id))
      expect(await answers(carrier)).toEqual([false, false])
      await round()
      expect(await openOf(signedIn.user.id)).toBe(1)
      state.down = false
      await round()
      expect(await openOf(signedIn.user.id)).toBe(0)
      expect(await answers(stays)).toEqual([true, true])
      const told = events.filter(({ type, subject }) => type === 'session.ended' && subject === signedIn.user.id)
      expect(told).toHaveLength(1)
    })
  }

  it('P7: who signs in again meanwhile stays', async () => {
    const { auth, enter, patiently, state, answers, openOf, round } = await apart()
    const { signedIn } = await enter('ann')
    state.down = true
    await patiently(auth.endAll(signedIn.user.id))
    const again = await signInAgain(auth)
    state.down = false
    await round()
    expect(await openOf(signedIn.user.id)).toBe(1)
    expect(await answers(again)).toEqual([true, true])
  })

  it('P1: signing everyone out is done, and the sweeper marks what was left', async () => {
    const { auth, enter, patiently, state, answers, openOf } = await apart()
    const { carrier, signedIn } = await enter('ann')
    state.down = true
    expect(await patiently(auth.endEveryone())).toBe(0)
    expect(await answers(carrier)).toEqual([false, false])
    expect(await openOf(signedIn.user.id)).toBe(1)
    state.down = false
    await auth.sweep()
    expect(await openOf(signedIn.user.id)).toBe(0)
  })
})

async function signInAgain(auth: House['auth']) {
  const outcome = must(await auth.signIn({ email: 'ann@example.com', password: PASSWORD }))
  if (outcome.status !== 'signed_in') throw new Error(outcome.status)
  return holding({ cookie: cookieOf(outcome) })
}
