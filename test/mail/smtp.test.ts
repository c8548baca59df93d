import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync } from 'node:fs'
import type { AddressInfo, Server as NetServer } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import { ConfigurationError } from '../../src/errors.ts'
import { smtp } from '../../src/mail/smtp.ts'
import type { Mail, Mailer } from '../../src/mailer.ts'

/** A program of the system, as for the databases' certificates. */
const OPENSSL = 'openssl'

const FROM = 'Example <no-reply@app.example>'

const mail = (over: Partial<Mail> = {}): Mail => ({
  id: 'message-id',
  kind: 'reset',
  to: 'ann@example.com',
  language: 'de',
  subject: 'Überraschung',
  text: 'Grüße\n\nhttps://app.example/auth/reset?token=abc',
  html: '<p>Grüße</p>',
  ...over,
})

type Received = {
  readonly to: readonly string[]
  readonly from: string
  readonly source: string
  readonly secure: boolean
}

let server: SMTPServer | null = null
let silent: NetServer | null = null
let mailer: Mailer | null = null
const received: Received[] = []

afterEach(async () => {
  await mailer?.close?.()
  const [was, other] = [server, silent]
  server = silent = mailer = null
  received.length = 0
  if (was) await new Promise<void>((resolve) => was.close(() => resolve()))
  other?.close()
})

async function listening(options: SMTPServerOptions = {}): Promise<number> {
  const made = new SMTPServer({
    authOptional: true,
    disabledCommands: options.key ? [] : ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        received.push({
          to: rcptTo.map(({ address }) => address),
          from: mailFrom ? mailFrom.address : '',
          source: Buffer.concat(chunks).toString('utf8'),
          secure: session.secure,
        })
        done()
      })
    },
    ...options,
  })
  made.on('error', () => {})
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', () => resolve()))
  server = made
  return (made.server.address() as AddressInfo).port
}

/** A certificate for this machine that nobody else vouches for. */
function certificate(): { readonly key: string; readonly cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const made = spawnSync(OPENSSL, [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
    ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', cert],
  ])
  if (made.status !== 0) throw new Error('openssl made no certificate')
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
}

describe('a message', () => {
  it('arrives as it was written, says that a machine wrote it, and comes from who is configured', async () => {
    const port = await listening()
    mailer = smtp(`smtp://127.0.0.1:${port}`, { from: FROM })
    await mailer.send(mail())
    expect(received).toHaveLength(1)
    const [{ to, from, source } = { to: [], from: '', source: '' }] = received
    expect({ to, from }).toEqual({ to: ['ann@example.com'], from: 'no-reply@app.example' })
    expect(source).toContain('From: Example <no-reply@app.example>')
    expect(source).toContain('Message-ID: <message-id@app.example>')
    expect(source).toContain('Auto-Submitted: auto-generated')
    expect(source).toContain('Content-Language: de')
    expect(source).toMatch(/Content-Type: multipart\/alternative/)
  })

  it('LG-04: cannot bring headers or recipients along, in whatever part of it', async () => {
    const port = await listening()
    mailer = smtp(`smtp://127.0.0.1:${port}`, { from: FROM })
    await mailer.send(mail({ subject: 'a\r\nBcc: eve@example.com\r\n\r\nbody', id: 'x' }))
    await mailer.send(mail({ to: 'ann@example.com, eve@example.com' })).catch(() => {})
    await mailer.send(mail({ to: 'ann@example.com>\r\nRCPT TO:<eve@example.com' })).catch(() => {})
    for (const { to, source } of received) {
      expect(to.filter((one) => one.startsWith('eve'))).toEqual([])
      expect(source.split('\r\n\r\n')[0]).not.toMatch(/^bcc:/im)
    }
    expect(received.length).toBeGreaterThanOrEqual(1)
  })

  it('that is refused for good says so, and one that is refused for now does not; neither tells whose it was', async () => {
    let code = 550
    const port = await listening({
      onRcptTo(_address, _session, done) {
        const fault = Object.assign(new Error('no such mailbox ann@example.com'), { responseCode: code })
        done(fault)
      },
    })
    mailer = smtp(`smtp://127.0.0.1:${port}`, { from: FROM })
    const refused = await mailer.send(mail()).catch((fault) => fault)
    expect(refused).toMatchObject({ name: 'MailNotTaken', permanent: true, code: 'EENVELOPE 550' })
    code = 451
    const later = await mailer.send(mail()).catch((fault) => fault)
    expect(later).toMatchObject({ permanent: false })
    for (const fault of [refused, later]) expect(`${fault.message} ${fault.stack}`).not.toContain('ann@')
  })
})

describe('a server', () => {
  it('that is not there, or wants another password, is nothing about the message', async () => {
    const port = await listening({
      authOptional: false,
      onAuth: (_auth, _session, done) => done(Object.assign(new Error('no'), { responseCode: 535 })),
    })
    mailer = smtp(`smtp://me:secret-word@127.0.0.1:${port}`, { from: FROM })
    const fault = await mailer.send(mail()).catch((one) => one)
    expect(fault).toMatchObject({ name: 'MailNotTaken', permanent: false })
    expect(`${fault.message} ${fault.code} ${fault.stack}`).not.toContain('secret-word')
    await mailer.close?.()
    mailer = smtp('smtp://127.0.0.1:1', { from: FROM })
    await expect(mailer.send(mail())).rejects.toMatchObject({ permanent: false })
  })

  it('that says nothing is given up', async () => {
    silent = createServer(() => {})
    await new Promise<void>((resolve) => silent?.listen(0, '127.0.0.1', () => resolve()))
    const { port } = silent.address() as AddressInfo
    mailer = smtp(`smtp://127.0.0.1:${port}`, { from: FROM, patience: '300ms' })
    const began = performance.now()
    await expect(mailer.send(mail())).rejects.toMatchObject({ permanent: false })
    expect(performance.now() - began).toBeLessThan(5000)
  })
})

describe('TLS', () => {
  it('is begun before anything is said, with a certificate that is trusted', async () => {
    const { key, cert } = certificate()
    const port = await listening({ key, cert })
    mailer = smtp(`smtp://localhost:${port}`, { from: FROM, ca: cert })
    await mailer.send(mail())
    expect(received).toMatchObject([{ secure: true }])
  })

  it('from the start, by smtps', async () => {
    const { key, cert } = certificate()
    const port = await listening({ key, cert, secure: true })
    mailer = smtp(`smtps://localhost:${port}`, { from: FROM, ca: cert })
    await mailer.send(mail())
    expect(received).toMatchObject([{ secure: true }])
  })

  it('with a certificate nobody vouches for is refused, and no message leaves', async () => {
    const { key, cert } = certificate()
    const other = certificate()
    const port = await listening({ key, cert, secure: true })
    for (const ca of [undefined, other.cert]) {
      mailer = smtp(`smtps://localhost:${port}`, { from: FROM, ...(ca !== undefined && { ca }) })
      await expect(mailer.send(mail())).rejects.toMatchObject({ permanent: false })
      await mailer.close?.()
    }
    expect(received).toEqual([])
  })

  it('is not gone without where a server does not offer it', async () => {
    const { cert } = certificate()
    const port = await listening()
    mailer = smtp(`smtp://localhost:${port}`, { from: FROM, ca: cert })
    await expect(mailer.send(mail())).rejects.toMatchObject({ permanent: false })
    expect(received).toEqual([])
  })
})

describe('what is configured', () => {
  it.each([
    ['http://mail.example', FROM],
    ['mail.example', FROM],
    ['smtp://mail.example/path', FROM],
    ['smtp://mail.example?tls=no', FROM],
    ['smtp://me:100%@mail.example', FROM],
    ['smtp://mail.example', 'nobody'],
    ['smtp://mail.example', 'A\r\nBcc: eve@example.com <a@example.com>'],
    ['smtp://mail.example', 'a@example.com, b@example.com'],
  ])('KM-08: %s from %j is refused in one line that repeats no password', (url, from) => {
    const secret = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }).d as string
    const withSecret = url.replace('me:', `me:${secret}`)
    let fault: unknown = null
    try {
      smtp(withSecret, { from })
    } catch (error) {
      fault = error
    }
    expect(fault).toBeInstanceOf(ConfigurationError)
    expect((fault as Error).message).not.toContain(secret)
    expect((fault as Error).message).not.toMatch(/\r|\n/)
  })
})
