import type { Options } from '../../src/options.ts'
import { type Verifier, type VerifierOptions, verifier } from '../../src/verify.ts'
import { type House, house, must } from '../support/house.ts'

/** What lies between a service and the server. `sent`: the path of every request, in order. */
export type Way = {
  down: boolean
  readonly sent: string[]
  /** Answers in the server's place, where it is set and has an answer. */
  instead: ((request: Request) => Response | Promise<Response> | null) | null
}

export type Installation = House & {
  readonly way: Way
  /** A service that follows the server; closed with the installation. */
  service(options?: Partial<VerifierOptions>): Promise<Verifier>
  /** Until it has been followed for so long that what the server says may be kept. */
  settle(): Promise<void>
  questions(): number
}

/** A server under a clock that stands still, and services that reach it by a way that can be cut. */
export async function installation(options: Partial<Options> & { nodes?: number } = {}): Promise<Installation> {
  const one = await house(options)
  const { id, secret } = must(await one.auth.services.create('billing'))
  const way: Way = { down: false, sent: [], instead: null }
  const open: Verifier[] = []
  const fetchIt = async (url: string | URL | Request, init?: RequestInit) => {
    const request = new Request(url, init)
    way.sent.push(new URL(request.url).pathname)
    if (way.down) throw new TypeError('fetch failed')
    return (await way.instead?.(request)) ?? one.auth.handler(request)
  }
  return {
    ...one,
    way,
    async service(given = {}) {
      const issuer = one.auth.setting.baseUrl.origin
      const made = verifier({ issuer, service: { id, secret }, fetch: fetchIt, clock: one.clock, ...given })
      open.push(made)
      const ready = made.ready()
      await Promise.all([ready.catch(() => {}), one.clock.advance(10)])
      return made
    },
    settle: () => one.clock.advance(6000),
    questions: () => way.sent.filter((path) => path.endsWith('/introspect')).length,
    async close() {
      way.down = false
      await one.patiently(Promise.all(open.map((made) => made.close())))
      await one.patiently(one.close())
    },
  }
}
