import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Asking, ask as askAt } from '../adapters/client.ts'
import { freePort } from '../server/free-port.ts'
import { PASSWORD } from '../support/house.ts'

/** The application of `examples/next`, installed, checked, built by Next and served by it. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const HERE = join(ROOT, 'examples/next')
const HTML = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }

let server: ChildProcess
let port = 0
let origin = ''
const folder = mkdtempSync(join(tmpdir(), 'sallyport-next-'))

beforeAll(async () => {
  const quiet = { cwd: ROOT, stdio: 'inherit' } as const
  if (!existsSync(join(HERE, 'node_modules/next'))) execFileSync('npm', ['ci', '--prefix', HERE], quiet)
  execFileSync('npm', ['run', '--silent', 'build'], quiet)
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' } as const
  const next = join(HERE, 'node_modules/.bin/next')
  execFileSync(join(HERE, 'node_modules/.bin/tsc'), ['--noEmit'], { cwd: HERE, stdio: 'inherit' })
  execFileSync(next, ['build'], { cwd: HERE, stdio: 'inherit', env })
  port = await freePort()
  origin = `http://localhost:${port}`
  const own = { ...env, AUTH_DB: join(folder, 'auth.db'), AUTH_URL: origin }
  server = spawn(next, ['start', '--port', String(port)], { cwd: HERE, stdio: 'inherit', env: own })
  await until(async () => (await ask(port, '/').catch(() => null))?.status === 200, 60_000)
}, 600_000)

afterAll(async () => {
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill()
  await ended
  rmSync(folder, { recursive: true })
})

/** By the name it is configured with: Next compares it with the origin of actions. */
const ask = (at: number, path: string, asking: Asking = {}) =>
  askAt(at, path, { ...asking, headers: { host: `localhost:${at}`, ...asking.headers } })

const post = (path: string, asking: Asking = {}) =>
  ask(port, path, { method: 'POST', ...asking, headers: { origin, ...asking.headers } })

async function member(label: string): Promise<{ readonly email: string; readonly jar: string }> {
  const email = `${label}@example.com`
  const { status, jar } = await post('/auth/sign-up', { json: { email, password: PASSWORD } })
  expect(status).toBe(201)
  return { email, jar }
}

describe('a Next application', () => {
  it('serves the API and the pages below /auth', async () => {
    const { jar, email } = await member('someone')
    expect(await ask(port, '/auth/session', { cookie: jar })).toMatchObject({ status: 200, body: { user: { email } } })
    expect((await ask(port, '/auth/sign-in', { headers: HTML })).text).toContain('<form')
    expect(await ask(port, '/auth/nothing')).toMatchObject({ status: 404, code: 'not_found' })
    const sent = await post('/auth/sign-in?return=%2Faccount', { form: { email, password: PASSWORD }, headers: HTML })
    expect(sent).toMatchObject({ status: 303, headers: { location: '/account' } })
  })

  it('shows server components who is there, and sends others to sign in and back', async () => {
    const { jar, email } = await member('reader')
    expect((await ask(port, '/', { cookie: jar })).text).toContain(email)
    expect((await ask(port, '/')).text).toContain('Sign in')
    expect((await ask(port, '/account', { cookie: jar, headers: HTML })).text).toContain(email)
    const proxied = await ask(port, '/account', { headers: HTML })
    expect(proxied.status).toBe(303)
    expect(proxied.headers.location).toBe('/auth/sign-in?return=%2Faccount')
    const page = await ask(port, '/billing', { headers: HTML })
    expect(page.status).toBe(307)
    expect(page.headers.location).toBe('/auth/sign-in?return=%2Fbilling')
    const refused = await ask(port, '/admin', { cookie: jar, headers: HTML })
    expect(refused.text).not.toContain('Administrator')
  })

  it('AZ-05: no header gets around the proxy or a route', async () => {
    const headers = { ...HTML, 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy', 'x-original-url': '/' }
    expect((await ask(port, '/account', { headers })).status).toBe(303)
    expect((await ask(port, '/billing', { headers })).headers.location).toContain('/auth/sign-in')
    expect((await ask(port, '/api/me', { headers: { ...headers, accept: '*/*' } })).status).toBe(401)
  })

  it('CS-01, ER-03: route handlers refuse strangers, and what other sites send', async () => {
    const { jar, email } = await member('caller')
    expect(await ask(port, '/api/me', { cookie: jar })).toMatchObject({ status: 200, body: { email } })
    const refused = await ask(port, '/api/me')
    expect(refused).toMatchObject({ status: 401, code: 'unauthenticated' })
    expect(refused.headers['content-type']).toContain('application/problem+json')
    expect((await post('/api/me', { cookie: jar })).status).toBe(200)
    const foreign = await post('/api/me', { cookie: jar, headers: { origin: 'https://evil.example' } })
    expect(foreign).toMatchObject({ status: 403, code: 'csrf_rejected' })
    expect((await ask(port, '/api/me', { method: 'POST', cookie: jar })).status).toBe(403)
  })

  it('RA-02, AZ-05: a section holds on the file that runs, however the address is spelt or rewritten', async () => {
    const { jar, email } = await member('payer')
    expect((await ask(port, '/billing', { cookie: jar })).text).toContain(email)
    await new Promise((resolve) => setTimeout(resolve, 2100))
    for (const path of ['/billing', '/pay', '/%62illing', '/BILLING', '//billing', '/./billing', '/billing/']) {
      const { text, status } = await ask(port, path, { cookie: jar })
      expect(text, `${path} ${status}`).not.toContain(`Invoices of`)
    }
    for (const area of ['billing', '%62illing', 'BILLING', 'billing%3Bx']) {
      expect((await ask(port, `/api/${area}/list`, { cookie: jar })).status, area).toBe(401)
    }
    expect((await ask(port, '/api/billings/list', { cookie: jar })).body).toEqual({ area: 'billings' })
  })

  it('TE-01: the sign-out action of a form ends the session everywhere, clears its cookie, and needs a page of this site', async () => {
    const { jar } = await member('leaving')
    const { text } = await ask(port, '/account', { cookie: jar, headers: HTML })
    const action = /id="sign-out".*?name="(\$ACTION_ID_[^"]+)"/s.exec(text)?.[1] as string
    expect(action).toBeDefined()
    const foreign = await send(action, jar, 'https://evil.example')
    expect(foreign.status).toBeGreaterThanOrEqual(400)
    expect((await ask(port, '/api/me', { cookie: jar })).status).toBe(200)
    const left = await send(action, jar, origin)
    expect(left.status).toBe(303)
    expect(left.headers.location).toBe('/')
    expect(left.cookies.join()).toMatch(/sid=;.*(?:Max-Age=0|Expires=Thu, 01 Jan 1970)/i)
    expect((await ask(port, '/api/me', { cookie: jar })).status).toBe(401)
    expect((await ask(port, '/account', { cookie: jar, headers: HTML })).status).toBe(303)
  })

  it('TE-11: server-sent events end with the session', async () => {
    const { jar } = await member('streaming')
    const stream = new Promise<string>((resolve, reject) => {
      get({ host: '127.0.0.1', port, path: '/api/events', headers: { cookie: jar } }, async (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk
          if (text.includes('event: hello') && !text.includes('event: time'))
            void post('/auth/sign-out', { cookie: jar })
        })
        response.on('end', () => resolve(text)).on('error', reject)
      }).on('error', reject)
    })
    expect(await stream).toMatch(/event: ended\ndata: \{"reason":"signed_out"\}/)
  })
})

/** What a browser without scripts sends. */
function send(action: string, cookie: string, from: string) {
  const boundary = 'x7MA4YWxkTrZu0gW'
  const body = `--${boundary}\r\nContent-Disposition: form-data; name="${action}"\r\n\r\n\r\n--${boundary}--\r\n`
  const headers = { origin: from, 'content-type': `multipart/form-data; boundary=${boundary}`, accept: 'text/html' }
  return ask(port, '/account', { method: 'POST', cookie, headers, content: body })
}

async function until(holds: () => Promise<boolean>, ms: number): Promise<void> {
  const end = Date.now() + ms
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('Next did not start')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
