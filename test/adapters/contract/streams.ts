import { type ClientRequest, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Frame } from '../frame.ts'
import { type Place, place } from '../place.ts'

type Open = {
  readonly asked: ClientRequest
  text(): string
  headers(): NodeJS.Dict<string | string[]>
  over(): boolean
}

/** Streams last as long as the session (TE-11). */
export function streamCases(frame: Frame): void {
  describe('server-sent events', () => {
    let at: Place
    beforeAll(async () => {
      at = await place(frame)
    })
    afterAll(() => at.close())

    async function open(cookie: string): Promise<Open> {
      let text = ''
      let over = false
      let headers = {}
      const asked = request({ host: '127.0.0.1', port: at.port, path: '/stream', headers: { cookie }, agent: false })
      asked.on('error', () => {})
      asked.on('response', (response) => {
        headers = response.headers
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        response
          .on('error', () => {})
          .on('end', () => {
            over = true
          })
      })
      asked.end()
      const opened = { asked, text: () => text, headers: () => headers, over: () => over }
      await until(() => text.includes('hello'))
      return opened
    }

    it('arrive as they are sent, and nothing on the way holds them back', async () => {
      const { jar } = await at.member('someone')
      const stream = await open(jar)
      expect(stream.headers()).toMatchObject({
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      at.streams.at(-1)?.emit('news', { n: 1 })
      await until(() => stream.text().includes('news'))
      expect(stream.text()).toMatch(/event: hello\ndata: \{"at":1\}\n\n(?:.|\n)*event: news\ndata: \{"n":1\}\n\n$/)
      stream.asked.destroy()
    })

    it('TE-11: end with the session, say why, and stop their source', async () => {
      const { jar, id } = await at.member('leaving')
      const stream = await open(jar)
      await at.auth.lock(id)
      await until(stream.over)
      expect(stream.text()).toMatch(/event: ended\ndata: \{"reason":"user_locked"\}\n\n$/)
      const source = at.streams.at(-1)
      expect(source?.stopped).toBe(1)
      source?.emit('late', {})
      expect((await at.ask('/stream', { cookie: jar })).status).toBe(401)
    })

    it('stop their source when the client is gone', async () => {
      const { jar } = await at.member('gone')
      const stream = await open(jar)
      const source = at.streams.at(-1)
      stream.asked.destroy()
      await until(() => source?.stopped === 1)
    })

    it('TO-07: are no activity', async () => {
      const { jar } = await at.member('idle')
      const stream = await open(jar)
      await at.clock.advance(30 * 60_000)
      await until(stream.over)
      expect(stream.text()).toContain('session_expired_idle')
    })
  })
}

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 5000
  while (!holds()) {
    if (Date.now() > end) throw new Error(`waited in vain for ${holds}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
