import { ALGORITHMS } from '../../src/crypto.ts'
import { hybrid } from '../../src/index.ts'
import type { BenchOptions } from '../lib/bench.ts'
import { say } from '../lib/progress.ts'
import type { Bar, Report, Table } from '../lib/report.ts'
import { type Cost, inTurns } from '../lib/rounds.ts'
import { median, quantile, ratio } from '../lib/statistics.ts'
import { tokenPeers } from '../lib/token-peer.ts'
import { type Cold, cold } from './cold.ts'
import { installation, LIFE } from './installation.ts'
import { FAST_JWT, PEOPLE, type Warm, warm } from './warm.ts'

/** How many times the bare call a token met for the first time may cost. */
const MOST_COLD = { EdDSA: 1.25, ES256: 1.25, RS256: 1.25, HS256: 2.5 } as const

/** How many times the bare signature making a token may cost. An HMAC is no more than what a token is written with. */
const MOST_ISSUE = { EdDSA: 1.5, ES256: 1.5, RS256: 1.5, PS256: 1.5 } as const

/** Microseconds for verifying, authenticating and issuing, beside the bare calls and beside peers, all in one run. */
export async function tokenCost({ quick, calm }: BenchOptions): Promise<Report> {
  say('Signing tokens …')
  const peers = await tokenPeers()
  const byAlg = new Map<string, Cold>()
  const closing: (() => Promise<void>)[] = []
  for (const alg of ALGORITHMS) {
    const made = await installation(hybrid({ accessTtl: LIFE }), { keys: { alg } })
    byAlg.set(alg, await cold(made, peers, quick ? 200 : 1_000))
    closing.push(made.auth.close)
  }
  const warmed = await warm(peers)
  say('Measuring in turns …')
  const colds = [...byAlg.values()].flatMap((one) => [one.verifyRaw, one.verify, ...one.peers, one.signRaw, one.make])
  const slices = quick ? { slice: 10, rounds: 10, warmUp: 200 } : { slice: 20, rounds: 40, warmUp: 400 }
  const found = await inTurns([...colds, ...warmed.contestants], slices, calm)
  for (const close of [...closing, warmed.close]) await close()

  const verifying = coldTable(byAlg, found)
  const issuing = issueTable(byAlg, found)
  const warming = warmTable(warmed.contestants, found)
  return {
    tables: [verifying.table, warming.table, issuing.table],
    bars: [...verifying.bars, ...warming.bars, ...issuing.bars],
  }
}

type Found = ReadonlyMap<string, Cost>
type Part = { readonly table: Table; readonly bars: readonly Bar[] }

const wallOf = (found: Found, { name }: { readonly name: string }) => found.get(name)?.wall ?? []

function coldTable(byAlg: ReadonlyMap<string, Cold>, found: Found): Part {
  const rows = [...byAlg].map(([alg, { verifyRaw, verify, peers }]) => {
    const [bare, own] = [wallOf(found, verifyRaw), wallOf(found, verify)]
    const others = peers.map((one) => [one.peer, median(wallOf(found, one))])
    return {
      alg,
      raw: median(bare),
      own: median(own),
      p99: quantile(own, 0.99),
      perRaw: ratio(own, bare),
      'fast-jwt': null,
      jose: null,
      jsonwebtoken: null,
      ...Object.fromEntries(others),
    }
  })
  return {
    table: {
      title: 'a token met for the first time, microseconds each',
      columns: [
        { key: 'alg', label: '' },
        { key: 'raw', label: 'bare', digits: 2 },
        { key: 'own', label: 'Sallyport', digits: 2 },
        { key: 'p99', label: 'p99', digits: 2 },
        { key: 'perRaw', label: '× bare', digits: 2 },
        { key: 'fast-jwt', label: 'fast-jwt', digits: 2 },
        { key: 'jose', label: 'jose', digits: 2 },
        { key: 'jsonwebtoken', label: 'jsonwebtoken', digits: 2 },
      ],
      rows,
      notes: [
        'bare: one call of crypto.verify or createHmac with everything at hand. Everybody else: the form, the signature, the claims.',
        'Medians by the clock. No cache anywhere; the key is prepared once. jsonwebtoken has no Ed25519; jose verifies in another thread.',
      ],
    },
    bars: barsOf('cold verification', 'bare call', MOST_COLD, rows),
  }
}

function issueTable(byAlg: ReadonlyMap<string, Cold>, found: Found): Part {
  const rows = [...byAlg].map(([alg, { signRaw, make }]) => {
    const [bare, own] = [wallOf(found, signRaw), wallOf(found, make)]
    return { alg, raw: median(bare), own: median(own), p99: quantile(own, 0.99), perRaw: ratio(own, bare) }
  })
  return {
    table: {
      title: 'making an access token, microseconds each',
      columns: [
        { key: 'alg', label: '' },
        { key: 'raw', label: 'bare', digits: 2 },
        { key: 'own', label: 'Sallyport', digits: 2 },
        { key: 'p99', label: 'p99', digits: 2 },
        { key: 'perRaw', label: '× bare', digits: 2 },
      ],
      rows,
      notes: ['bare: one call of crypto.sign or createHmac on as many bytes.'],
    },
    bars: barsOf('issuing', 'bare signature', MOST_ISSUE, rows),
  }
}

function barsOf(
  what: string,
  of: string,
  most: Readonly<Record<string, number>>,
  rows: readonly { readonly alg: string; readonly perRaw: number }[],
): readonly Bar[] {
  return rows.flatMap(({ alg, perRaw }) => {
    const limit = most[alg]
    if (limit === undefined) return []
    return {
      name: `${what}, ${alg}`,
      wanted: `<= ${limit} × the ${of}`,
      measured: `${perRaw.toFixed(2)} ×`,
      met: perRaw <= limit,
    }
  })
}

function warmTable(contestants: readonly Warm[], found: Found): Part {
  const peer = wallOf(found, { name: FAST_JWT })
  const rows = contestants.map(({ name, barred }) => {
    const wall = wallOf(found, { name })
    const cpu = found.get(name)?.cpu ?? Number.NaN
    return { barred, name, p50: median(wall), p99: quantile(wall, 0.99), cpu, perPeer: ratio(wall, peer) }
  })
  return {
    table: {
      title: `a warm request: ${PEOPLE.toLocaleString('en')} people in turn, EdDSA, microseconds each`,
      columns: [
        { key: 'name', label: '' },
        { key: 'p50', label: 'p50 µs', digits: 2 },
        { key: 'p99', label: 'p99 µs', digits: 2 },
        { key: 'cpu', label: 'CPU µs', digits: 2 },
        { key: 'perPeer', label: '× fast-jwt', digits: 2 },
      ],
      rows: rows.map(({ barred: _, ...row }) => row),
      notes: [
        'Ours: the whole of authenticate, from the headers to the verdict: expiry, key, denial, session, user, lease.',
        'fast-jwt: its verifier alone, handed the token; it knows of no ending.',
      ],
    },
    bars: rows
      .filter(({ barred }) => barred)
      .map(({ name, p50, perPeer }) => ({
        name: `authenticate, warm, ${name}`,
        wanted: '<= 4 µs and <= 1.5 × fast-jwt’s cache hit',
        measured: `${p50.toFixed(2)} µs, ${perPeer.toFixed(2)} ×`,
        met: p50 <= 4 && perPeer <= 1.5,
      })),
  }
}
