import { afterEach, describe, expect, it, vi } from 'vitest'
import { type House, house, must, PASSWORD } from '../support/house.ts'
import { afterwards, type Mailbox, mailbox } from '../support/mailbox.ts'

vi.mock('@node-rs/argon2', () => import('../faults/support/quick-argon2.ts'))

const NEXT = 'quite another passphrase'
const EMAIL = 'ann@example.com'

let box: Mailbox
let h: House
afterEach(() => h.close())

async function open(options: Parameters<typeof house>[0] = {}) {
  box = mailbox()
  h = await house({ mailer: box, ...options })
  return h
}

async function asked(email = EMAIL): Promise<string> {
  must(await h.auth.forgotPassword(email))
  await afterwards(h)
  return box.token('reset', email)
}

describe('a reset', () => {
  it('RC-01: by a link that works once', async () => {
    const { auth } = await open()
    const { carrier } = await (await h).enter('ann')
    const token = await asked()
    must(await auth.resetPassword({ token, newPassword: NEXT }))
    expect((await auth.authenticate(carrier)).ok).toBe(false)
    expect(await auth.resetPassword({ token, newPassword: PASSWORD })).toMatchObject({ ok: false })
    expect(must(await auth.signIn({ email: EMAIL, password: NEXT })).status).toBe('signed_in')
  })
})
