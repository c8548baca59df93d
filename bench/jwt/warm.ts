import { type Carrier, hybrid, jwt, type RequestContext, session } from '../../src/index.ts'
import type { StrategyFactory } from '../../src/options.ts'
import type { Carried, Transport } from '../../src/strategy.ts'
import type { Contestant } from '../lib/rounds.ts'
import type { TokenPeers } from '../lib/token-peer.ts'
import { installation, LIFE } from './installation.ts'

/** Sessions that take turns. */
export const PEOPLE = 1_000

const USER_AGENT = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0'

export const FAST_JWT = 'fast-jwt, cache hit'

/** `barred`: there is a bar for it. */
export type Warm = Contestant & { readonly barred: boolean }

type Kind = {
  readonly name: string
  readonly strategy: StrategyFactory
  readonly transport: Transport
  readonly context?: RequestContext
  readonly barred?: boolean
}

const KINDS: readonly Kind[] = [
  { name: 'session, cookie', strategy: session(), transport: 'cookie' },
  { name: 'hybrid, cookie', strategy: hybrid({ accessTtl: LIFE }), transport: 'cookie', barred: true },
  { name: 'hybrid, bearer', strategy: hybrid({ accessTtl: LIFE }), transport: 'bearer', barred: true },
  { name: 'jwt, cookie', strategy: jwt({ ttl: LIFE }), transport: 'cookie', barred: true },
  { name: 'jwt, bearer', strategy: jwt({ ttl: LIFE }), transport: 'bearer', barred: true },
  {
    name: 'jwt, cookie, with address and browser',
    strategy: jwt({ ttl: LIFE }),
    transport: 'cookie',
    context: { source: '192.0.2.7', userAgent: USER_AGENT },
  },
]

/** The whole of `authenticate` for somebody who was here before, and the nearest thing a peer has: a verified token's cache. */
export async function warm(
  peers: TokenPeers,
): Promise<{ readonly contestants: readonly Warm[]; close(): Promise<void> }> {
  const made = await Promise.all(KINDS.map(ours))
  return {
    contestants: [await fastJwt(peers), ...made.map(({ contestant }) => contestant)],
    async close() {
      for (const { close } of made) await close()
    },
  }
}

async function ours({ name, strategy, transport, context = {}, barred = false }: Kind) {
  const { auth, enter } = await installation(strategy)
  const carriers: Carrier[] = []
  for (let i = 0; i < PEOPLE; i++) carriers.push(new Headers(sent(await enter(i, transport))))
  let next = 0
  const contestant: Warm = {
    name,
    barred,
    async run(times) {
      for (let i = 0; i < times; i++) {
        const who = await auth.authenticate(carriers[next] as Carrier, context)
        if (!who.ok) throw new Error(`${name}: refused: ${who.refusal.code}`)
        next = (next + 1) % PEOPLE
      }
    },
  }
  await contestant.run(PEOPLE)
  return { contestant, close: auth.close }
}

/** What a browser sends that has met a few other scripts, or a client with its token. */
function sent({ cookies, tokens }: Carried): Record<string, string> {
  if (tokens) return { authorization: `Bearer ${tokens.accessToken}` }
  return { cookie: `theme=dark; ${cookies[0]?.split(';')[0]}; lang=en-GB` }
}

async function fastJwt(peers: TokenPeers): Promise<Warm> {
  const { auth, setting, enter } = await installation(hybrid({ accessTtl: LIFE }))
  const { alg, verifier } = await setting.keys.signing(Date.now())
  const { origin } = setting.baseUrl
  const tokens: string[] = []
  for (let i = 0; i < PEOPLE; i++) tokens.push((await enter(i, 'bearer')).tokens?.accessToken as string)
  await auth.close()
  const { verify } = peers.fastJwtCached({ alg, verifier, issuer: origin, audience: origin }, PEOPLE * 2)
  let next = 0
  const run = (times: number) => {
    for (let i = 0; i < times; i++) {
      verify(tokens[next] as string)
      next = (next + 1) % PEOPLE
    }
  }
  run(PEOPLE)
  return { name: FAST_JWT, barred: false, run }
}
