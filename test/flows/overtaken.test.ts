import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Auth } from '../../src/auth.ts'
import type { Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { session } from '../../src/strategies/session.ts'
import { type House, holding, house, must, PASSWORD } from '../support/house.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const NEXT = 'another long enough passphrase'

let open: House | null = null
let meanwhile: { readonly verb: string; readonly run: () => Promise<unknown> } | null = null

beforeEach(() => {
  meanwhile = null
})
afterEach(async () => {
  await open?.close()
  open = null
})

/** The store, but that something else happens just before a verb of the users' or the credentials' port. */
function interrupted(store: Store): Store {
  const with_ = <P extends object>(port: P): P =>
    new Proxy(port, {
      get(of, name) {
        const verb: unknown = Reflect.get(of, name)
        if (typeof verb !== 'function') return verb
        return async (...given: unknown[]) => {
          if (meanwhile?.verb === name) {
            const { run } = meanwhile
            meanwhile = null
            await run()
          }
          return Reflect.apply(verb, of, given)
        }
      },
    })
  return { ...store, users: with_(store.users), credentials: with_(store.credentials) }
}

async function enter(strategy: ReturnType<typeof session>, accept: ReturnType<typeof session>[] = []) {
  const store = memory()
  open = await house({ store: interrupted(store), strategy, accept })
  const { auth } = open
  const email = 'ann@example.com'
  const signedUp = must(await auth.signUp({ email, password: PASSWORD, transport: 'bearer' }))
  const carrier = holding({ bearer: signedUp.carried.tokens?.accessToken ?? '' })
  return { auth, store, carrier, who: must(await auth.authenticate(carrier)), id: signedUp.user.id }
}

const bearer = (carried: { tokens?: { accessToken: string } }) => holding({ bearer: carried.tokens?.accessToken ?? '' })

const STRATEGIES = [
  ['session', session],
  ['hybrid', hybrid],
  ['jwt', jwt],
] as const

const ENDINGS: readonly (readonly [name: string, end: (auth: Auth, id: string) => Promise<unknown>])[] = [
  ['endAll', (auth, id) => auth.endAll(id)],
  ['lock', (auth, id) => auth.lock(id).then(() => auth.unlock(id))],
]

describe.each(STRATEGIES)(
  'whoever ends all sessions of a user ends the one that changes the password, by %s',
  (_, make) => {
    it.each(
      ENDINGS.flatMap(([name, end]) =>
        [
          ['before its sessions are ended', 'endAll'],
          ['between that and the new password', 'replace'],
          ['before they are ended again', 'endAll after replace'],
        ].map(([when, verb]) => [name, when as string, verb as string, end] as const),
      ),
    )('P1 P7: %s, %s', async (_name, _when, verb, end) => {
      const { auth, store, carrier, who, id } = await enter(make())
      const ending = { verb: 'endAll', run: () => end(auth, id) }
      const then = async () => {
        meanwhile = ending
      }
      meanwhile = verb === 'endAll after replace' ? { verb: 'replace', run: then } : { ...ending, verb }
      const changed = await auth.changePassword(who, { currentPassword: PASSWORD, newPassword: NEXT })
      expect(meanwhile).toBeNull()
      expect(changed).toMatchObject({
        ok: false,
        refusal: { code: expect.stringMatching(/session_revoked|user_locked/) },
      })
      expect((await auth.authenticate(carrier)).ok).toBe(false)
      expect(await store.sessions.ofUser(who.user.id, 'active', 10)).toEqual([])
    })

    it('and nobody else does', async () => {
      const { auth, who } = await enter(make())
      const changed = must(await auth.changePassword(who, { currentPassword: PASSWORD, newPassword: NEXT }))
      expect((await auth.authenticate(bearer(changed.carried))).ok).toBe(true)
    })
  },
)

describe.each([
  ['jwt', jwt, []],
  ['hybrid beside jwt', hybrid, [jwt()]],
] as const)('and the one that ends the others, by %s', (_, make, accept) => {
  it.each(ENDINGS)('P1 P7: %s', async (_name, end) => {
    const { auth, carrier, who, id } = await enter(make(), [...accept])
    meanwhile = { verb: 'endAll', run: () => end(auth, id) }
    expect(await auth.endOthers(who)).toMatchObject({ ok: false })
    expect((await auth.authenticate(carrier)).ok).toBe(false)
  })

  it('and nobody else does', async () => {
    const { auth, who } = await enter(make(), [...accept])
    const next = must(await auth.endOthers(who))
    expect((await auth.authenticate(bearer(next.carried ?? {}))).ok).toBe(true)
  })
})
