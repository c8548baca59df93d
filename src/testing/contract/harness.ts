import assert from 'node:assert/strict'
import type { Change, Entry, Feed } from '../../feed.ts'
import { feedsOf, type Source, type Whereabouts } from '../../source.ts'
import type { Store } from '../../store.ts'

/** The two functions that are needed of a test runner: those of Vitest, Jest, Bun and `node:test` all fit. */
export type TestApi = {
  describe(name: string, run: () => void): unknown
  readonly it: {
    (name: string, run: () => Promise<void>): unknown
    /** Where it exists, cases that cannot run are registered with it; otherwise they are left out. */
    readonly skip?: (name: string, run: () => Promise<void>) => unknown
  }
}

/** What `storeContract` needs to check a store: how to make one, and a test runner. */
export type StoreContractOptions = {
  /** For people: becomes part of the names. */
  readonly name: string
  /**
   * A store without any data, for one case. `close` gives everything back; it is called after each case, also after
   * those that have closed the store's sources themselves.
   */
  readonly make: () => Promise<{ readonly store: Store; close(): Promise<void> }>
  readonly api: TestApi
  /**
   * Another handle on the data of the given store, with a connection of its own as another process would have. The suite
   * closes its sources. Leave it out where there can be none: the cases between two handles are then skipped.
   */
  readonly second?: (store: Store) => Promise<Store>
}

/** What a file of cases registers them with. */
export type Cases = {
  group(name: string, run: () => void): void
  /** A case with one handle. */
  test(name: string, run: (store: Store) => Promise<void>): void
  /** A case of callers that race: once with one handle (`two` is `one`), and once with two where there are two. */
  race(name: string, run: (one: Store, two: Store) => Promise<void>): void
  /** A case that makes sense between two handles only. */
  between(name: string, run: (one: Store, two: Store) => Promise<void>): void
}

export function cases({ make, api, second }: StoreContractOptions): Cases {
  const { it } = api
  const alone = (run: (store: Store) => Promise<void>) => async () => {
    const { store, close } = await make()
    try {
      await Promise.all(sourcesOf(store).map((source) => source.open()))
      await run(store)
    } finally {
      await close()
    }
  }
  const between = (name: string, run: (one: Store, two: Store) => Promise<void>) => {
    if (!second) {
      it.skip?.(`${name} [skipped: this store has no second handle]`, async () => {})
      return
    }
    const both = async (one: Store) => {
      const two = await second(one)
      try {
        await Promise.all(sourcesOf(two).map((source) => source.open()))
        await run(one, two)
      } finally {
        await Promise.all(sourcesOf(two).map((source) => source.close()))
      }
    }
    it(`${name} [two handles]`, alone(both))
  }
  return {
    group: (name, run) => void api.describe(name, run),
    test: (name, run) => void it(name, alone(run)),
    race(name, run) {
      it(
        name,
        alone((store) => run(store, store)),
      )
      between(name, run)
    },
    between,
  }
}

export function sourcesOf(store: Store): readonly Source[] {
  return [...new Set(Object.values(store).map((port) => port.source))]
}

/** `count` callers at once; the answers in the callers' order. */
export function together<T>(count: number, caller: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => caller(index)))
}

/** Lets others get in between. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Looks again and again while the work is done, and once more after it. Rejects with what either threw. */
export async function alongside<T>(look: () => Promise<void>, work: () => Promise<T>): Promise<T> {
  let running = true
  const looking = async () => {
    for (let last = false; !last; await turn()) {
      last = !running
      await look()
    }
  }
  const done = work().finally(() => {
    running = false
  })
  const [worked, looked] = await Promise.allSettled([done, looking()])
  if (looked.status === 'rejected') throw looked.reason
  if (worked.status === 'rejected') throw worked.reason
  return worked.value
}

/** What the feeds of a source got since the watch began, read as a node reads them: one after the other. */
export type Watch = { entries(): Promise<readonly Entry[]>; changes(): Promise<readonly Change[]> }

export async function watch(source: Source, limit = 100): Promise<Watch> {
  const each = await Promise.all(feedsOf(source).map((feed) => watchFeed(feed, limit)))
  const entries = async () => (await Promise.all(each.map((read) => read()))).flat()
  return { entries, changes: async () => (await entries()).map(({ change }) => change) }
}

async function watchFeed(feed: Feed, limit: number): Promise<() => Promise<readonly Entry[]>> {
  const { row, position: start } = await feed.register(null)
  return async () => {
    const all: Entry[] = []
    for (;;) {
      const after = all.at(-1) ?? start
      const read = await feed.read(row, { at: after.at, id: after.id }, limit)
      assert.equal(read.standing, 'good', 'the row that reads is in good standing')
      assert.equal(read.lost, false, 'the entry at the asked position is still there')
      assert.ok(read.entries.length <= limit, `a read of at most ${limit} entries brought ${read.entries.length}`)
      for (const entry of read.entries) {
        const before = all.at(-1)?.at ?? start.at
        assert.ok(Number.isSafeInteger(entry.at) && entry.at > before, `position ${entry.at} comes after ${before}`)
        all.push(entry)
      }
      if (read.complete) return all
      assert.ok(read.entries.length > 0, 'a read that is not complete brings entries')
    }
  }
}

/** The newest position of each of a source's feeds. */
export function tailsOf(source: Source): Promise<readonly number[]> {
  return Promise.all(feedsOf(source).map((feed) => feed.tail()))
}

/** What an entry says it is about, for finding it: sessions are listed singly. */
export function mentions(entries: readonly Entry[], session: string): readonly Entry[] {
  return entries.filter(({ change }) => change.kind === 'ended' && change.sessions.includes(session))
}

/** The one entry that `find` accepts is in the feed, at or before the position that the verb answered with. */
export function announced(entries: readonly Entry[], position: number, find: (change: Change) => boolean): void {
  const found = entries.filter(({ change }) => find(change))
  assert.equal(found.length, 1, `the feed has the change once, not ${found.length} times`)
  const at = found[0]?.at ?? Number.POSITIVE_INFINITY
  assert.ok(at <= position, `the verb answered position ${position}, but its entry is at ${at}`)
}

/** Runs a verb that is to find nothing: it answers null, at least the tail of before, and leaves the feed alone. */
export async function findsNothing(
  source: Source,
  verb: () => Promise<Whereabouts & { readonly value: unknown }>,
): Promise<void> {
  const watched = await watch(source)
  const tails = await tailsOf(source)
  const { value, position, part = 0 } = await verb()
  const tail = tails[part] ?? Number.POSITIVE_INFINITY
  assert.deepEqual(Array.isArray(value) && value.length === 0 ? null : value, null, 'the verb found nothing to change')
  assert.ok(position >= tail, `finding nothing answers with the tail (${tail}) or later, not ${position}`)
  assert.deepEqual(await watched.changes(), [], 'finding nothing appends nothing')
}

/** Walks a list page by page until there is no next cursor, doing something between the pages. */
export async function walk<T>(
  list: (cursor: string | null) => Promise<{ readonly items: readonly T[]; readonly nextCursor: string | null }>,
  limit: number,
  between: (pages: number) => Promise<unknown> = async () => {},
): Promise<T[]> {
  const all: T[] = []
  let cursor: string | null = null
  for (let pages = 1; pages < 1000; pages += 1) {
    const page: { readonly items: readonly T[]; readonly nextCursor: string | null } = await list(cursor)
    assert.ok(page.items.length <= limit, `a page of at most ${limit} holds ${page.items.length}`)
    all.push(...page.items)
    if (page.nextCursor === null) return all
    cursor = page.nextCursor
    await between(pages)
  }
  assert.fail('the list never ends: every page has a next cursor')
}

/** Cursors nobody was ever given. Each must give the first page. */
export const BAD_CURSORS: readonly string[] = [
  '',
  'x',
  '%%%',
  '🦊',
  '\u0000',
  'null',
  'bnVsbA',
  'W10',
  'WzEsMl0',
  'e30',
  "' OR 1=1 --",
  'A'.repeat(10_000),
]
