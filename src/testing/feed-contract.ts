import assert from 'node:assert/strict'
import type { Entry, Feed, Position } from '../feed.ts'
import { feedRowCases } from './contract/feed-rows.ts'
import { alongside, type TestApi, together } from './contract/harness.ts'

/** What `feedContract` needs to check a feed: how to make one, and a test runner. */
export type FeedContractOptions = {
  /** For people: becomes part of the names. */
  readonly name: string
  /**
   * A feed without entries or rows, for one case. `append` makes any change that the feed gets one entry of, and answers
   * with its position; `close` gives everything back.
   */
  readonly make: () => Promise<{ readonly feed: Feed; append(): Promise<number>; close(): Promise<void> }>
  readonly api: TestApi
}

/** What a case is given: the feed, and a way to make an entry. */
export type FeedCase = (feed: Feed, append: () => Promise<number>) => Promise<void>

/**
 * The contract of a feed as cases for a test runner. A store is checked by both suites: this one for the feed itself,
 * `storeContract` for what the store's verbs write to it.
 */
export function feedContract({ name, make, api }: FeedContractOptions): void {
  const test = (title: string, run: FeedCase) => {
    api.it(title, async () => {
      const { feed, append, close } = await make()
      try {
        await run(feed, append)
      } finally {
        await close()
      }
    })
  }

  api.describe(`feed contract: ${name}`, () => {
    api.describe('feed: register, read', () => {
      test('an empty feed has a place to begin at, and nothing after it', async (feed, append) => {
        const { row, position, epoch } = await feed.register(null)
        assert.equal(position.at, await feed.tail())
        const read = await feed.read(row, position, 10)
        assert.deepEqual(read, { epoch, standing: 'good', lost: false, complete: true, entries: [] })
        const at = await append()
        assert.ok(at > position.at)
        assert.deepEqual(
          (await readAll(feed, row, position)).map((entry) => entry.at),
          [at],
        )
      })

      test('a row without a place of its own begins at the tail of the moment', async (feed, append) => {
        await append()
        const tail = await append()
        const { row, position } = await feed.register(null)
        assert.equal(position.at, tail)
        assert.ok(position.id.length > 0)
        assert.deepEqual(await readAll(feed, row, position), [])
        const next = await append()
        assert.deepEqual(
          (await readAll(feed, row, position)).map(({ at }) => at),
          [next],
        )
      })

      test('a row with a place begins there', async (feed, append) => {
        const { row, position: start } = await feed.register(null)
        await append()
        await append()
        const [first, second] = await readAll(feed, row, start)
        assert.ok(first && second)
        const again = await feed.register({ at: first.at, id: first.id })
        assert.deepEqual(again.position, { at: first.at, id: first.id })
        assert.equal((await feed.rows()).find(({ id }) => id === again.row)?.acknowledged, first.at)
        assert.deepEqual(await readAll(feed, again.row, again.position), [second])
      })

      test('positions are whole numbers that rise, each entry has an id of its own, every read tells the same', async (feed, append) => {
        const { row, position } = await feed.register(null)
        const answered: number[] = []
        for (let i = 0; i < 20; i += 1) answered.push(await append())
        const entries = await readAll(feed, row, position)
        assert.deepEqual(
          entries.map(({ at }) => at),
          answered,
        )
        assert.ok(answered.every((at, i) => Number.isSafeInteger(at) && at > (answered[i - 1] ?? position.at)))
        assert.equal(new Set(entries.map(({ id }) => id)).size, 20)
        assert.ok(entries.every(({ id, change }) => id.length > 0 && typeof change.kind === 'string'))
        const other = await feed.register(position)
        assert.deepEqual(await readAll(feed, other.row, position), entries)
        assert.equal(await feed.tail(), answered.at(-1))
      })

      test('a read brings at most what was asked, oldest first, and is complete only when it reaches the tail', async (feed, append) => {
        const { row, position } = await feed.register(null)
        for (let i = 0; i < 10; i += 1) await append()
        const all = await readAll(feed, row, position)
        for (const limit of [1, 3, 5, 10, 11]) {
          let after: Position = position
          for (let i = 0; i < all.length; i += limit) {
            const read = await feed.read(row, after, limit)
            assert.deepEqual(read.entries, all.slice(i, i + limit))
            assert.equal(read.complete, i + limit >= all.length)
            after = read.entries.at(-1) ?? after
          }
        }
      })

      test('a read that is asked after an append was answered has it', async (feed, append) => {
        const { row, position } = await feed.register(null)
        for (let i = 1; i <= 20; i += 1) {
          const at = await append()
          const { entries, complete } = await feed.read(row, position, 100)
          assert.equal(entries.at(-1)?.at, at)
          assert.ok(complete && entries.length === i)
          assert.equal(await feed.tail(), at)
        }
      })

      test('the epoch is the same for every row and read', async (feed, append) => {
        const rows = await together(3, () => feed.register(null))
        await append()
        const reads = await Promise.all(rows.map(({ row, position }) => feed.read(row, position, 10)))
        const epochs = new Set([...rows, ...reads].map(({ epoch }) => epoch))
        epochs.add(await feed.epoch())
        assert.equal(epochs.size, 1)
        assert.ok([...epochs].every((epoch) => epoch.length > 0))
      })

      test('whoever reads along while many append sees every entry once and in order', async (feed, append) => {
        const { row, position } = await feed.register(null)
        const seen: Entry[] = []
        const look = async () => {
          for (let complete = false; !complete; ) {
            const read = await feed.read(row, seen.at(-1) ?? position, 7)
            seen.push(...read.entries)
            complete = read.complete
          }
        }
        const answered = await alongside(look, () => together(100, append))
        assert.deepEqual(seen, await readAll(feed, row, position))
        assert.deepEqual(
          [...answered].sort((a, b) => a - b),
          seen.map(({ at }) => at),
        )
      })
    })

    api.describe('feed: lost', () => {
      test('a place whose entry is another, or lies beyond the tail, is lost', async (feed, append) => {
        const { row, position } = await feed.register(null)
        const at = await append()
        const [entry] = await readAll(feed, row, position)
        assert.ok(entry)
        assert.equal((await feed.read(row, { at, id: entry.id }, 10)).lost, false)
        assert.equal((await feed.read(row, { at, id: `${entry.id}x` }, 10)).lost, true)
        assert.equal((await feed.read(row, { at, id: '' }, 10)).lost, true)
        assert.equal((await feed.read(row, { at: at + 1000, id: entry.id }, 10)).lost, true)
      })
    })

    feedRowCases(api, test)
  })
}

/** Everything after a position, read in one go. */
export async function readAll(feed: Feed, row: string, after: Position): Promise<readonly Entry[]> {
  const { entries, lost, complete } = await feed.read(row, { at: after.at, id: after.id }, 10_000)
  assert.equal(lost, false)
  assert.equal(complete, true)
  return entries
}
