import { describe, expect, it } from 'vitest'
import { program, type Server } from '../cli/program.ts'
import { type Jar, jar } from './jar.ts'

const PASSWORD = 'a long enough passphrase'
const ANN = { email: 'ann@example.com', password: PASSWORD }

async function signedUp(server: Server): Promise<Jar> {
  const browser = jar(server.url)
  expect((await browser.json('POST', '/auth/sign-up', ANN)).status, server.output.stderr).toBe(201)
  return browser
}

/** What the API says to whoever holds a copy of the cookie. */
async function told(server: Server, cookie: string): Promise<[status: number, code: unknown]> {
  const answer = await jar(server.url, cookie).fetch('/auth/session')
  return [answer.status, (await answer.json()).code]
}

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('a client with a cookie jar', () => {
  it('goes the whole way: sign-up, session, sign-out, sign-in', async () => {
    const server = await program().serve()
    const browser = await signedUp(server)
    const who = await (await browser.fetch('/auth/session')).json()
    expect(who).toMatchObject({ user: { email: ANN.email }, session: { current: true } })
    expect((await browser.json('POST', '/auth/sign-out')).status).toBe(204)
    expect(browser.cookies()).toBe('')
    expect((await browser.fetch('/auth/session')).status).toBe(401)
    expect((await browser.json('POST', '/auth/sign-in', ANN)).status).toBe(200)
    expect((await browser.fetch('/auth/session')).status).toBe(200)
    expect(await server.stop()).toBe(0)
  })

  it('TE-01 TE-06 TE-07: a copied cookie is refused after sign-out, password change and lock', async () => {
    const at = program()
    const server = await at.serve()
    const browser = await signedUp(server)
    const first = browser.cookies()
    expect((await told(server, first))[0]).toBe(200)
    await browser.json('POST', '/auth/sign-out')
    expect(await told(server, first)).toEqual([401, 'signed_out'])

    await browser.json('POST', '/auth/sign-in', ANN)
    const second = browser.cookies()
    const elsewhere = jar(server.url)
    await elsewhere.json('POST', '/auth/sign-in', ANN)
    const change = { currentPassword: PASSWORD, newPassword: 'another long passphrase' }
    expect((await browser.json('POST', '/auth/password', change)).status).toBe(200)
    expect(await told(server, second)).toEqual([401, 'token_stale'])
    expect(await told(server, elsewhere.cookies())).toEqual([401, 'session_revoked'])

    const third = browser.cookies()
    expect((await told(server, third))[0]).toBe(200)
    expect((await at.run(['users', 'lock', ANN.email])).code).toBe(0)
    expect(await told(server, third)).toEqual([401, 'user_locked'])
  })

  it('TO-06: a copied cookie is refused after the idle limit, and after the absolute one however often it is used', async () => {
    const server = await program().serve({ SALLYPORT_IDLE: '1s', SALLYPORT_ABSOLUTE: '3s' })
    const idle = (await signedUp(server)).cookies()
    const browser = jar(server.url)
    await browser.json('POST', '/auth/sign-in', ANN)
    const began = performance.now()
    while (performance.now() - began < 2000) {
      expect((await browser.json('POST', '/auth/session/renew')).status).toBe(200)
      await later(100)
    }
    expect(await told(server, idle)).toEqual([401, 'session_expired_idle'])
    while (performance.now() - began < 3200) {
      await browser.json('POST', '/auth/session/renew')
      await later(100)
    }
    expect(await told(server, browser.cookies())).toEqual([401, 'session_expired_absolute'])
  })

  it('what was signed in and out before a stop is so after the next start', async () => {
    const at = program()
    const server = await at.serve()
    const [kept, ended] = [await signedUp(server), jar(server.url)]
    await ended.json('POST', '/auth/sign-in', ANN)
    const copy = ended.cookies()
    await ended.json('POST', '/auth/sign-out')
    await server.stop()
    const again = await at.serve()
    expect((await told(again, kept.cookies()))[0]).toBe(200)
    expect(await told(again, copy)).toEqual([401, 'signed_out'])
  })
})
