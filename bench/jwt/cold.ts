import type { SigningKey } from '../../src/crypto.ts'
import { accessTokens } from '../../src/tokens/access.ts'
import type { Contestant } from '../lib/rounds.ts'
import type { TokenPeers } from '../lib/token-peer.ts'
import { type Installation, someone } from './installation.ts'
import { RAW } from './raw.ts'

/** Of tokens whose session has a record. */
const CIRCUMSTANCES = { counter: 0, own: null } as const
const LIFE_MS = 7_200_000

/** One algorithm: what is measured of it, the bare call and ours next to each other. */
export type Cold = {
  readonly verifyRaw: Contestant
  readonly verify: Contestant
  readonly peers: readonly (Contestant & { readonly peer: string })[]
  readonly signRaw: Contestant
  readonly make: Contestant
}

/**
 * Verifies and makes so many different access tokens with the key that signs. Whoever remembers tokens is begun anew
 * before one comes again: every one is met for the first time.
 */
export async function cold({ setting }: Installation, peers: TokenPeers, count: number): Promise<Cold> {
  const { keys, epoch, baseUrl } = setting
  const now = Date.now()
  const key = await keys.signing(now)
  const { alg } = key
  const { origin } = baseUrl
  const options = { issuer: origin, audience: origin, keys, epoch, sessionOf: () => null }
  const own = accessTokens(options)
  const make = (i: number) => own.make(someone(i, now), now + LIFE_MS, CIRCUMSTANCES, now)
  const tokens = (await Promise.all(Array.from({ length: count }, (_, i) => make(i)))).map(flat)
  const others = await peers.verifiers({ alg, verifier: key.verifier, issuer: origin, audience: origin })

  let reader = own
  let at = count
  let issued = 0
  const verify: Contestant = {
    name: `${alg}: Sallyport, cold`,
    async run(times) {
      for (let i = 0; i < times; i++) {
        if (at >= count) {
          at = 0
          reader = accessTokens(options)
        }
        const found = reader.read(tokens[at++] as string, now)
        if (!(found instanceof Promise ? await found : found).ok) throw new Error(`${alg}: refused`)
      }
    },
  }
  const subjects = Array.from({ length: count }, (_, i) => someone(i, now))
  const making: Contestant = {
    name: `${alg}: Sallyport, issue`,
    async run(times) {
      for (let i = 0; i < times; i++) {
        issued = (issued + 1) % count
        const made = own.make(subjects[issued] as (typeof subjects)[number], now + LIFE_MS, CIRCUMSTANCES, now)
        if (made instanceof Promise) await made
      }
    },
  }
  return { ...bare(key, tokens), verify, peers: others.map((peer) => verifying(alg, peer, tokens)), make: making }
}

function verifying(
  alg: string,
  { name, verify }: { readonly name: string; verify(token: string): unknown },
  tokens: readonly string[],
) {
  let at = 0
  return {
    peer: name,
    name: `${alg}: ${name}`,
    async run(times: number) {
      for (let i = 0; i < times; i++) {
        at = (at + 1) % tokens.length
        const found = verify(tokens[at] as string)
        if (found instanceof Promise) await found
      }
    },
  }
}

/** The bare calls, over the same bytes. */
function bare({ alg, secret, verifier }: SigningKey, tokens: readonly string[]): Pick<Cold, 'verifyRaw' | 'signRaw'> {
  const raw = RAW[alg]
  const pairs = tokens.map((token) => {
    const end = token.lastIndexOf('.')
    const input = Buffer.from(token.slice(0, end))
    const signature = alg === 'ES256' ? raw.sign(secret, input) : Buffer.from(token.slice(end + 1), 'base64url')
    return { input, signature }
  })
  let at = 0
  const next = () => {
    at = (at + 1) % pairs.length
    return pairs[at] as (typeof pairs)[number]
  }
  return {
    verifyRaw: {
      name: `${alg}: node:crypto, verify`,
      run(times) {
        for (let i = 0; i < times; i++) {
          const { input, signature } = next()
          if (!raw.verify(verifier, input, signature)) throw new Error(`${alg}: not verified`)
        }
      },
    },
    signRaw: {
      name: `${alg}: node:crypto, sign`,
      run(times) {
        for (let i = 0; i < times; i++) raw.sign(secret, next().input)
      },
    },
  }
}

/** The text as it comes off a socket: in one piece. */
function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}
