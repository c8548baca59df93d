import type { Auth } from '../../src/auth.ts'
import { say } from '../lib/progress.ts'
import { median, quantile } from '../lib/statistics.ts'

/** First pages, as the console asks for them: what many have, what few have, what nobody has, and several at once. */
export const PAGES: readonly string[] = [
  'sessions',
  'sessions?limit=200',
  'sessions?state=ended',
  'sessions?user=USER',
  'sessions?user=nobody',
  'sessions?user=nobody@example.com',
  'sessions?role=member',
  'sessions?role=editor',
  'sessions?role=admin',
  'sessions?role=auditor',
  'sessions?ip=192.0.2.1',
  'sessions?ip=203.0.113.9',
  'sessions?ip=203.0.113.1',
  'sessions?ip=192.0.2.1&state=ended',
  'sessions?device=chrome',
  'sessions?device=o',
  'sessions?device=plan',
  'sessions?device=nothing',
  'sessions?strategy=session',
  'sessions?strategy=jwt',
  'sessions?strategy=jwt&state=ended',
  'sessions?strategy=nothing',
  'sessions?ip=192.0.2.1&strategy=jwt',
  'sessions?ip=192.0.2.1&device=lynx',
  'sessions?role=member&strategy=jwt',
  'sessions?role=editor&device=lynx',
  'users',
  'users?limit=200',
  'users?role=member',
  'users?role=editor',
  'users?role=admin',
  'users?role=auditor',
  'users?status=active',
  'users?status=locked',
  'users?role=member&status=locked',
  'users?role=auditor&status=active',
  'users?query=b',
  'users?query=example',
  'users?query=oldcorp',
  'users?query=example.com%20bace',
  'users?query=babaceba',
  'users?query=bacedi',
  'users?query=bace.di',
  'users?query=nobody',
  'users?query=oldcorp&status=locked',
  'users?query=oldcorp&role=auditor',
  'users?query=example&status=locked',
  'audit',
  'audit?type=TYPE',
  'audit?type=key.removed',
  'audit?type=key.added',
  'audit?user=USER',
  'audit?user=nobody',
  'audit?session=reference-7',
  'audit?session=nothing',
  'audit?from=FROM&to=TO',
  'audit?from=1&to=2',
  'audit?user=USER&type=key.removed',
]

export type Measured = {
  readonly page: string
  readonly items: number
  readonly more: string
  readonly p50: number
  readonly p99: number
}

/** Asks for every page many times, through the handler, as one who is signed in. Milliseconds. */
export async function measured(
  auth: Auth,
  cookie: string,
  given: Readonly<Record<'USER' | 'TYPE' | 'FROM' | 'TO', string>>,
  times: number,
): Promise<readonly Measured[]> {
  const found: Measured[] = []
  for (const page of PAGES) {
    const path = page.replace(/USER|TYPE|FROM|TO/g, (name) => given[name as keyof typeof given])
    const took: number[] = []
    let body: { items: unknown[]; nextCursor: string | null } = { items: [], nextCursor: null }
    for (let i = -3; i < times; i++) {
      const begun = performance.now()
      const answer = await auth.handler(new Request(`https://app.example/auth/admin/${path}`, { headers: { cookie } }))
      const text = await answer.text()
      if (i >= 0) took.push(performance.now() - begun)
      if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${text}`)
      body = JSON.parse(text)
    }
    const more = body.nextCursor === null ? 'no' : 'yes'
    found.push({ page, items: body.items.length, more, p50: median(took), p99: quantile(took, 0.99) })
    if (process.env.BENCH_LOUD) say(JSON.stringify(found.at(-1)))
  }
  return found
}
