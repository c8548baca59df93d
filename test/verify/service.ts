import { expect } from 'vitest'
import type { Carrier } from '../../src/carrier.ts'
import type { Options } from '../../src/options.ts'
import type { Transport } from '../../src/strategy.ts'
import { type Verifier, type VerifierOptions, verifier } from '../../src/verify.ts'
import { type House, holding, house, must, PASSWORD } from '../support/house.ts'

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
  /** Somebody who is signed in, and the token they hold. */
  person(label: string, transport?: Transport): Promise<Person>
  /** Somebody who is known to the service, so that it decides by itself. */
  warm(service: Verifier, label?: string): Promise<Person>
}

export type Person = {
  readonly user: { readonly id: string }
  readonly sid: string
  readonly token: string
  readonly refreshToken: string | null
  readonly carrier: Carrier
}

/** What comes of a request: `in`, or the code of the refusal. */
export async function code(service: Verifier, carrier: Carrier): Promise<string> {
  const found = await service.authenticate(carrier)
  return found.ok ? 'in' : found.refusal.code
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

  async function person(label: string, transport: Transport = 'bearer'): Promise<Person> {
    const email = `${label}@example.com`
    const user = must(await one.auth.users.create({ email, password: PASSWORD, roles: ['member'] }))
    const done = must(await one.auth.signIn({ email, password: PASSWORD, transport }))
    if (!('carried' in done)) throw new Error('nobody is signed in')
    const token = done.carried.tokens?.accessToken as string
    const refreshToken = done.carried.tokens?.refreshToken ?? null
    return { user, sid: done.session.id, token, refreshToken, carrier: holding({ bearer: token }) }
  }

  const settle = () => one.clock.advance(6000)

  return {
    ...one,
    way,
    person,
    async warm(service, label = 'ada') {
      const who = await person(label)
      await settle()
      expect(must(await service.authenticate(who.carrier))).toMatchObject({ userId: who.user.id, sessionId: who.sid })
      expect(service.authenticate(who.carrier)).not.toBeInstanceOf(Promise)
      return who
    },
    async service(given = {}) {
      const issuer = one.auth.setting.baseUrl.origin
      const made = verifier({ issuer, service: { id, secret }, fetch: fetchIt, clock: one.clock, ...given })
      open.push(made)
      const ready = made.ready()
      await Promise.all([ready.catch(() => {}), one.clock.advance(10)])
      return made
    },
    settle,
    questions: () => way.sent.filter((path) => path.endsWith('/introspect')).length,
    async close() {
      way.down = false
      await one.patiently(Promise.all(open.map((made) => made.close())))
      await one.patiently(one.close())
    },
  }
}
