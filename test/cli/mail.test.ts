import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import { freePort } from '../server/free-port.ts'
import { program, type Server, until } from './program.ts'

const PASSWORD = 'a long enough passphrase'
const NEXT = 'quite another passphrase'
const EMAIL = 'ann@example.com'
const PRODUCTION = {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  SALLYPORT_SECRET: 'test-secret-0123456789-abcdefghijklmnop',
  SALLYPORT_URL: 'https://auth.example.com',
}

let smtp: SMTPServer | null = null
afterEach(async () => {
  const was = smtp
  smtp = null
  if (was) await new Promise<void>((resolve) => was.close(() => resolve()))
})

function post({ url }: Server, path: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'accept-language': 'de' }
  return fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
}

/** A mail server that takes down what it gets. */
async function mailServer(port: number, got: string[]): Promise<void> {
  const made = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        got.push(Buffer.concat(chunks).toString('utf8'))
        done()
      })
    },
  })
  made.on('error', () => {})
  await new Promise<void>((resolve) => made.listen(port, '127.0.0.1', () => resolve()))
  expect((made.server.address() as AddressInfo).port).toBe(port)
  smtp = made
}

const tokenIn = (message: string) => /token=(?:3D)?([\w-]{43})/.exec(message.replace(/=\r?\n/g, ''))?.[1] ?? ''

describe('a server in development', () => {
  it('LG-03: keeps messages as files for its owner’s eyes, and its log says which, and no link', async () => {
    const at = program()
    const server = await at.serve({ SALLYPORT_VERIFY_EMAIL: 'true' })
    expect((await post(server, '/auth/sign-up', { email: EMAIL, password: PASSWORD })).status).toBe(202)
    const folder = join(at.folder, '.data', 'outbox')
    const files = () => (existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.eml')) : [])
    await until(() => files().length === 1)
    const [name = ''] = files()
    expect(name).toMatch(/^\d+-\d{3}-verification-\w+\.eml$/)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    const message = readFileSync(join(folder, name), 'utf8')
    expect(message).toContain(`To: ${EMAIL}`)
    expect(message).toContain(`${server.url.replace('127.0.0.1', 'localhost')}/auth/verify?token=`)
    const token = tokenIn(message)
    const readable = name.replace('.eml', '.txt')
    await until(() => server.output.stdout.includes(readable))
    expect(statSync(join(folder, readable)).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(folder, readable), 'utf8')).toContain(`token=${token}\n`)
    expect(server.output.stdout).toContain('Bestätigen Sie Ihre E-Mail-Adresse')
    expect(server.output.stdout + server.output.stderr).not.toContain(token)
    expect((await post(server, '/auth/email/verify', { token })).status).toBe(204)
    expect((await post(server, '/auth/sign-in', { email: EMAIL, password: PASSWORD })).status).toBe(200)
    expect(await server.stop()).toBe(0)
  })
})

describe('users create without a password', () => {
  const invited = ['users', 'create', '--email', EMAIL, '--role', 'admin']

  it('RC-06: makes an account whose owner chooses it, by a link that is in the outbox of development and printed nowhere', async () => {
    const at = program()
    const ran = await at.run([...invited, '--json'])
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    const made = JSON.parse(ran.stdout)
    expect(made).toMatchObject({ email: EMAIL, roles: ['admin'], invitation: { file: expect.any(String) } })
    const token = tokenIn(readFileSync(made.invitation.file, 'utf8'))
    expect(token).toHaveLength(43)
    expect(ran.stdout).not.toContain(token)
    const server = await at.serve()
    expect((await post(server, '/auth/sign-in', { email: EMAIL, password: PASSWORD })).status).toBe(401)
    expect((await post(server, '/auth/password/reset', { token, newPassword: PASSWORD })).status).toBe(204)
    expect((await post(server, '/auth/sign-in', { email: EMAIL, password: PASSWORD })).status).toBe(200)
    expect(await server.stop()).toBe(0)
    const again = await at.run(invited)
    expect([again.code, again.stdout]).toEqual([1, ''])
    expect(again.stderr).toMatch(/^sallyport: email_taken/)
    const other = await at.run(['users', 'create', '--email', 'bob@example.com', '--invite'])
    expect(other.stdout).toMatch(
      /^made bob@example\.com \(\S+\), roles: member; the invitation is in \/.*-invitation-\w+\.txt\n$/,
    )
  })

  it('hands the invitation to the mail server before it returns, and says when that did not take it', async () => {
    const at = program()
    const port = await freePort()
    const env = { ...PRODUCTION, SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'no-reply@example.com' }
    const lost = await at.run(['users', 'create', '--email', 'bob@example.com'], { env })
    expect([lost.code, lost.stdout]).toEqual([1, ''])
    expect(lost.stderr).toContain(
      'sallyport: made bob@example.com, but the mail server did not take the invitation: see',
    )
    const got: string[] = []
    await mailServer(port, got)
    const ran = await at.run(invited, { env })
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(ran.stdout).toMatch(/^made ann@example\.com \(\S+\), roles: admin; the invitation is on its way\n$/)
    expect(got.map((message) => tokenIn(message).length)).toEqual([43])
    expect(ran.stdout).not.toContain(tokenIn(got[0] ?? ''))
  })

  it('makes nobody where no mail can be sent', async () => {
    const at = program()
    const ran = await at.run(invited, { env: PRODUCTION })
    expect([ran.code, ran.stdout]).toEqual([1, ''])
    expect(ran.stderr).toMatch(
      /^sallyport: there is no way to send an invitation: write SMTP_URL and MAIL_FROM, or add/,
    )
    expect((await at.run(['users', 'list'], { env: PRODUCTION })).stdout).toBe('no users\n')
  })
})

describe('a server in production', () => {
  it('sends what it could not send at first, once the mail server is there again', async () => {
    const at = program()
    const made = ['users', 'create', '--email', EMAIL, '--password-stdin']
    await at.run(made, { input: PASSWORD, env: PRODUCTION })
    const port = await freePort()
    const server = await at.serve({
      ...PRODUCTION,
      SMTP_URL: `smtp://127.0.0.1:${port}`,
      MAIL_FROM: 'Example <no-reply@example.com>',
    })
    expect((await post(server, '/auth/password/forgot', { email: EMAIL })).status).toBe(202)
    await new Promise((resolve) => setTimeout(resolve, 500))
    const got: string[] = []
    await mailServer(port, got)
    await until(() => got.length === 1)
    const [message = ''] = got
    expect(message).toContain('From: Example <no-reply@example.com>')
    const token = tokenIn(message)
    expect((await post(server, '/auth/password/reset', { token, newPassword: NEXT })).status).toBe(204)
    await until(() => got.length === 2)
    expect(got[1]).not.toContain(token)
    expect(server.output.stdout + server.output.stderr).not.toContain(token)
    expect(await server.stop()).toBe(0)
  })

  it('starts without a mail server, and says in an answer that there is none', async () => {
    const server = await program().serve(PRODUCTION)
    const reply = await post(server, '/auth/password/forgot', { email: EMAIL })
    expect(reply.status).toBe(400)
    expect(await reply.json()).toMatchObject({ code: 'not_supported', detail: 'This service has no way to send mail' })
    expect(await server.stop()).toBe(0)
  })

  it.each([
    [
      { SALLYPORT_VERIFY_EMAIL: 'true' },
      /SMTP_URL is missing, and addresses are to be verified: write it with MAIL_FROM/,
    ],
    [{ SMTP_URL: 'smtps://me:topsecret@mail.example' }, /MAIL_FROM is missing: write who messages come from/],
    [
      { SMTP_URL: 'https://me:topsecret@mail.example', MAIL_FROM: 'a@example.com' },
      /smtp\(\) is no address of a mail server: write smtps/,
    ],
    [{ SMTP_URL: 'smtps://mail.example', MAIL_FROM: 'nobody' }, /smtp\(\) from is no sender: write an address/],
  ])('KM-08: does not start with %j, and repeats no password', async (env, message) => {
    const { code, stderr } = await program().run(['serve'], { env: { ...PRODUCTION, ...env } })
    expect(code).toBe(1)
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('topsecret')
  })

  it.each([
    [{}, 'warn', 'no mail is sent'],
    [
      { SMTP_URL: 'smtps://me:topsecret@mail.example', MAIL_FROM: 'a@example.com' },
      'ok',
      'mail is sent through mail.example',
    ],
  ])('doctor says how mail leaves, with %j', async (env, level, what) => {
    const { stdout } = await program().run(['doctor', '--json'], { env: { ...PRODUCTION, ...env } })
    const said = JSON.parse(stdout) as unknown
    expect(JSON.stringify(said)).not.toContain('topsecret')
    const findings = (Array.isArray(said) ? said : (said as { findings: unknown[] }).findings) as {
      level: string
      what: string
    }[]
    expect(findings.find((one) => one.what.startsWith(what))?.level).toBe(level)
  })
})
