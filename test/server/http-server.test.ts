import { afterEach, describe, expect, it } from 'vitest'
import { type Answering, type HttpServer, httpServer } from '../../src/server/http-server.ts'
import { talk } from '../support/talk.ts'
import { freePort } from './free-port.ts'

let server: HttpServer | null = null
afterEach(async () => {
  await server?.stop(0)
  server = null
})

async function begin(answer: Answering, fault: (error: unknown) => void = () => {}): Promise<number> {
  const port = await freePort()
  server = httpServer(answer, fault)
  await server.listen(port, '127.0.0.1')
  return port
}

async function hadEnough({ body }: Request): Promise<void> {
  const reader = body?.getReader()
  await reader?.read()
  await reader?.cancel()
}

const OK: Answering = async () => new Response('ok')

describe('what reaches the handler', () => {
  it('the address at the other end, and the whole request', async () => {
    let seen: unknown
    const port = await begin(async (request, connection) => {
      seen = [request.method, new URL(request.url).pathname, await request.text(), connection.remote]
      return new Response(null, { status: 204 })
    })
    await fetch(`http://127.0.0.1:${port}/a`, { method: 'POST', body: 'b' })
    expect(seen).toEqual(['POST', '/a', 'b', '127.0.0.1'])
  })

  it('JW-23 CK-11: a second Authorization is seen, and two Cookie headers are one', async () => {
    const port = await begin(
      async ({ headers }) => new Response(`${headers.get('authorization')} | ${headers.get('cookie')}.`),
    )
    const head = 'Authorization: Bearer a\r\nAuthorization: Bearer b\r\nCookie: a=1\r\nCookie: b=2'
    const answer = await talk(port, `GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${head}\r\n\r\n`)
    expect(answer).toContain('Bearer a, Bearer b | a=1; b=2.')
  })

  it('the host of the connection and no other, in every form of the target', async () => {
    const port = await begin(async ({ url }) => new Response(`${url}.`))
    for (const host of ['x', 'auth.example:8443', '127.0.0.1:80', '[::1]:3']) {
      for (const target of ['/a?b=c', 'http://evil.example/a?b=c']) {
        const answer = await talk(port, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
        expect(answer).toContain(`http://${host.replace(/:80$/, '')}/a?b=c.`)
      }
    }
    expect(await talk(port, 'GET //evil.example/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toContain(
      'http://x//evil.example/a.',
    )
  })

  it.each([
    ['nobody wants', async () => {}],
    ['somebody has had enough of', hadEnough],
  ])('ER-06: a body that %s holds up no connection', async (_, enough) => {
    const port = await begin(async (request) => {
      if (request.method === 'POST') await enough(request)
      return new Response(`${request.method} answered`)
    })
    const size = 1_000_000
    const after = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
    const body = 'x'.repeat(size)
    const head = 'POST / HTTP/1.1\r\nHost: x\r\n'
    for (const sent of [
      `${head}Content-Length: ${size}\r\n\r\n${body}`,
      `${head}Transfer-Encoding: chunked\r\n\r\n${size.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    ]) {
      const answer = await talk(port, sent + after)
      expect(answer).toMatch(/POST answered[\s\S]*GET answered/)
    }
  })

  it('every cookie that is set arrives as a header of its own', async () => {
    const port = await begin(async () => {
      const headers = new Headers()
      headers.append('set-cookie', 'a=1; Path=/')
      headers.append('set-cookie', 'b=2; Path=/')
      return new Response('x', { headers })
    })
    expect((await fetch(`http://127.0.0.1:${port}/`)).headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2; Path=/'])
  })
})

describe('what does not', () => {
  it.each([
    ['headers of 40 kB', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(40_000)}\r\n\r\n`, 431, 'headers_too_large'],
    ['no HTTP', 'nonsense\r\n\r\n', 400, 'invalid_request'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na',
      400,
      'invalid_request',
    ],
    ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'invalid_request'],
    ['TRACE', 'TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400, 'invalid_request'],
    ['a backslash', 'GET /a\\b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400, 'invalid_request'],
    ['a target that is none', 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400, 'invalid_request'],
  ])('ER-06: %s', async (_, text, status, code) => {
    const port = await begin(OK)
    const answer = await talk(port, text)
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer).toContain(`"code":"${code}"`)
    const [, id] = /x-request-id: ([\w-]{16})/i.exec(answer) ?? []
    expect(answer).toContain(`"requestId":"${id}"`)
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('ok')
  })

  it.each(['a b/c', 'a/b', 'u@a', 'a?b', 'a#b', 'a:99999', 'a, b', '', '[x]'])(
    'ER-06: a host that is none: %j',
    async (host) => {
      const port = await begin(OK)
      const answer = await talk(port, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
      expect(answer).toMatch(/^HTTP\/1.1 400 /)
    },
  )

  it('ER-01: of a fault nothing is told but that there was one', async () => {
    const faults: unknown[] = []
    const port = await begin(
      () => Promise.reject(new Error('inner secret')),
      (fault) => faults.push(fault),
    )
    const answer = await fetch(`http://127.0.0.1:${port}/`)
    expect([answer.status, await answer.json()]).toEqual([500, expect.objectContaining({ code: 'internal' })])
    expect(faults).toEqual([new Error('inner secret')])
  })
})

describe('stopping', () => {
  it('finishes what is under way, and takes nothing new', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let arrived = () => {}
    const there = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const port = await begin(async () => {
      arrived()
      await held
      return new Response('done')
    })
    const slow = fetch(`http://127.0.0.1:${port}/`)
    await there
    const stopped = server?.stop(10_000)
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow()
    release()
    const answer = await slow
    expect([await answer.text(), answer.headers.get('connection')]).toEqual(['done', 'close'])
    await stopped
  })

  it('TE-11: ends event streams, and tells the handler', async () => {
    let cancelled = false
    const port = await begin(async () => {
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('event: policy\n\n')),
        cancel() {
          cancelled = true
        },
      })
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    })
    const stream = await fetch(`http://127.0.0.1:${port}/`)
    const reader = stream.body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('event: policy\n\n')
    const began = performance.now()
    await server?.stop(10_000)
    expect(performance.now() - began).toBeLessThan(5000)
    expect((await reader?.read())?.done).toBe(true)
    expect(cancelled).toBe(true)
  })

  it('closes idle connections at once, and what is left when patience ends', async () => {
    const port = await begin(async (request) =>
      new URL(request.url).pathname === '/hang' ? new Promise(() => {}) : new Response('ok'),
    )
    const idle = talk(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    const hanging = talk(port, 'GET /hang HTTP/1.1\r\nHost: x\r\n\r\n').catch(() => 'reset')
    await fetch(`http://127.0.0.1:${port}/`)
    await server?.stop(50)
    expect(await idle).toContain('ok')
    await hanging
  })
})
