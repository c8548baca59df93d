import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cookieOf, type House, holding, house, must, PASSWORD } from '../support/house.ts'

let one: House
beforeEach(async () => {
  one = await house({ baseUrl: 'https://portal.acmebank.example', password: { context: ['Goldvault'] } })
})
afterEach(() => one.close())

/** Of the address, the name, the service by its name, and the service by its host; with what people add to them. */
const MADE_OF = [
  ...['annabelle.smith', 'Annabelle.Smith-2026', 'ann belle smithson', 'noshtims ellebnna!', '4nn@belle smithson'],
  ...[
    'Goldvault-Goldvault',
    'goldvault 2026 goldvault',
    'portal-acmebank-2026',
    'Acmebank.Portal!!!',
    'acmebank acmebank 1',
  ],
]

const about = { email: 'annabelle.smith@mail.example', name: 'Ann Belle Smithson' }

describe('what a password must not be made of', () => {
  it('PW-08: address, name and service, at sign-up, at a change, at a reset, and where an administrator makes the account', async () => {
    const signedIn = must(await one.auth.signUp({ ...about, password: PASSWORD }))
    const who = must(await one.auth.authenticate(holding({ cookie: cookieOf(signedIn) })))
    must(await one.auth.users.requirePasswordChange(who.user.id))
    const asked = must(await one.auth.signIn({ email: about.email, password: PASSWORD }))
    if (asked.status !== 'password_change_required') throw new Error(asked.status)
    const other = { ...about, email: 'annabelle.smith@elsewhere.example' }
    for (const password of MADE_OF) {
      const answers = {
        signUp: await one.auth.signUp({ ...other, password }),
        create: await one.auth.users.create({ ...other, password }),
        change: await one.auth.changePassword(who, { currentPassword: PASSWORD, newPassword: password }),
        reset: await one.auth.resetPassword({ token: asked.token, newPassword: password }),
      }
      for (const [entry, answer] of Object.entries(answers)) {
        expect(answer.ok ? 'accepted' : answer.refusal.code, `${entry}: ${password}`).toBe('password_guessable')
      }
    }
    must(await one.auth.resetPassword({ token: asked.token, newPassword: 'acmebank has my savings' }))
  })
})
