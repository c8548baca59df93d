import { statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { threadPriorities } from '../support/thread-priorities.ts'
import { program, type Server, until } from './program.ts'

const PASSWORD = 'a long enough passphrase'
const PRODUCTION = {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  SALLYPORT_SECRET: 'test-secret-0123456789-abcdefghijklmnop',
  SALLYPORT_URL: 'https://auth.example.com',
}

/** Begins a sign-up and leaves it without its body, once the server has its head. `finish` answers with all that came back. */
async function begun({ url }: Server) {
  const body = JSON.stringify({ email: 'ann@example.com', password: PASSWORD })
  const { port } = new URL(url)
  let answer = ''
  const socket = connect(Number(port), '127.0.0.1')
  socket.on('data', (chunk) => {
    answer += chunk
  })
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(answer)))
  socket.on('error', () => {})
  socket.write(
    `POST /auth/sign-up HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`,
  )
  await until(() => answer.includes('100 Continue'))
  return {
    closed,
    finish() {
      socket.write(body)
      return closed
    },
  }
}

const isStopping = ({ output }: Server) => until(() => output.stdout.includes('stopping'))

describe('serve', () => {
  it.skipIf(process.platform !== 'linux')('TH-10: hashing gives way to requests', async () => {
    const server = await program().serve()
    const body = JSON.stringify({ email: 'ann@example.com', password: PASSWORD })
    const headers = { 'content-type': 'application/json' }
    expect((await fetch(`${server.url}/auth/sign-up`, { method: 'POST', headers, body })).status).toBe(201)
    const niced = threadPriorities(server.process.pid as number).filter(({ nice }) => nice === 5)
    expect(niced.length).toBeGreaterThan(0)
    expect(niced.map(({ name }) => name)).not.toContain('libuv-worker')
  })

  it('says where it listens and how to make the first administrator, until there is one', async () => {
    const at = program()
    const first = await at.serve()
    expect(first.output.stdout).toContain(`listening on http://127.0.0.1:${new URL(first.url).port}\n`)
    expect(first.output.stdout).toMatch(
      /no administrator yet, make one by the link, or: .* users create --email .* --role admin --password-stdin/,
    )
    expect(first.output.stdout).toMatch(new RegExp(`^setup: ${first.url}/auth/setup\\?token=[\\w-]{43}$`, 'm'))
    expect(await first.stop()).toBe(0)
    const input = { input: PASSWORD }
    await at.run(['users', 'create', '--email', 'ann@example.com', '--role', 'admin', '--password-stdin'], input)
    const second = await at.serve()
    expect(second.output.stdout).not.toMatch(/administrator|setup:/)
    expect(await second.stop('SIGINT')).toBe(0)
    expect(second.output.stderr).toBe('')
    expect(statSync(join(at.folder, '.data', 'sallyport.db')).mode & 0o777).toBe(0o600)
  })

  it('with --json writes a line of JSON for each record, the link of the setup among them', async () => {
    const server = await program().serve({}, ['--json'])
    await until(() => server.output.stdout.includes('setup: '))
    const records = server.output.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    for (const record of records) expect(record).toMatchObject({ level: 'info', at: expect.any(Number) })
    expect(records.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^everything is kept in /),
      expect.stringMatching(/^listening on /),
      expect.stringMatching(/^no administrator yet, /),
      expect.stringMatching(/^setup: http/),
    ])
    expect(await server.stop()).toBe(0)
  })

  it('finishes what is under way before it ends, and takes nothing new', async () => {
    const server = await program().serve()
    const request = await begun(server)
    const stopped = server.stop()
    await isStopping(server)
    await expect(fetch(`${server.url}/readyz`)).rejects.toThrow()
    expect(await request.finish()).toContain('HTTP/1.1 201 Created')
    expect(await stopped).toBe(0)
  })

  it('ends at once at the second signal', async () => {
    const server = await program().serve()
    const request = await begun(server)
    server.process.kill('SIGTERM')
    await isStopping(server)
    expect(await server.stop('SIGINT')).toBe(1)
    await request.closed
  })

  it('TE-11: ends event streams when it stops', async () => {
    const server = await program().serve()
    const post = { method: 'POST', headers: { 'content-type': 'application/json' } }
    const body = JSON.stringify({ email: 'ann@example.com', password: PASSWORD, transport: 'bearer' })
    const { tokens } = await (await fetch(`${server.url}/auth/sign-up`, { ...post, body })).json()
    const authorization = `Bearer ${tokens.accessToken}`
    const stream = await fetch(`${server.url}/auth/session/events`, { headers: { authorization } })
    expect(stream.headers.get('content-type')).toContain('text/event-stream')
    const began = performance.now()
    const [code] = await Promise.all([server.stop(), stream.text().catch(() => '')])
    expect(code).toBe(0)
    expect(performance.now() - began).toBeLessThan(8000)
  })

  it('LG-06 LG-03: logs JSON lines in production, security events among them, and nothing secret', async () => {
    const server = await program().serve({ ...PRODUCTION, LOG_LEVEL: 'debug' })
    const form = {
      method: 'POST',
      redirect: 'manual' as const,
      headers: { origin: 'https://auth.example.com' },
      body: new URLSearchParams({ email: 'ann@example.com', password: PASSWORD }),
    }
    const plain = await fetch(`${server.url}/sign-up`, form)
    expect([plain.status, plain.headers.getSetCookie()]).toEqual([400, []])
    expect(plain.headers.get('strict-transport-security')).toBe('max-age=31536000')
    const foreign = { ...form, headers: { origin: 'https://evil.example' } }
    expect((await fetch(`${server.url}/sign-in`, foreign)).status).toBe(403)
    await fetch(`${server.url}/auth/sessions/AAAAAAAAAAAAAAAAAAAAAA?password=${PASSWORD}`, { method: 'DELETE' })
    await server.stop()
    const { stdout, stderr } = server.output
    const records = (stdout + stderr)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(records).toContainEqual(
      expect.objectContaining({ level: 'info', message: expect.stringMatching(/^listening on/) }),
    )
    expect(records).toContainEqual(
      expect.objectContaining({
        level: 'debug',
        method: 'POST',
        route: '/sign-up',
        status: 400,
        node: expect.any(String),
      }),
    )
    const removal = records.find(({ method }) => method === 'DELETE')
    expect(removal).toMatchObject({ route: '/auth/sessions/{id}', status: 401, ms: expect.any(Number) })
    expect(removal.requestId).toMatch(/^[\w-]{16}$/)
    expect(records).toContainEqual(
      expect.objectContaining({ event: 'csrf.rejected', severity: 'warning', level: 'warn' }),
    )
    for (const secret of [
      PASSWORD,
      encodeURIComponent(PASSWORD),
      'AAAAAAAAAAAAAAAAAAAAAA',
      PRODUCTION.SALLYPORT_SECRET,
    ]) {
      expect(stdout + stderr).not.toContain(secret)
    }
  })

  it('says in one line that the port is taken', async () => {
    const at = program()
    const server = await at.serve()
    const { port } = new URL(server.url)
    const second = await at.run(['serve', '--port', port])
    expect(second).toMatchObject({ code: 1, stdout: '' })
    expect(second.stderr).toBe(`sallyport: port ${port} is in use: stop what listens there, or set PORT to another\n`)
  })
})
