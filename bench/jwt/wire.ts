import type { Algorithm } from '../../src/crypto.ts'
import { hybrid, jwt, session } from '../../src/index.ts'
import type { StrategyFactory } from '../../src/options.ts'
import type { Table } from '../lib/report.ts'
import { installation } from './installation.ts'

type Kind = { readonly name: string; readonly strategy: StrategyFactory; readonly alg?: Algorithm }

const ALGS: readonly Algorithm[] = ['EdDSA', 'ES256', 'RS256', 'PS256', 'HS256']

const KINDS: readonly Kind[] = [
  { name: 'session', strategy: session() },
  ...ALGS.map((alg) => ({ name: `hybrid, ${alg}`, strategy: hybrid(), alg })),
  ...ALGS.map((alg) => ({ name: `jwt, ${alg}`, strategy: jwt(), alg })),
  { name: 'jwt, EdDSA, encrypted', strategy: jwt({ encrypt: true }), alg: 'EdDSA' },
]

/** What a credential adds to each request, read off credentials that were just issued. */
export async function bytesOnTheWire(): Promise<Table> {
  const rows = []
  for (const kind of KINDS) rows.push(await measured(kind))
  return {
    title: 'bytes on the wire for each request',
    columns: [
      { key: 'name', label: '' },
      { key: 'cookie', label: 'Cookie' },
      { key: 'own', label: 'Cookie, to /auth' },
      { key: 'bearer', label: 'Authorization' },
    ],
    rows,
    notes: [
      'The whole header line, its end included, of a user with one role. RSA keys have 3,072 bits.',
      'Browsers send the refresh token to the paths of the authentication service only.',
    ],
  }
}

async function measured({ name, strategy, alg }: Kind) {
  const { auth, enter } = await installation(strategy, alg ? { keys: { alg } } : {})
  const { cookies } = await enter(0, 'cookie')
  const { tokens } = await enter(1, 'bearer')
  await auth.close()
  const pairs = cookies.map((one) => ({ pair: one.split(';')[0] as string, wide: one.includes('; Path=/;') }))
  const line = (those: typeof pairs) => size(`Cookie: ${those.map(({ pair }) => pair).join('; ')}`)
  return {
    name,
    cookie: line(pairs.filter(({ wide }) => wide)),
    own: line(pairs),
    bearer: size(`Authorization: Bearer ${tokens?.accessToken}`),
  }
}

function size(line: string): number {
  return Buffer.byteLength(`${line}\r\n`)
}
