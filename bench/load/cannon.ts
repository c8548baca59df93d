import { answering } from '../lib/child.ts'
import { cookie, token } from '../lib/population.ts'

export type Shots = {
  readonly port: number
  readonly path?: string
  readonly people: number
  readonly connections: number
  readonly seconds: number
  /** What each of the people sends; cookies of `session()` by default. */
  readonly headers?: readonly Readonly<Record<string, string>>[]
}
export type Hits = { readonly perSecond: number; readonly p50: number; readonly p99: number; readonly failed: number }

type Cannon = (options: object) => Promise<{
  readonly duration: number
  readonly '2xx': number
  readonly non2xx: number
  readonly errors: number
  readonly latency: { readonly p50: number; readonly p99: number }
}>

/** By a name that is not in this line: it belongs to the packages of the benches, which may not be there yet. */
const name: string = 'autocannon'
const loaded: { default: Cannon } = await import(name)

const USER_AGENT = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0'

answering({
  async fire({ port, path = '/', people, connections, seconds, headers }: Shots): Promise<Hits> {
    const each = headers ?? Array.from({ length: people }, (_, i) => ({ cookie: cookie(token(i)) }))
    const requests = each.map((own) => ({ headers: { ...own, 'user-agent': USER_AGENT } }))
    const result = await loaded.default({
      url: `http://127.0.0.1:${port}${path}`,
      connections,
      duration: seconds,
      requests,
    })
    const { duration, non2xx, errors, latency } = result
    return { perSecond: result['2xx'] / duration, p50: latency.p50, p99: latency.p99, failed: non2xx + errors }
  },
})
