import { afterEach, expect, it, vi } from 'vitest'
import type { SignedIn } from '../../src/flows/issue.ts'
import { type House, holding, must, PASSWORD } from '../support/house.ts'
import { codeOf, HOUR, hears, hybridHouse, later, MINUTE, refreshed, refreshWith, signedIn } from './holder.ts'
import { cookiesOf, type Jar, jarOf } from './model/jar.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

let open: House | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

async function begin(options: Parameters<typeof hybridHouse>[0] = {}): Promise<House> {
  open = await hybridHouse({ nodes: 2, ...options })
  return open
}

type Entered = SignedIn & { readonly jar: Jar }
type Ending = (h: House, session: Entered) => Promise<unknown>

const whole = (jar: Jar) => holding({ cookie: cookiesOf(jar, 'refresh') })

/** Everything that ends a session from outside of refreshing, and why it says it did. */
const ENDINGS: readonly (readonly [string, Ending, string])[] = [
  ['signing out', ({ auth }, { jar }) => auth.signOut(whole(jar)), 'signed_out'],
  ['ending it by its id', ({ auth }, { session }) => auth.end(session.id), 'session_revoked'],
  ['ending all of a user', ({ auth }, { user }) => auth.endAll(user.id), 'session_revoked'],
  ['ending everyone', ({ auth }) => auth.endEveryone(), 'session_revoked'],
  ['locking the account', ({ auth }, { user }) => auth.lock(user.id), 'user_locked'],
  ['deleting the account', ({ auth }, { user }) => auth.users.remove(user.id), 'session_revoked'],
]

it.each(ENDINGS)('RT-08: after %s no token of the line refreshes, on any node', async (_, end, reason) => {
  const h = await begin()
  const entered = await signedIn(h, 'ada')
  await later(h, 6 * MINUTE)
  const jar = await refreshed(h.auth, entered.jar)
  await h.patiently(end(h, { ...entered, jar }))
  for (const auth of h.nodes) {
    for (const held of [jar, entered.jar]) expect(codeOf(await refreshWith(auth, held))).toBe(reason)
    expect(await hears(auth, jar)).toBe(reason)
  }
})

it('RT-08: a password change ends the other lines, and replaces this one: its former tokens are stale, and end nothing', async () => {
  const h = await begin()
  const [here, elsewhere] = [await signedIn(h, 'ada'), await signedIn(h, 'ada')]
  const who = must(await h.auth.authenticate(whole(here.jar)))
  const change = { currentPassword: PASSWORD, newPassword: 'another long passphrase' }
  const { carried } = must(await h.patiently(h.auth.changePassword(who, change)))
  const next = jarOf(carried)
  await later(h, HOUR / 6)
  for (const auth of h.nodes) {
    expect(codeOf(await refreshWith(auth, elsewhere.jar))).toBe('session_revoked')
    expect(codeOf(await refreshWith(auth, here.jar))).toBe('token_stale')
  }
  expect((await refreshed(h.auth, next)).number).toBe(1)
})

it('TE-03: of a refresh and a sign-out at the same instant nothing usable is left, 200 times', async () => {
  const h = await begin()
  const [one, two] = h.nodes as [House['auth'], House['auth']]
  for (let i = 0; i < 200; i++) {
    const { jar } = await signedIn(h, 'ada')
    await later(h, 6 * MINUTE)
    const refreshes = () => Promise.all([one, two, one].map((auth) => refreshWith(auth, jar)))
    const signsOut = () => h.patiently(two.signOut(whole(jar)))
    const [results] = i % 2 ? await Promise.all([refreshes(), signsOut()]) : await both(signsOut, refreshes)
    const left = results.flatMap((result) => (result.ok ? [jarOf(result.value.carried, jar)] : []))
    for (const held of [jar, ...left]) {
      for (const auth of h.nodes) {
        expect(codeOf(await refreshWith(auth, held))).toBe('signed_out')
        expect(await hears(auth, held)).toBe('signed_out')
      }
    }
  }
})

/** The first is begun first; answers what the second came to. */
async function both<T>(first: () => Promise<unknown>, second: () => Promise<T>): Promise<readonly [T]> {
  const [, result] = await Promise.all([first(), second()])
  return [result]
}
