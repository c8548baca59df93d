import { afterEach, expect, it } from 'vitest'
import { createAuth } from '../../src/create-auth.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { session } from '../../src/strategies/session.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { HOUR, MINUTE } from '../../src/testing/samples.ts'
import { BASE, type House, holding, house, must, PASSWORD, SECRET } from '../support/house.ts'

let open: House | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

it('TO-02 TO-06: a session is opened with both of its limits in the record, those of its kind and its roles', async () => {
  open = await house({ roles: ['member', 'editor'], timeouts: { roles: { editor: { idle: '10m', absolute: '2h' } } } })
  const { auth, store } = open
  const opened = async (remember: boolean) => {
    const outcome = must(await auth.signIn({ email: 'ann@example.com', password: PASSWORD, remember }))
    if (outcome.status !== 'signed_in') throw new Error(outcome.status)
    const record = await store.sessions.find(outcome.session.id)
    if (!record) throw new Error('no record')
    return { idle: record.idleTimeout, absolute: record.expiresAt - record.createdAt }
  }
  const { signedIn } = await open.enter('ann')
  expect(await opened(false)).toEqual({ idle: 30 * MINUTE, absolute: 12 * HOUR })
  expect(await opened(true)).toEqual({ idle: 14 * 24 * HOUR, absolute: 30 * 24 * HOUR })
  must(await open.patiently(auth.setRoles(signedIn.user.id, ['member', 'editor'])))
  expect(await opened(false)).toEqual({ idle: 10 * MINUTE, absolute: 2 * HOUR })
  expect(await opened(true)).toEqual({ idle: 10 * MINUTE, absolute: 2 * HOUR })
})

it('P3: a store that never finishes opening keeps nobody waiting', async () => {
  const clock = manualClock()
  const hanging = new Promise<void>(() => {})
  const store = memory()
  const source = { ...store.users.source, open: () => hanging }
  const auth = createAuth({
    store: { ...store, users: { ...store.users, source } },
    strategy: session(),
    baseUrl: BASE,
    secret: SECRET,
    clock,
  })
  const asked = Promise.allSettled([
    auth.authenticate(holding({ bearer: 'A'.repeat(64) })),
    auth.signIn({ email: 'ann@example.com', password: PASSWORD }),
  ])
  await clock.advance(10_000)
  await clock.advance(10_000)
  const [authenticated, signedIn] = await asked
  expect(authenticated).toMatchObject({ value: { ok: false } })
  expect(signedIn).toMatchObject({ reason: { name: 'StoreUnavailable' } })
})
