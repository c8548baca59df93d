import { createServer, type IncomingMessage, type Server as Listener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../src/errors.ts'
import { setting } from '../../src/verify/options.ts'
import { type Asking, server } from '../../src/verify/server.ts'

const open: Listener[] = []
afterEach(async () => {
  for (const listener of open.splice(0)) {
    listener.closeAllConnections()
    await new Promise((resolve) => listener.close(resolve))
  }
})

type Seen = Pick<IncomingMessage, 'method' | 'url' | 'headers'>

/** A server of its own, over a socket; `seen` is what it was sent. */
async function listening(answer: (response: ServerResponse, request: IncomingMessage) => void) {
  const seen: Seen[] = []
  const listener = createServer((request, response) => {
    seen.push(request)
    request.resume()
    answer(response, request)
  })
  open.push(listener)
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`, seen }
}

function asking(issuer: string) {
  const ask = server(setting({ issuer, service: { id: 'billing', secret: 'sesame' } }))
  return (given: Asking = {}) => ask(`${issuer}/auth/introspect`, given)
}

const MILLION = Buffer.alloc(1_000_000, ' ')

describe('what the server answers', () => {
  it('is read as JSON, or as nothing', async () => {
    const texts = ['{"active":false}', '<html>', '']
    const { url, seen } = await listening((response) => response.end(texts.shift()))
    const ask = asking(url)
    expect(await ask({ method: 'POST', form: { token: 'a&b' } })).toEqual({ status: 200, body: { active: false } })
    expect(await ask()).toEqual({ status: 200, body: null })
    expect(await ask({ anonymous: true })).toEqual({ status: 200, body: null })
    const basic = `Basic ${Buffer.from('billing:sesame').toString('base64')}`
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([basic, basic, undefined])
  })

  it.each([301, 302, 303, 307, 308])('KM-06: is never a redirect that is followed (%i)', async (status) => {
    const elsewhere = await listening((response) => response.end('{"active":true}'))
    const { url, seen } = await listening((response) =>
      response.writeHead(status, { location: `${elsewhere.url}/auth/introspect` }).end(),
    )
    await expect(asking(url)({ method: 'POST', form: { token: 'x' } })).rejects.toThrow(StoreUnavailable)
    expect([seen.length, elsewhere.seen.length]).toEqual([1, 0])
  })

  it.each([
    ['as long as it says', (response: ServerResponse) => response.setHeader('content-length', 300_000)],
    ['of no length that is said', (_: ServerResponse) => {}],
  ])('KM-06: is given up when it is larger than anything that is asked for, %s', async (_, before) => {
    let sent = 0
    let broken = () => {}
    const off = new Promise<void>((resolve) => {
      broken = resolve
    })
    const { url } = await listening((response) => {
      before(response)
      response.on('close', broken)
      const more = () => {
        while (!response.destroyed && sent < 64_000_000) {
          sent += MILLION.length
          if (!response.write(MILLION)) {
            response.once('drain', more)
            return
          }
        }
        response.end()
      }
      response.on('error', broken)
      more()
    })
    await expect(asking(url)()).rejects.toThrow(StoreUnavailable)
    await off
    expect(sent).toBeLessThan(64_000_000)
  })

  it('KM-06: is measured as it is read, not as it was sent', async () => {
    const bomb = gzipSync(Buffer.alloc(300_000, ' '))
    expect(bomb.length).toBeLessThan(1000)
    const { url } = await listening((response) => response.setHeader('content-encoding', 'gzip').end(bomb))
    await expect(asking(url)()).rejects.toThrow(StoreUnavailable)
    expect(await asking(url)({ most: 300_000 })).toEqual({ status: 200, body: null })
  })

  it.each([
    ['does not begin', (_: ServerResponse) => {}],
    ['does not go on', (response: ServerResponse) => void response.write('{"active":')],
    [
      'goes on for ever, a little at a time',
      (response: ServerResponse) => {
        const timer = setInterval(() => response.write(' '), 10)
        response.on('close', () => clearInterval(timer))
      },
    ],
  ])('KM-06: is waited for no longer than that when it %s', async (_, answer) => {
    let closed = false
    const { url } = await listening((response) => {
      response.on('close', () => {
        closed = true
      })
      answer(response)
    })
    await expect(asking(url)({ patience: 100 })).rejects.toThrow(StoreUnavailable)
    await expect.poll(() => closed).toBe(true)
  })

  it('is nobody’s when there is none', async () => {
    const { url } = await listening((response) => response.socket?.destroy())
    await expect(asking(url)()).rejects.toThrow(StoreUnavailable)
    const gone = open.pop() as Listener
    gone.closeAllConnections()
    await new Promise((resolve) => gone.close(resolve))
    await expect(asking(url)()).rejects.toThrow(StoreUnavailable)
  })
})
