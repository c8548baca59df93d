import type { IncomingMessage } from 'node:http'
import { WebSocketServer } from 'ws'
import type { Emit, EventSource } from '../../src/adapters/stream.ts'
import type { Authenticated } from '../../src/guard.ts'
import { type House, house, PASSWORD } from '../support/house.ts'
import { type Answer, type Asking, ask } from './client.ts'
import type { Frame, Setup } from './frame.ts'

/** An installation behind an adapter, asked over sockets. */
export type Place = House & {
  readonly port: number
  /** What ran behind `protect`, newest last. */
  readonly ran: string[]
  /** What sockets of `GET /live` have said. */
  readonly heard: readonly string[]
  /** Every `GET /stream` there was. */
  readonly streams: readonly Stream[]
  /** Lets `GET /slow` answer. */
  release(): void
  ask(path: string, asking?: Asking): Promise<Answer>
  /** A request that a page of the application makes. */
  post(path: string, asking?: Asking): Promise<Answer>
  /** Somebody with these roles, signed in through the adapter: what their browser keeps. */
  member(label: string, roles?: readonly string[]): Promise<Member>
}

type Stream = { readonly emit: Emit; readonly stopped: number }

export type Member = { readonly id: string; readonly email: string; readonly jar: string; readonly token: string }

const ORIGIN = 'http://localhost'

export async function place(
  frame: Frame,
  options: Parameters<typeof house>[0] = {},
  setup: Setup | ((inside: House) => Setup) = {},
): Promise<Place> {
  const inside = await house({ baseUrl: ORIGIN, ...options })
  const ran: string[] = []
  const heard: string[] = []
  const streams: Stream[] = []
  const servers: WebSocketServer[] = []
  let release = () => {}
  const hooks = {
    ran: (path: string) => void ran.push(path),
    source: ((emit) => {
      emit('hello', { at: 1 })
      const places = { emit, stopped: 0 }
      streams.push(places)
      return () => {
        places.stopped += 1
      }
    }) satisfies EventSource,
    sockets(who: (request: IncomingMessage) => Authenticated) {
      const server = new WebSocketServer({ noServer: true })
      servers.push(server)
      server.on('connection', (socket, request) => {
        socket.send(`hello ${who(request).user.email}`)
        socket.on('message', (data) => {
          heard.push(String(data))
          socket.send(String(data))
        })
      })
      return server
    },
    released: () =>
      new Promise<void>((resolve) => {
        release = resolve
      }),
  }
  const served = await frame.serve(inside.auth, typeof setup === 'function' ? setup(inside) : setup, hooks)
  const { port } = served
  const own = inside.auth.setting.baseUrl.origin
  const post = (path: string, asking: Asking = {}) =>
    ask(port, path, { method: 'POST', ...asking, headers: { origin: own, ...asking.headers } })
  return {
    ...inside,
    port,
    ran,
    heard,
    streams,
    release: () => release(),
    ask: (path, asking) => ask(port, path, asking),
    post,
    async member(label, roles) {
      const email = `${label}@example.com`
      const made = await inside.auth.users.create({ email, password: PASSWORD, ...(roles && { roles }) })
      if (!made.ok) throw new Error(made.refusal.code)
      const secure = own.startsWith('https:') ? { 'x-forwarded-proto': 'https' } : {}
      const byCookie = await post('/auth/sign-in', { json: { email, password: PASSWORD }, headers: secure })
      const byBearer = await post('/auth/sign-in', { json: { email, password: PASSWORD, transport: 'bearer' } })
      if (byCookie.status !== 200) throw new Error(byCookie.text)
      const tokens = byBearer.body?.tokens as { readonly accessToken: string }
      return { id: made.value.id, email, jar: byCookie.jar, token: tokens.accessToken }
    },
    async close() {
      for (const { clients } of servers) for (const client of clients) client.terminate()
      await served.close()
      await inside.close()
    },
  }
}
