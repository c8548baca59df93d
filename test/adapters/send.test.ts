import { createServer, type ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { addCookies, neverCached } from '../../src/adapters/send.ts'
import { ask } from './client.ts'
import { listening } from './listening.ts'

const PUBLIC = 'public, max-age=60'

/** Every way there is to say it. */
const WAYS: readonly (readonly [name: string, (to: ServerResponse) => unknown])[] = [
  ['nothing', (to) => to.end('sent')],
  ['setHeader', (to) => to.setHeader('Cache-Control', PUBLIC).end('sent')],
  ['appendHeader', (to) => to.appendHeader('cache-control', PUBLIC).end('sent')],
  ['setHeaders', (to) => to.setHeaders(new Headers({ 'cache-control': PUBLIC })).end('sent')],
  ['removeHeader', (to) => to.removeHeader('cache-control') ?? to.end('sent')],
  ['writeHead', (to) => to.writeHead(200, { 'Cache-Control': PUBLIC, 'X-Other': '1' }).end('sent')],
  ['writeHead with a message', (to) => to.writeHead(200, 'Good', { 'cache-control': PUBLIC }).end('sent')],
  ['writeHead with a list', (to) => to.writeHead(200, ['X-Other', '1', 'CACHE-CONTROL', PUBLIC]).end('sent')],
  ['flushHeaders', (to) => to.setHeader('Cache-Control', PUBLIC).flushHeaders() ?? to.end('sent')],
  ['write', (to) => to.setHeader('Cache-Control', PUBLIC).write('se') && to.end('nt')],
]

describe('CK-12: an answer with a credential', () => {
  it.each(WAYS)('is never cached, said by %s', async (_, say) => {
    const served = await listening(
      createServer((_, response) => {
        addCookies(response, ['at=next', 'other=2'])
        neverCached(response)
        say(response)
      }),
    )
    const answer = await ask(served.port, '/')
    await served.close()
    expect(answer).toMatchObject({ status: 200, text: 'sent', cookies: ['at=next', 'other=2'] })
    expect(answer.headers['cache-control']).toBe('no-store')
    if (/X-Other/.test(String(say))) expect(answer.headers['x-other']).toBe('1')
  })
})
