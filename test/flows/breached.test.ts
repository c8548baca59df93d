import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { type House, house, must, PASSWORD } from '../support/house.ts'

const BREACHED = 'a passphrase that was leaked'
const HASH = createHash('sha1').update(BREACHED).digest('hex').toUpperCase()

let open: House | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

async function begin(source: 'up' | 'down', onFault: 'allow' | 'refuse' = 'allow') {
  const faults: string[] = []
  const asked: string[] = []
  const log = {
    info() {},
    warn() {},
    error: (fields: object, message: string) => void faults.push(JSON.stringify([fields, message])),
  }
  open = await house({
    log,
    password: {
      breached: {
        onFault,
        async range(prefix) {
          asked.push(prefix)
          if (source === 'down') throw new Error(`no way to ${prefix}`)
          return `${HASH.slice(5)}:7`
        },
      },
    },
  })
  return { ...open, faults, asked }
}

const codeOf = (result: { ok: boolean; refusal?: { code: string } }) => (result.ok ? 'ok' : result.refusal?.code)

describe('breached passwords', () => {
  it('PW-07: are refused at sign-up, change and reset, each an event; the reset link stays good', async () => {
    const { auth, enter, events, asked } = await begin('up')
    expect(codeOf(await auth.signUp({ email: 'new@example.com', password: BREACHED }))).toBe('password_breached')
    expect(codeOf(await auth.users.create({ email: 'new@example.com', password: BREACHED }))).toBe('password_breached')
    const { carrier, signedIn } = await enter('ann')
    const who = must(await auth.authenticate(carrier))
    const change = { currentPassword: PASSWORD, newPassword: BREACHED }
    expect(codeOf(await auth.changePassword(who, change))).toBe('password_breached')
    must(await auth.users.requirePasswordChange(signedIn.user.id))
    const asking = must(await auth.signIn({ email: 'ann@example.com', password: PASSWORD }))
    if (asking.status !== 'password_change_required') throw new Error('a change is required')
    const { token } = asking
    expect(codeOf(await auth.resetPassword({ token, newPassword: BREACHED }))).toBe('password_breached')
    must(await auth.resetPassword({ token, newPassword: 'another one that nobody leaked' }))
    expect(events.filter(({ type }) => type === 'password.breached')).toHaveLength(4)
    expect(asked.every((prefix) => /^[0-9A-F]{5}$/.test(prefix))).toBe(true)
    expect(JSON.stringify(events)).not.toContain(HASH.slice(5))
  })

  it('PW-07: nobody without a right to an answer makes the source be asked', async () => {
    const { auth, enter, asked } = await begin('up')
    const { carrier } = await enter('bea')
    const who = must(await auth.authenticate(carrier))
    const before = asked.length
    await auth.changePassword(who, { currentPassword: 'not the right one', newPassword: BREACHED })
    await auth.resetPassword({ token: 'nobody has this', newPassword: BREACHED })
    await auth.signUp({ email: 'bea@example.com', password: BREACHED })
    await auth.signIn({ email: 'bea@example.com', password: BREACHED })
    expect(asked.length).toBe(before)
  })

  it('PW-07: a source that fails lets the password through with an event and a line in the log, or not where that is configured', async () => {
    const lenient = await begin('down')
    must(await lenient.auth.signUp({ email: 'cy@example.com', password: PASSWORD }))
    expect(lenient.events.filter(({ type }) => type === 'password.unchecked')).toMatchObject([
      { outcome: 'failure', severity: 'warning', reason: 'allowed' },
    ])
    expect(lenient.faults.join()).toContain('asking about breached passwords')
    expect(lenient.faults.join()).not.toContain('no way to')
    await lenient.close()
    const strict = await begin('down', 'refuse')
    expect(codeOf(await strict.auth.signUp({ email: 'cy@example.com', password: PASSWORD }))).toBe('unavailable')
    expect(strict.events).toMatchObject([{ type: 'view.leased' }, { type: 'password.unchecked', reason: 'refused' }])
  })
})
