import type { Auth } from '../auth.ts'
import type { Carrier, RequestContext } from '../carrier.ts'
import { randomText } from '../crypto.ts'
import { recent } from '../recent.ts'
import { clientSource } from '../wire/source.ts'

/** How an adapter reads requests of its framework. Asked in the course of every request: nothing is made that is not needed. */
export type Reading<R> = {
  carrier(request: R): Carrier
  /** As the router takes it, whatever a header would rather have it be (CS-06). */
  method(request: R): string
  /** Address at the other end of the connection. */
  remote(request: R): string | undefined
  /** Whether it is to become a WebSocket: then its method says nothing. */
  upgrades(request: R): boolean
  /** Every path the router may be said to run: the one it matches with, and the pattern it matched. */
  paths(request: R): readonly string[]
  /** Path and query as the client asked for them: where it comes back to. */
  target(request: R): string
  /** Whether there is an answer that cookies could be put on. */
  takesCookies(request: R): boolean
  /** Whether the connection itself is encrypted. */
  secure(request: R): boolean
}

/** Longer ones are cut. What is told of one is made safe where it is told. */
const MAX_USER_AGENT = 512

type Asking = { -readonly [Key in 'source' | 'userAgent' | 'requestId']: string | undefined }

/** A request gets its id when somebody asks for it: most are let in, and nothing is told of them. */
const UNNAMED = {
  get requestId(): string {
    const value = randomText(12)
    Object.defineProperty(this, 'requestId', { value, enumerable: true })
    return value
  },
}

/** The same request, asked about in another manner. A request's id is not among what spreading copies. */
export function inManner(
  context: RequestContext,
  manner: Pick<RequestContext, 'passive' | 'renewing' | 'proving'>,
): RequestContext {
  return { ...context, ...(context.requestId !== undefined && { requestId: context.requestId }), ...manner }
}

/** Longer ones are no addresses. */
const LONGEST_ADDRESS = 60

/**
 * Who asks, for the guard and for events. What it comes to for a client is the same as on the HTTP API, where it signed in: a
 * session that is used from elsewhere is noticed (SL-10).
 */
export function contexts<R>({ setting }: Auth, reading: Reading<R>): (request: R, carrier: Carrier) => RequestContext {
  const sources = recent<{ readonly ip: string; readonly trusted: boolean }>(LONGEST_ADDRESS)

  function sourceOf(remote: string, carrier: Carrier): string {
    const { trustedProxies } = setting
    const known = sources.find(remote)
    if (known !== null && !known.trusted) return known.ip
    const forwarded = { remote, forwardedFor: carrier.get('x-forwarded-for') }
    const { ip, proto } = clientSource({ ...forwarded, forwardedProto: 'https' }, trustedProxies)
    if (known === null) sources.keep(remote, { ip: ip ?? '', trusted: proto !== null })
    return ip ?? ''
  }

  return (request, carrier) => {
    const remote = reading.remote(request)
    const given = carrier.get('user-agent') ?? ''
    const userAgent = given.length <= MAX_USER_AGENT ? given : given.slice(0, MAX_USER_AGENT)
    // Not a literal: one with a prototype, or an accessor, costs as much as the decision.
    const context: Asking = Object.create(UNNAMED)
    const source = remote === undefined ? '' : sourceOf(remote, carrier)
    if (source !== '') context.source = source
    context.userAgent = userAgent
    return context as RequestContext
  }
}

/** Whether the client reached the outermost proxy that is believed, or this server, by https (CK-12). */
export function isSecure<R>({ setting }: Auth, reading: Reading<R>, request: R, carrier: Carrier): boolean {
  const remote = reading.remote(request)
  const { proto } = clientSource({ remote, forwardedProto: carrier.get('x-forwarded-proto') }, setting.trustedProxies)
  return proto === null ? reading.secure(request) : proto === 'https'
}
