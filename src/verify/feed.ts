import type { Clock } from '../clock.ts'
import { StoreUnavailable } from '../errors.ts'
import type { Feed, FeedRead, Position, Told } from '../feed.ts'
import { within } from '../view/within.ts'
import type { Server } from './server.ts'

export type RelayedFeedOptions = {
  readonly server: Server
  /** Where the API is, as `https://app.example/auth`. */
  readonly api: string
  readonly clock: Clock
  /** Number of the feed. */
  readonly feed: number
  /** Hears how many feeds there are, with every answer. */
  readonly onTotal: (total: number) => void
}

type Answer = {
  readonly place: string
  readonly total: number
  readonly lease: boolean
  readonly feeds: readonly [FeedRead & { readonly feed: number; readonly epoch: string; readonly position: Position }]
}

/** A row as it is known here, under a name of its own: where it stands, and which place that is. */
type Own = { readonly name: string; readonly places: Map<string, string>; newest: Standing }

type Standing = { readonly place: string; readonly position: Position }

/** How long one wait for news lasts, and how much later its answer may come, seconds; and the pause after one that failed, milliseconds. */
const WAIT = 20
const SLACK = 5
const PAUSE_MS = 1000

/** A page has at most 500 entries of at most 500 ids, bytes. */
const MOST_BYTES = 16 * 1024 * 1024

/** A place that is none any more: what a feed says of a row it does not know, at a place that is gone. */
const GONE: FeedRead = { epoch: '', standing: 'unknown', lost: true, complete: false, entries: [] }

/**
 * One feed of a server, for a follower in a program that has no access to the database. Each verb is one request, sent when it is
 * called; only `onAppend` waits. What ends things is the server's: `tail`, `rows`, `mark` and `trim` are not for services.
 */
export function relayedFeed({ server, api, clock, feed, onTotal }: RelayedFeedOptions): Feed {
  const rows = new Map<string, Own>()
  let current: Own | null = null
  let count = 0
  let requests = 0
  let registered = () => {}

  /** Null where the server knows the place no more. */
  async function get(query: Record<string, string | number>, waiting?: AbortSignal): Promise<Answer | null> {
    requests += 1
    const search = new URLSearchParams(Object.entries({ ...query, once: requests }).map(([k, v]) => [k, String(v)]))
    const long = waiting && { signal: waiting, patience: (WAIT + SLACK) * 1000 }
    const { status, body } = await server(`${api}/feed?${search}`, { most: MOST_BYTES, ...long })
    if (status === 400 && query.place !== undefined) return null
    if (status !== 200 || body === null) throw new StoreUnavailable(`the server answered ${status}`)
    const answer = body as Answer
    onTotal(answer.total)
    return answer
  }

  async function post(body: object): Promise<void> {
    const { status } = await server(`${api}/feed/ack`, { method: 'POST', json: body })
    if (status !== 204 && status !== 400) throw new StoreUnavailable(`the server answered ${status}`)
  }

  const keyOf = ({ at, id }: Position) => `${at} ${id}`

  function placeOf(row: string | null, position: Position): string {
    const known = row === null ? [...rows.values()] : [rows.get(row)]
    const place = known.map((own) => own?.places.get(keyOf(position))).find((one) => one !== undefined)
    if (place === undefined) throw new StoreUnavailable('this place was never read')
    return place
  }

  function stands(own: Own, position: Position, place: string): void {
    own.places.set(keyOf(position), place)
    own.newest = { place, position }
  }

  async function read(row: string, after: Position, limit: number): Promise<FeedRead> {
    const own = rows.get(row)
    const answer = own ? await get({ place: placeOf(row, after), limit }) : null
    if (!own || !answer) return GONE
    const { epoch, standing, lost, complete, entries, position } = answer.feeds[0]
    for (const passed of [...own.places.keys()]) if (Number(passed.split(' ')[0]) < after.at) own.places.delete(passed)
    stands(own, position, answer.place)
    return { epoch, standing, lost, complete, entries }
  }

  /** Waits for news and tells of it: of one entry with the entry, of more as of something to be read. */
  async function listen(wake: (told?: Told) => void, signal: AbortSignal): Promise<void> {
    const pause = () => unlessAborted(signal, (done) => clock.after(PAUSE_MS, done))
    let own: Own | null = null
    let here: Standing | null = null
    while (!signal.aborted) {
      if (own !== current) here = null
      own = current
      if (own === null) {
        await unlessAborted(signal, (done) => {
          registered = done
        })
        continue
      }
      const from: Standing = here ?? own.newest
      const askedAt = clock.monotonic()
      const asked = within(clock, (WAIT + SLACK) * 1000, get({ place: from.place, wait: WAIT }, signal))
      const answer = await asked.catch(() => 'failed' as const)
      if (signal.aborted) return
      if (answer === 'failed') {
        await pause()
        continue
      }
      const [news] = answer?.feeds ?? []
      if (!answer || !news || news.lost || news.standing !== 'good') {
        // A read will find the same, and register anew.
        wake()
        here = null
        await pause()
        continue
      }
      here = { place: answer.place, position: news.position }
      own.places.set(keyOf(news.position), answer.place)
      const [first, ...more] = news.entries
      if (first) wake(more.length > 0 ? undefined : { ...first, follows: from.position.id })
      // Whatever answers at once, and has nothing to say, is not asked again at once.
      if (news.position.at <= from.position.at && clock.monotonic() - askedAt < PAUSE_MS) await pause()
    }
  }

  return {
    async register(from) {
      const query = from === null ? { feed } : { place: placeOf(null, from), ask: 'register' }
      const answer = await get(query)
      if (answer === null) throw new StoreUnavailable('the server does not know the place any more')
      const { epoch, position } = answer.feeds[0]
      count += 1
      const own = { name: `row ${count}`, places: new Map<string, string>(), newest: { place: answer.place, position } }
      stands(own, position, answer.place)
      rows.set(own.name, own)
      current = own
      registered()
      return { row: own.name, position, epoch }
    },
    read,
    acknowledge: async (row, at) => {
      const own = rows.get(row)
      const place = [...(own?.places ?? [])].find(([key]) => key.startsWith(`${at} `))?.[1]
      if (place !== undefined) await post({ place })
    },
    async epoch() {
      const answer = await get({ ask: 'epoch', feed })
      return (answer as Answer).feeds[0].epoch
    },
    async remove(given) {
      for (const row of given) {
        const own = rows.get(row)
        rows.delete(row)
        if (current === own) current = null
        if (own) await post({ place: own.newest.place, leave: true })
      }
    },
    onAppend(wake) {
      const controller = new AbortController()
      const { signal } = controller
      // What makes no sense is a hint that is missing, and nothing more: leases come from what is read.
      const again = () => {
        if (!signal.aborted) listen(wake, signal).catch(() => clock.after(PAUSE_MS, again))
      }
      again()
      return () => controller.abort()
    },
    tail: notHere,
    rows: notHere,
    mark: notHere,
    trim: notHere,
  }
}

function notHere(): Promise<never> {
  return Promise.reject(new StoreUnavailable('only the server can tell'))
}

/** Resolves when `begin` calls what it is given, or the signal is aborted. */
function unlessAborted(signal: AbortSignal, begin: (done: () => void) => unknown): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
    begin(resolve)
  })
}
