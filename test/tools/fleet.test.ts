import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { service } from '../support/services.ts'

const FLEET = fileURLToPath(new URL('../../tools/fleet.ts', import.meta.url))
const PASSWORD = 'a long enough passphrase'

/** `npm run fleet`, as it is in a terminal. */
function started(env: Readonly<Record<string, string>> = {}, flags: readonly string[] = []) {
  const child = spawn(process.execPath, [FLEET, ...flags], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said += text
    })
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, ended, said: () => said }
}

const running = new Set<ChildProcess>()

afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
})

const status = async (url: string, init?: RequestInit) => (await fetch(url, init)).status

const lacking = [service('postgres'), service('nginx')].includes(null)

describe.each([
  { what: 'the fleet', flags: [], skipped: lacking },
  { what: 'the fleet with Redis', flags: ['--redis'], skipped: lacking || service('redis') === null },
])('$what', ({ flags, skipped }) => {
  const title = 'P1: what one node has signed out no node accepts; and nothing is left behind'
  it.skipIf(skipped)(title, { timeout: 90_000 }, async () => {
    const { child, ended, said } = started({}, flags)
    await expect.poll(() => child.exitCode ?? /Ctrl-C ends/.test(said()), { timeout: 60_000, interval: 50 }).toBe(true)
    const [, url = ''] = /^(http:\S+) is nginx/m.exec(said()) ?? []
    const nodes = [...said().matchAll(/^ {2}node \d +(http:\S+)$/gm)].map(([, node = '']) => node)
    const [, folder = ''] = /servers say is in (\S+)\. Ctrl-C/.exec(said()) ?? []
    expect([nodes.length, existsSync(folder)]).toEqual([3, true])
    const ready = await (await fetch(`${nodes[0]}/readyz`)).json()
    expect('store redis' in ready.parts).toBe(flags.length > 0)

    const signedUp = await fetch(`${url}/auth/sign-up`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.9' },
      body: JSON.stringify({ email: 'ann@example.com', password: PASSWORD }),
    })
    expect(signedUp.status).toBe(201)
    // TH-07: what a client claims about its address goes no further than nginx.
    expect((await signedUp.json()).session.ip).toBe('127.0.0.1')
    const headers = { cookie: (signedUp.headers.get('set-cookie') ?? '').replace(/;.*/, '') }
    const behind = new Set<string | null>()
    for (const _ of nodes) {
      const answer = await fetch(`${url}/auth/session`, { headers })
      expect(answer.status).toBe(200)
      behind.add(answer.headers.get('x-node'))
    }
    expect([...behind].sort()).toEqual(nodes.map((node) => node.replace('http://localhost', '127.0.0.1')).sort())

    const signedOut = await fetch(`${nodes[0]}/auth/sign-out`, { method: 'POST', headers: { ...headers, origin: url } })
    const after = await Promise.all([...nodes, url].map((node) => status(`${node}/auth/session`, { headers })))
    expect([signedOut.status, ...after]).toEqual([204, 401, 401, 401, 401])

    child.kill('SIGINT')
    expect(await ended).toBe(0)
    expect(said()).toMatch(/everything has ended\n$/)
    expect(existsSync(folder)).toBe(false)
    for (const address of [url, ...nodes]) await expect(fetch(address)).rejects.toThrow()
  })
})

it('says what to install where something is missing, and starts nothing', async () => {
  const { ended, said } = started({ NGINX_PATH: '/nowhere/nginx', POSTGRES_BIN: '/nowhere' })
  expect(await ended).toBe(1)
  expect(said()).toMatch(
    /^fleet: the fleet needs nginx and postgresql on this machine: apt-get install nginx postgresql, or say where they are: NGINX_PATH .*\n$/,
  )
  const nowhere = { NGINX_PATH: '/nowhere/nginx', POSTGRES_BIN: '/nowhere', REDIS_BIN: '/nowhere/redis-server' }
  const redis = started(nowhere, ['--redis'])
  expect(await redis.ended).toBe(1)
  expect(redis.said()).toMatch(/apt-get install nginx postgresql redis-server, or say .* REDIS_BIN .*\n$/)
})

it('says what it can be told, and starts nothing', async () => {
  const { ended, said } = started({}, ['--help'])
  expect(await ended).toBe(0)
  expect(said()).toMatch(/^ {2}--redis +keep sessions in a Redis beside it/m)
})
