import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, pause, type Sending, send } from '../faults/support/client.ts'
import { type Person, populate } from '../faults/support/people.ts'
import { cleanUp, command, dataFolder, type Server, startServer } from '../faults/support/server.ts'
import { built, runtimes } from '../runtimes/runtimes.ts'
import { type Started, started } from '../runtimes/started.ts'
import { PASSWORD } from '../support/house.ts'

/** A real server, and the verifier as it is shipped in a service of each runtime: the same cases on all of them. */
const RUNTIMES = runtimes()
const folder = built()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** How long a service may decide without the server; and what a busy machine may add to it. Milliseconds. */
const LEASE_MS = 3000
const SLACK_MS = 1500

/** The request that ends what somebody holds. */
type Ending = (held: {
  readonly token: string
  readonly sid: string
  readonly id: string
}) => [method: string, path: string, sending: Sending]

type Trouble = { take(): Promise<void>; bring(): Promise<void> }

it.each(RUNTIMES)('is run by what it says: $name', ({ program, version }) => {
  expect(execFileSync(program, ['--version'], { encoding: 'utf8' })).toMatch(
    new RegExp(`^${version.replaceAll('.', '\\.')}\\b`),
  )
})

describe.each(['session', 'hybrid', 'jwt'])('with %s', (strategy) => {
  let data = ''
  let server: Server
  let services: readonly Started[] = []
  let members: Person[] = []
  let admin = ''

  const serve = (port?: number) =>
    startServer(data, { SALLYPORT_STRATEGY: strategy, LOG_LEVEL: 'error', ...(port && { PORT: String(port) }) })

  async function signIn({ email }: Person): Promise<{ readonly token: string; readonly sid: string }> {
    const body = { email, password: PASSWORD, transport: 'bearer' }
    const { status, body: told } = await send(server.url, 'POST', '/auth/sign-in', { body })
    expect(status).toBe(200)
    return { token: told.tokens?.accessToken as string, sid: told.session?.id as string }
  }

  /** Somebody nobody has seen yet, who is known to every service, so that each decides by itself. */
  async function warm() {
    const person = members.pop() as Person
    const held = await signIn(person)
    const known = { userId: person.id, sessionId: held.sid, isLocal: true }
    await Promise.all(
      services.map(({ ask }) =>
        expect.poll(async () => (await ask('/me', held.token)).body, { timeout: 60_000 }).toMatchObject(known),
      ),
    )
    return { ...held, id: person.id }
  }

  const killed: Trouble = {
    take: () => server.kill(),
    async bring() {
      server = await serve(server.port)
    },
  }
  const hanging: Trouble = {
    take: async () => server.signal('SIGSTOP'),
    bring: async () => server.signal('SIGCONT'),
  }
  // What hangs is waited for, which is the same with every strategy.
  const cutOff: readonly (readonly [string, Trouble])[] =
    strategy === 'hybrid'
      ? [
          ['killed', killed],
          ['hanging', hanging],
        ]
      : [['killed', killed]]

  const all = async (path: string, token?: string): Promise<readonly Answer[]> =>
    await Promise.all(services.map((service) => service.ask(path, token)))
  const codes = async (path: string, token?: string) => (await all(path, token)).map(({ code = 'in' }) => code)
  const each = (code: string) => services.map(() => code)

  beforeAll(async () => {
    data = dataFolder()
    const people = await populate(data, { users: 16, sessionsEach: 0 })
    const admins = await populate(data, { users: 1, sessionsEach: 0, roles: ['admin', 'member'] })
    members = [...people.people]
    server = await serve()
    const made = await command(data, 'services', 'create', 'runtimes', '--json')
    const { id, secret } = JSON.parse(made.out) as { readonly id: string; readonly secret: string }
    const env = { ISSUER: `http://localhost:${server.port}`, SERVICE_ID: id, SERVICE_SECRET: secret }
    services = await Promise.all(RUNTIMES.map((runtime) => started(runtime, folder, env)))
    admin = (await signIn(admins.people[0] as Person)).token
  })

  afterAll(async () => {
    for (const service of services) service.kill()
    await cleanUp()
  })

  it('lets in by a token, and refuses whatever is none', async () => {
    const { token } = await warm()
    expect(await codes('/me', token)).toEqual(each('in'))
    const altered = `${token.slice(0, -6)}AAAAAA`
    for (const other of [undefined, 'x', 'a.b.c', 'a'.repeat(64), altered, token.slice(1)]) {
      for (const { status, code } of await all('/me', other)) {
        expect([status, code]).toEqual([401, 'unauthenticated'])
      }
    }
  })

  it('AZ-01: judges by roles', async () => {
    const { token } = await warm()
    expect((await all('/reports', token)).map(({ status }) => status)).toEqual(services.map(() => 403))
    expect((await all('/reports', admin)).map(({ status }) => status)).toEqual(services.map(() => 200))
  })

  it('JW-12, JW-13: takes nothing of another issuer, or for another audience', async () => {
    const { token } = await warm()
    for (const path of ['/other-issuer/me', '/other-audience/me', '/other-issuer/reports']) {
      expect(await codes(path, token)).toEqual(each('unauthenticated'))
    }
  })

  const endings: readonly (readonly [string, Ending])[] = [
    ['a sign-out', ({ token }) => ['POST', '/auth/sign-out', { token }]],
    ['an ending by an administrator', ({ sid }) => ['DELETE', `/auth/admin/sessions/${sid}`, { token: admin }]],
    ['a lock', ({ id }) => ['PATCH', `/auth/admin/users/${id}`, { token: admin, body: { status: 'locked' } }]],
    ['the end of all of a user', ({ id }) => ['DELETE', `/auth/admin/users/${id}/sessions`, { token: admin }]],
  ]

  it.each(endings)('P1: %s is refused at the very next request once the call has returned', async (_, ending) => {
    const held = await warm()
    const { status } = await send(server.url, ...ending(held))
    expect([200, 204]).toContain(status)
    expect((await all('/me', held.token)).map(({ status }) => status)).toEqual(services.map(() => 401))
  })

  it.each(cutOff)(
    'P3: with the server %s decides at most its lease, then it is 503, never 401; and it recovers',
    async (_, { take, bring }) => {
      const { token } = await warm()
      const ended = await warm()
      expect((await send(server.url, 'POST', '/auth/sign-out', { token: ended.token })).status).toBe(204)
      await take()
      const gone = performance.now()
      await Promise.all(
        services.map(async (service) => {
          for (let status = 200; status === 200; ) {
            const asked = performance.now() - gone
            ;({ status } = await service.ask('/me', token))
            if (status === 200) expect(asked, service.name).toBeLessThan(LEASE_MS)
            else expect([service.name, status]).toEqual([service.name, 503])
            expect((await service.ask('/me', ended.token)).status).not.toBe(200)
            await pause(50)
          }
          expect(performance.now() - gone).toBeLessThan(2 * LEASE_MS + SLACK_MS)
        }),
      )
      expect(await codes('/me', token)).toEqual(each('unavailable'))
      await bring()
      await Promise.all(
        services.map(async ({ name, ask }) => {
          const recovering = async () => {
            const { status, body } = await ask('/me', token)
            expect([name, [200, 503].includes(status)]).toEqual([name, true])
            return body
          }
          await expect.poll(recovering, { timeout: 60_000 }).toMatchObject({ isLocal: true })
          expect((await ask('/me', ended.token)).status).toBe(401)
        }),
      )
    },
  )

  it('leaves when it is told to, and no ending waits for it', async () => {
    const [first, second] = [await warm(), await warm()]
    // This one may wait for the row of the server that was killed.
    expect((await send(server.url, 'POST', '/auth/sign-out', { token: first.token })).status).toBe(204)
    expect(await Promise.all(services.map((service) => service.stop()))).toEqual(services.map(() => 0))
    const began = performance.now()
    expect((await send(server.url, 'POST', '/auth/sign-out', { token: second.token })).status).toBe(204)
    expect(performance.now() - began).toBeLessThan(LEASE_MS)
  })
})
