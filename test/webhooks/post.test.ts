import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tls from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { checkedWebhooks } from '../../src/flows/webhook-setting.ts'
import type { Endpoint, WebhookOptions } from '../../src/webhook.ts'
import { type Resolving, sender } from '../../src/webhooks/post.ts'
import { webhookSecret } from '../../src/webhooks.ts'
import { type Answering, receiver } from '../support/receiver.ts'

const DEVELOPMENT = new URL('http://localhost:3000')
/** Not as a literal where it is run: knip takes that for a program of a package. */
const OPENSSL = 'openssl'

const PRODUCTION = new URL('https://app.example')

function endpoint(url: string, more: Partial<WebhookOptions> = {}, base = DEVELOPMENT): Endpoint {
  return checkedWebhooks([{ url, secret: webhookSecret(), ...more }], base)[0] as Endpoint
}

function sending(resolving?: Resolving) {
  const { post, close } = sender(systemClock, resolving)
  onTestFinished(close)
  return (to: Endpoint, body = '{}') => post(to, { 'webhook-id': 'x' }, body)
}

describe('sending a webhook', () => {
  it('posts the body as it is, and answers the status and how long to wait', async () => {
    const there = await receiver(() => ({ status: 503, headers: { 'retry-after': '7' }, body: 'x'.repeat(200_000) }))
    const post = sending()
    expect(await post(endpoint(`${there.url}/hook?key=1`), '{"é":1}')).toEqual({ status: 503, retryAfter: 7 })
    expect(there.received).toMatchObject([
      {
        method: 'POST',
        path: '/hook?key=1',
        body: '{"é":1}',
        headers: { 'content-type': 'application/json', 'webhook-id': 'x' },
      },
    ])
  })

  it('KM-06: follows no redirect', async () => {
    const elsewhere = await receiver()
    const answers: Answering[] = [301, 302, 303, 307, 308].map((status) => ({
      status,
      headers: { location: elsewhere.url },
    }))
    for (const answer of answers) {
      const there = await receiver(() => answer)
      expect((await sending()(endpoint(there.url))).status).toBeGreaterThan(300)
    }
    expect(elsewhere.received).toEqual([])
  })

  it('gives up on who does not answer, and on who is not there', async () => {
    const there = await receiver(() => 'hangs')
    const began = performance.now()
    await expect(sending()(endpoint(there.url, { timeout: 200 }))).rejects.toThrow('in time')
    expect(performance.now() - began).toBeLessThan(5000)
    await there.stop()
    await expect(sending()(endpoint(there.url))).rejects.toThrow()
  })

  it('KM-06: a name that leads to a private address is not connected to, whatever else it leads to', async () => {
    const there = await receiver()
    const asked: string[] = []
    const leading =
      (...addresses: string[]): Resolving =>
      (name, _, told) => {
        asked.push(name)
        told(
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        )
      }
    const to = { ...endpoint(`http://localhost:${there.port}`), reach: 'public' } as const
    for (const addresses of [['127.0.0.1'], ['::1'], ['1.1.1.1', '127.0.0.1'], ['169.254.169.254'], []]) {
      await expect(sending(leading(...addresses))(to)).rejects.toThrow('may')
    }
    expect(asked).toHaveLength(5)
    await expect(sending()(to)).rejects.toThrow('may')
    await expect(sending()({ ...to, url: new URL(there.url) })).rejects.toThrow('may')
    await expect(sending()({ ...to, url: new URL(`http://[::1]:${there.port}`) })).rejects.toThrow('may')
    expect(there.received).toEqual([])
    expect((await sending(leading('127.0.0.1'))({ ...to, reach: 'loopback' })).status).toBe(204)
    expect((await sending(leading('127.0.0.1'))({ ...to, reach: 'any' })).status).toBe(204)
    await expect(sending(leading('10.0.0.1'))({ ...to, reach: 'loopback' })).rejects.toThrow('may')
  })

  it('KM-06: connects to the address that was looked at, not to what the name says the next time', async () => {
    const there = await receiver()
    let asked = 0
    const rebinding: Resolving = (_, __, told) => {
      asked += 1
      told(null, [{ address: asked === 1 ? '127.0.0.1' : '192.0.2.1', family: 4 }])
    }
    const post = sending(rebinding)
    const to = endpoint(`http://localhost:${there.port}`)
    expect((await post(to)).status).toBe(204)
    expect(asked).toBe(1)
    expect(there.received[0]?.headers.host).toBe(`localhost:${there.port}`)
  })

  // Node 22.18 cannot be given an authority while it runs.
  it.skipIf(tls.setDefaultCACertificates === undefined)(
    'checks the certificate, and that it is of this name',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'tls-'))
      const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
      const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
      const named = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert]
      execFileSync(OPENSSL, [...made, ...named], { stdio: 'ignore' })
      const received: string[] = []
      const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
        received.push(request.url ?? '')
        response.writeHead(204).end()
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      const before = tls.getCACertificates('default')
      onTestFinished(async () => {
        tls.setDefaultCACertificates(before)
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      })
      const to = endpoint(`https://localhost:${port}/hook`, { allowPrivate: true }, PRODUCTION)
      await expect(sending()(to)).rejects.toMatchObject({ code: expect.stringContaining('SELF_SIGNED') })
      tls.setDefaultCACertificates([...before, readFileSync(cert, 'utf8')])
      await expect(sending()(endpoint(`https://127.0.0.1:${port}`, { allowPrivate: true }))).rejects.toThrow(/altnames/)
      expect(received).toEqual([])
      expect((await sending()(to)).status).toBe(204)
      expect(received).toEqual(['/hook'])
    },
  )
})

describe('where webhooks may go', () => {
  it.each([
    ['http://hooks.example/', /plain http/],
    ['ftp://hooks.example/', /no address to send to/],
    ['https://user:password@hooks.example/', /no address to send to/],
    ['https://hooks.example/#x', /no address to send to/],
    ['nowhere', /no address to send to/],
    ['https://127.0.0.1/', /private address/],
    ['https://0x7f.1/', /private address/],
    ['https://2130706433/', /private address/],
    ['https://[::1]/', /private address/],
    ['https://[::ffff:169.254.169.254]/', /private address/],
    ['http://localhost:1234/', /plain http/],
  ])('KM-06: %s is refused in production', (url, message) => {
    expect(() => endpoint(url, {}, PRODUCTION)).toThrow(message)
    expect(() => endpoint(url, {}, PRODUCTION)).not.toThrow(/password/)
  })

  it('http is for this machine in development; private networks are for whoever asks for them', () => {
    expect(endpoint('http://localhost:1234/').reach).toBe('loopback')
    expect(() => endpoint('http://intranet.example/')).toThrow(/plain http/)
    expect(() => endpoint('http://intranet.example/', { allowPrivate: true })).toThrow(/plain http/)
    expect(endpoint('https://10.0.0.1/', { allowPrivate: true }, PRODUCTION).reach).toBe('any')
    expect(endpoint('https://hooks.example/', {}, PRODUCTION).reach).toBe('public')
  })

  it('says what else is wrong, without the URL, which may hold a secret', () => {
    for (const [more, message] of [
      [{ secret: 'short' }, /webhooks\[0\].secret is none/],
      [{ secret: [] }, /secret is none/],
      [{ secret: [webhookSecret(), 'whsec_AAAA'] }, /secret is none/],
      [{ events: ['session.begun'] }, /'session.begun', which is no event/],
      [{ events: ['webhook.*'] }, /'webhook.\*', which is no event/],
      [{ timeout: '31s' }, /write '30s' or less/],
    ] as const) {
      const options = { url: 'https://hooks.example/T0K3N', secret: webhookSecret(), ...more } as WebhookOptions
      expect(() => checkedWebhooks([options], PRODUCTION)).toThrow(message)
      expect(() => checkedWebhooks([options], PRODUCTION)).not.toThrow(/T0K3N/)
    }
    const twice = { url: 'https://hooks.example/', secret: webhookSecret() }
    expect(() => checkedWebhooks([twice, twice], PRODUCTION)).toThrow(/is there already/)
    expect(() => checkedWebhooks({} as never, PRODUCTION)).toThrow(/is no list/)
    expect(checkedWebhooks(undefined, PRODUCTION)).toEqual([])
  })

  it('patterns choose events, and none is about webhooks', () => {
    const { wants } = endpoint('https://hooks.example/', { events: ['session.*', 'user.locked'] }, PRODUCTION)
    expect(
      ['session.ended', 'user.locked', 'user.created', 'webhook.given_up'].map((type) => wants(type as never)),
    ).toEqual([true, true, false, false])
    expect(endpoint('https://hooks.example/', {}, PRODUCTION).wants('webhook.failing')).toBe(false)
  })
})
