import { type LookupAddress, lookup as resolve } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Clock } from '../clock.ts'
import type { Endpoint, Post } from '../webhook.ts'
import { isLoopback, isPublicAddress } from '../wire/public-address.ts'

/** No more of an answer is read, bytes: only its status counts. */
const MOST_READ = 65_536

/** Turns a name into all of its addresses; `dns.lookup`, or another in tests. */
export type Resolving = (
  name: string,
  options: { all: true },
  told: (error: Error | null, addresses: LookupAddress[]) => void,
) => void

/** Sends webhooks, over connections that stay open to each endpoint. */
export type Sender = {
  readonly post: Post
  /** Breaks off what is under way. */
  close(): void
}

/**
 * Follows no redirect, and connects to the very address that was looked at: a name that answers otherwise the second time
 * leads nowhere else.
 */
export function sender(clock: Clock, resolving: Resolving = resolve): Sender {
  const agents = new Map<Endpoint, http.Agent>()

  function agentOf(endpoint: Endpoint): http.Agent {
    const known = agents.get(endpoint)
    if (known) return known
    const options = { keepAlive: true, maxSockets: 1, lookup: lookingUp(endpoint.reach, resolving) }
    const made = endpoint.url.protocol === 'https:' ? new https.Agent(options) : new http.Agent(options)
    agents.set(endpoint, made)
    return made
  }

  return {
    post: (endpoint, headers, body) =>
      new Promise((done, fail) => {
        const { url, reach, timeout } = endpoint
        const literal = url.hostname.replace(/^\[|\]$/g, '')
        if (isLiteral(literal) && !isReachable(literal, reach)) throw new Error('the address is not one it may have')
        const { request } = url.protocol === 'https:' ? https : http
        const length = Buffer.byteLength(body)
        const sent = request(url, {
          method: 'POST',
          agent: agentOf(endpoint),
          headers: {
            ...headers,
            'content-type': 'application/json',
            'content-length': length,
            'user-agent': 'sallyport',
          },
        })
        const cancel = clock.after(timeout, () => sent.destroy(new Error('there was no answer in time')))
        sent.once('close', cancel)
        sent.once('error', fail)
        sent.once('response', (response) => {
          let read = 0
          response.on('data', (chunk: Buffer) => {
            read += chunk.length
            if (read > MOST_READ) response.destroy()
          })
          response.once('error', () => {})
          done({ status: response.statusCode ?? 0, retryAfter: secondsOf(response.headers['retry-after']) })
        })
        sent.end(body)
      }),
    close() {
      for (const agent of agents.values()) agent.destroy()
      agents.clear()
    },
  }
}

function lookingUp(reach: Endpoint['reach'], resolving: Resolving): LookupFunction {
  return (name, options, told) => {
    resolving(name, { all: true }, (error, addresses) => {
      const [first] = addresses ?? []
      const isFine = !error && first && addresses.every(({ address }) => isReachable(address, reach))
      if (!isFine) return told(error ?? new Error('the name leads to no address that it may have'), '', 0)
      return options.all ? told(null, [...addresses]) : told(null, first.address, first.family)
    })
  }
}

function isReachable(address: string, reach: Endpoint['reach']): boolean {
  if (reach === 'any') return true
  return reach === 'loopback' ? isLoopback(address) : isPublicAddress(address)
}

/** A host that is an address is never looked up. */
function isLiteral(host: string): boolean {
  return host.includes(':') || /^\d+(\.\d+){3}$/.test(host)
}

function secondsOf(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) : null
}
