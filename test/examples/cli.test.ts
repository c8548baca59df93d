import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { gate } from '../../src/node.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { ask } from '../adapters/client.ts'
import { listening } from '../adapters/listening.ts'
import { type House, house, must, PASSWORD } from '../support/house.ts'
import { endedWithFile, folder, type Started, started, typed } from './started.ts'

endedWithFile()

const ANN = 'ann@example.com'
const MINUTE = 60_000

/** A shell with a file of tokens of its own, and an API. */
function shell(port: number) {
  const TOKENS = join(folder(), 'kept', 'tokens.json')
  return {
    file: TOKENS,
    kept: () => JSON.parse(readFileSync(TOKENS, 'utf8')) as Readonly<Record<'accessToken' | 'refreshToken', string>>,
    type: (...args: readonly string[]) =>
      typed('cli', args, { TOKENS, API: `http://localhost:${port}` }, `${PASSWORD}\n`),
  }
}

describe('examples/cli', () => {
  let api: Started
  beforeAll(async () => {
    api = await started('cli', { args: ['serve'] })
  })

  it('signs up, in and out; tokens are for their owner alone, and over with the session', async () => {
    const { type, file, kept } = shell(api.port)
    expect(await type('sign-up', ANN)).toEqual({ code: 0, out: `signed in as ${ANN}\n`, err: '' })
    expect([statSync(file).mode & 0o777, statSync(join(file, '..')).mode & 0o777]).toEqual([0o600, 0o700])
    expect((await type('whoami')).out).toMatch(/^ann@example\.com \(member\), signed in since 2\d{3}-/)
    const first = kept().accessToken

    expect((await type('login', ANN)).code).toBe(0)
    expect(await ask(api.port, '/api/whoami', { bearer: first })).toMatchObject({ status: 401, code: 'signed_out' })
    const second = kept().accessToken
    expect(await type('logout')).toEqual({ code: 0, out: 'signed out\n', err: '' })
    expect(await ask(api.port, '/api/whoami', { bearer: second })).toMatchObject({ status: 401, code: 'signed_out' })
    expect(existsSync(file)).toBe(false)
    expect(await type('whoami')).toEqual({ code: 1, out: '', err: 'you are not signed in\n' })
  })

  it('says in one line what is wrong, and how it is called', async () => {
    const { type, file } = shell(api.port)
    expect(await type('login', 'nobody@example.com')).toEqual({
      code: 1,
      out: '',
      err: 'E-mail or password is wrong\n',
    })
    expect(existsSync(file)).toBe(false)
    for (const args of [[], ['login'], ['toString']]) {
      const { code, err } = await type(...args)
      expect([code, err]).toEqual([2, expect.stringContaining('npm run example -- cli <command>')])
    }
  })
})

describe('examples/cli, with an API whose time is moved by hand', () => {
  let inside: House
  let close = async () => {}
  let port = 0
  /** So many refreshes are let in together, once they are there. */
  let together = 1
  const waiting: (() => void)[] = []
  afterEach(async () => {
    await close()
    await inside.close()
  })

  async function opened(): Promise<ReturnType<typeof shell>> {
    inside = await house({ strategy: hybrid(), baseUrl: 'http://localhost' })
    must(await inside.auth.users.create({ email: ANN, password: PASSWORD }))
    const { handler, protect, who } = gate(inside.auth)
    const member = protect()
    const served = await listening(
      createServer((request, response) =>
        gathered(request.url === '/auth/refresh', () =>
          handler(request, response, () =>
            member(request, response, () => {
              const { user, session } = who(request)
              response.end(JSON.stringify({ email: user.email, roles: user.roles, signedInAt: session.createdAt }))
            }),
          ),
        ),
      ),
    )
    close = served.close
    port = served.port
    const one = shell(port)
    expect((await one.type('login', ANN)).code).toBe(0)
    inside.events.length = 0
    return one
  }

  function gathered(waits: boolean, go: () => void): void {
    if (waits) waiting.push(go)
    else go()
    if (waiting.length === together) for (const next of waiting.splice(0)) next()
  }

  const told = (type: string) => inside.events.filter((event) => event.type === type)

  it('refreshes by itself, also four at the very same time, and signs nobody out by it', async () => {
    const { type, kept } = await opened()
    const seen = new Set([kept().refreshToken])
    together = 4
    for (let round = 1; round <= 3; round += 1) {
      await inside.clock.advance(6 * MINUTE)
      const all = await Promise.all(Array.from({ length: 4 }, () => type('whoami')))
      expect(all.map(({ code, err }) => [code, err])).toEqual(all.map(() => [0, '']))
      expect([round, told('token.refreshed').length, told('token.reused')]).toEqual([round, round, []])
      seen.add(kept().refreshToken)
    }
    together = 1
    expect(seen.size).toBe(4)
    expect(await inside.auth.sessions((await inside.auth.users.findByEmail(ANN))?.id ?? '')).toHaveLength(1)
  })

  it('gets over it that what it fetched was never written', async () => {
    const { type, kept } = await opened()
    const { refreshToken } = kept()
    await inside.clock.advance(6 * MINUTE)
    const lost = await ask(port, '/auth/refresh', { method: 'POST', json: { refreshToken } })
    expect(lost.status).toBe(200)
    await inside.clock.advance(6 * MINUTE)
    expect((await type('whoami')).code).toBe(0)
    expect(kept().refreshToken).not.toBe(refreshToken)
    expect(told('token.reused')).toEqual([])
  })

  it('says why when the session was ended elsewhere, and keeps nothing of it', async () => {
    const { type, file } = await opened()
    const { id = '' } = (await inside.auth.users.findByEmail(ANN)) ?? {}
    await inside.auth.lock(id)
    const { code, err } = await type('whoami')
    expect([code, err]).toEqual([1, 'your session is over (user_locked): sign in again\n'])
    expect(existsSync(file)).toBe(false)
  })

  it('keeps what it has while the API is away', async () => {
    const { type, file } = await opened()
    await close()
    const { code, err } = await type('whoami')
    expect([code, err]).toEqual([1, expect.stringContaining('does not answer')])
    expect((await type('logout')).code).toBe(1)
    expect(existsSync(file)).toBe(true)
    close = async () => {}
  })
})
