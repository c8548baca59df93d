import { afterEach, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../../src/testing/samples.ts'
import { type House, house, must, PASSWORD } from '../support/house.ts'

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
