import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { type Auth, createAuth, hybrid, jwt, type Mail, memory, type Options, session } from '../../src/index.ts'
import { pages } from '../../src/pages.ts'
import { type ManualClock, manualClock } from '../../src/testing.ts'

/** How the sessions on a stage travel. */
export type StrategyName = 'session' | 'jwt' | 'hybrid'

/** An installation with its pages in this process: a clock that is moved by hand, and nothing that outlives it. */
export type Stage = {
  readonly url: string
  readonly auth: Auth
  readonly clock: ManualClock
  /** The token in the link of the newest message of a kind, as soon as it is there. */
  token(kind: Mail['kind'], to: string): Promise<string>
  close(): Promise<void>
}

const STRATEGIES = { session, jwt, hybrid } as const

/** 20 November 2026, 09:30 UTC. */
const START = 1_795_167_000_000

/** Where everybody on the stage comes from (RFC 5737). */
const REMOTE = '203.0.113.24'

/** Sets a stage on a free port of this machine. */
export async function stage(strategy: StrategyName, options: Partial<Options> = {}): Promise<Stage> {
  const clock = manualClock(START)
  const sent: Mail[] = []
  let answer: (request: Request) => Promise<Response> = async () => new Response(null, { status: 503 })
  const server = createServer(getRequestListener((request) => answer(request), { overrideGlobalObjects: false }))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const auth = createAuth({
    ...{ store: memory(), strategy: STRATEGIES[strategy](), baseUrl: url, clock },
    secret: 'a secret of the stage, 0123456789 abcdef',
    brand: { name: 'Harbour' },
    mailer: { send: async (mail) => void sent.push(mail) },
    ...options,
  })
  await auth.ready()
  const page = pages(auth, { under: ['', '/auth'] })
  answer = async (request) =>
    (await page(request, { remote: REMOTE })) ?? (await auth.handler(request, { remote: REMOTE }))
  return {
    url,
    auth,
    clock,
    async token(kind, to) {
      for (let turn = 0; turn < 500; turn += 1) {
        const mail = sent.findLast((one) => one.kind === kind && one.to === to)
        const token = mail && /[?&]token=([\w-]+)/.exec(mail.text)?.[1]
        if (token) return token
        // What a request leaves behind is begun by a timer.
        await clock.advance(20)
      }
      throw new Error(`no ${kind} to ${to}; there is ${sent.map((mail) => `${mail.kind} to ${mail.to}`).join(', ')}`)
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await auth.close()
    },
  }
}
