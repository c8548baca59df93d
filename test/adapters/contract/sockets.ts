import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Frame } from '../frame.ts'
import { type Place, place } from '../place.ts'

const OWN = 'http://localhost'

type Outcome = { readonly status: number; readonly code?: unknown }

/** WebSockets open for who may, and last as long as the session. */
export function socketCases(frame: Frame): void {
  describe('WebSockets', () => {
    let at: Place
    beforeAll(async () => {
      at = await place(frame, { timeouts: { sections: [{ path: '/billing', reauthenticate: '10m' }] } })
    })
    afterAll(() => at.close())

    const connect = (headers: Record<string, string>, path = '/live') =>
      new WebSocket(`ws://127.0.0.1:${at.port}${path}`, { headers })

    /** Opened: 101; refused: what was answered instead. */
    function outcome(headers: Record<string, string>, path?: string): Promise<Outcome> {
      const socket = connect(headers, path)
      return new Promise((resolve, reject) => {
        socket.on('open', () => {
          socket.terminate()
          resolve({ status: 101 })
        })
        socket.on('unexpected-response', (_, response) => {
          let text = ''
          response.on('data', (chunk) => {
            text += chunk
          })
          response.on('end', () => resolve({ status: response.statusCode ?? 0, code: JSON.parse(text).code }))
        })
        socket.on('error', reject)
      })
    }

    async function opened(
      jar: string,
    ): Promise<{ socket: WebSocket; closed: Promise<[number, string]>; first: string }> {
      const socket = connect({ cookie: jar, origin: OWN })
      const closed = new Promise<[number, string]>((resolve) => {
        socket.on('close', (code, reason) => resolve([code, String(reason)]))
      })
      const first = await new Promise<string>((resolve, reject) => {
        socket.once('message', (data) => resolve(String(data)))
        socket.once('error', reject)
      })
      return { socket, closed, first }
    }

    it('CS-08: are refused by origin before anything opens, whoever asks', async () => {
      const { jar, token } = await at.member('someone')
      const authorization = `Bearer ${token}`
      for (const origin of ['https://evil.example', 'null', `${OWN}.evil.example`, 'http://localhost:81']) {
        expect(await outcome({ cookie: jar, origin })).toEqual({ status: 403, code: 'csrf_rejected' })
        expect(await outcome({ authorization, origin })).toEqual({ status: 403, code: 'csrf_rejected' })
      }
      expect(await outcome({ cookie: jar })).toEqual({ status: 403, code: 'csrf_rejected' })
      expect(await outcome({ cookie: jar, 'sec-fetch-site': 'same-origin' })).toEqual({
        status: 403,
        code: 'csrf_rejected',
      })
      expect(await outcome({ cookie: jar, origin: OWN })).toEqual({ status: 101 })
      expect(await outcome({ authorization })).toEqual({ status: 101 })
    })

    it('CS-08: are refused without a session, and where its section asks for more', async () => {
      expect(await outcome({ origin: OWN })).toEqual({ status: 401, code: 'unauthenticated' })
      expect(await outcome({ authorization: `Bearer ${'x'.repeat(64)}` })).toMatchObject({ status: 401 })
      const { jar } = await at.member('old')
      expect(await outcome({ cookie: jar, origin: OWN }, '/billing/live')).toEqual({ status: 101 })
      await at.clock.advance(10 * 60_000)
      expect(await outcome({ cookie: jar, origin: OWN }, '/BILLING/live')).toEqual({
        status: 401,
        code: 'reauth_required',
      })
    })

    it('tell whom they are for, and carry what is said', async () => {
      const { jar, email } = await at.member('talking')
      const { socket, first } = await opened(jar)
      expect(first).toBe(`hello ${email}`)
      socket.send('ping')
      expect(await new Promise((resolve) => socket.once('message', (data) => resolve(String(data))))).toBe('ping')
      socket.terminate()
    })

    it('TE-11: close with the session, say why, and hear nothing more', async () => {
      const { jar } = await at.member('leaving')
      const { socket, closed } = await opened(jar)
      expect((await at.post('/auth/sign-out', { cookie: jar })).status).toBe(204)
      expect(await closed).toEqual([4401, 'signed_out'])
      expect(socket.readyState).toBe(WebSocket.CLOSED)
    })

    it('TE-11: of a client that does not close, nothing is heard, and it is cut off', async () => {
      const { jar, id } = await at.member('staying')
      const { socket } = await opened(jar)
      socket.pause()
      await at.auth.lock(id)
      await new Promise((resolve) => setTimeout(resolve, 50))
      socket.send('still here')
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect(at.heard).not.toContain('still here')
      const gone = new Promise((resolve) => socket.once('close', resolve))
      await at.clock.advance(1000)
      socket.resume()
      await gone
    })

    it('close at the idle limit, however much is said', async () => {
      const { jar } = await at.member('chatting')
      const { socket, closed } = await opened(jar)
      for (let i = 0; i < 3; i++) {
        socket.send(`word ${i}`)
        await at.clock.advance(10 * 60_000)
      }
      expect(await closed).toEqual([4401, 'session_expired_idle'])
    })
  })
}
