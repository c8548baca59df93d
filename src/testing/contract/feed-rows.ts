import assert from 'node:assert/strict'
import type { Feed, Position, Told } from '../../feed.ts'
import { type TestApi, together } from './harness.ts'

type FeedTest = (title: string, run: (feed: Feed, append: () => Promise<number>) => Promise<void>) => void

/** The cases of a feed's rows, of trimming, and of being woken. */
export function feedRowCases(api: TestApi, test: FeedTest): void {
  api.describe('feed: rows', () => {
    test('every registration is a row of its own, in good standing', async (feed, append) => {
      const at = await append()
      const registered = await together(20, () => feed.register(null))
      const ids = registered.map(({ row }) => row)
      assert.equal(new Set(ids).size, 20)
      const rows = await feed.rows()
      assert.deepEqual(rows.map(({ id }) => id).sort(), [...ids].sort())
      for (const row of rows) assert.deepEqual(row, { id: row.id, acknowledged: at, marked: false })
    })

    test('acknowledging moves a row forward, never back, and only that row', async (feed, append) => {
      const [one, two] = [await feed.register(null), await feed.register(null)]
      const start = one.position.at
      const [a, b, c] = [await append(), await append(), await append()]
      for (const [at, then] of [
        [b, b],
        [a, b],
        [c, c],
        [start, c],
      ] as const) {
        await feed.acknowledge(one.row, at)
        assert.equal(await acknowledged(feed, one.row), then)
        assert.equal(await acknowledged(feed, two.row), start)
      }
      await together(20, (i) => feed.acknowledge(two.row, i % 2 ? a : b))
      assert.equal(await acknowledged(feed, two.row), b)
    })

    test('acknowledging for a row that is unknown makes none', async (feed, append) => {
      const at = await append()
      await feed.acknowledge('unknown', at)
      assert.deepEqual(await feed.rows(), [])
    })

    test('an unknown row may read, but is told so', async (feed, append) => {
      const { row, position } = await feed.register(null)
      await append()
      assert.equal((await feed.read('unknown', position, 10)).standing, 'unknown')
      await feed.remove([row, 'unknown'])
      assert.equal((await feed.read(row, position, 10)).standing, 'unknown')
      assert.deepEqual(await feed.rows(), [])
    })

    test('a marked row stays marked, whatever it reads or acknowledges', async (feed, append) => {
      const [one, two] = [await feed.register(null), await feed.register(null)]
      const at = await append()
      await feed.mark([one.row, 'unknown'])
      await feed.mark([])
      assert.equal((await feed.read(one.row, one.position, 10)).standing, 'marked')
      await feed.acknowledge(one.row, at)
      assert.equal((await feed.read(one.row, one.position, 10)).standing, 'marked')
      assert.equal((await feed.read(two.row, two.position, 10)).standing, 'good')
      const rows = await feed.rows()
      assert.deepEqual(
        rows.find(({ id }) => id === one.row),
        { id: one.row, acknowledged: at, marked: true },
      )
      assert.equal(rows.find(({ id }) => id === two.row)?.marked, false)
      assert.equal(rows.length, 2)
    })

    test('removing takes the rows named and leaves the others', async (feed) => {
      const rows = (await together(4, () => feed.register(null))).map(({ row }) => row)
      await feed.remove(rows.slice(0, 2))
      await feed.remove(rows.slice(0, 2))
      await feed.remove([])
      assert.deepEqual((await feed.rows()).map(({ id }) => id).sort(), rows.slice(2).sort())
    })
  })

  api.describe('feed: trim', () => {
    test('forgets nothing that a row has not acknowledged', async (feed, append) => {
      const slow = await feed.register(null)
      const fast = await feed.register(null)
      for (let i = 0; i < 10; i += 1) await append()
      const all = (await feed.read(slow.row, slow.position, 100)).entries
      await feed.acknowledge(fast.row, await feed.tail())
      await feed.trim(1)
      assert.deepEqual((await feed.read(slow.row, slow.position, 100)).entries, all)
      const fourth = all[3] as Position
      await feed.acknowledge(slow.row, fourth.at)
      await feed.trim(1)
      const read = await feed.read(slow.row, { at: fourth.at, id: fourth.id }, 100)
      assert.equal(read.lost, false, 'a row that reads on from where it stands has lost nothing')
      assert.deepEqual(read.entries, all.slice(4))
    })

    test('keeps the newest, and tells whoever asks for more that it is lost', async (feed, append) => {
      const { row, position } = await feed.register(null)
      for (let i = 0; i < 10; i += 1) await append()
      const { entries } = await feed.read(row, position, 100)
      const tail = await feed.tail()
      await feed.acknowledge(row, tail)
      await feed.trim(3)
      const before = entries[6] as Position
      const kept = await feed.read(row, { at: entries[7]?.at as number, id: entries[7]?.id as string }, 100)
      assert.equal(kept.lost, false)
      assert.deepEqual(kept.entries, entries.slice(8))
      assert.equal((await feed.read(row, position, 100)).lost, true)
      assert.equal((await feed.read(row, entries[1] as Position, 100)).lost, true)
      assert.equal((await feed.read(row, { at: before.at, id: 'another' }, 100)).lost, true)
      assert.equal(await feed.tail(), tail)
    })

    test('leaves the tail where it is, and a row there has lost nothing', async (feed, append) => {
      const { row } = await feed.register(null)
      for (let i = 0; i < 5; i += 1) await append()
      const tail = await feed.tail()
      await feed.acknowledge(row, tail)
      const at = await feed.register(null)
      await feed.trim(1)
      assert.equal(await feed.tail(), tail)
      const read = await feed.read(row, at.position, 10)
      assert.deepEqual([read.lost, read.complete, read.entries], [false, true, []])
      assert.equal((await feed.register(null)).position.at, tail)
      const next = await append()
      assert.ok(next > tail, 'positions are never used again')
      assert.deepEqual(
        (await feed.read(row, at.position, 10)).entries.map((entry) => entry.at),
        [next],
      )
    })

    test('without rows only the newest count', async (feed, append) => {
      for (let i = 0; i < 5; i += 1) await append()
      const tail = await feed.tail()
      await feed.trim(100)
      await feed.trim(2)
      assert.equal(await feed.tail(), tail)
      assert.ok((await append()) > tail)
    })
  })

  api.describe('feed: onAppend', () => {
    test('wakes whoever waits after an append', async (feed, append) => {
      let woken = 0
      const cancel = feed.onAppend(() => {
        woken += 1
      })
      for (let i = 0; i < 3; i += 1) {
        const before = woken
        await append()
        for (let turn = 0; turn < 400 && woken === before; turn += 1) await pause()
        assert.ok(woken > before, 'an append wakes')
      }
      cancel()
    })

    test('what it tells of is what a read finds, after the entry it says', async (feed, append) => {
      const { row, position } = await feed.register(null)
      const told: Told[] = []
      let woken = 0
      const cancel = feed.onAppend((entry) => {
        woken += 1
        if (entry) told.push(entry)
      })
      for (let i = 0; i < 5; i += 1) await append()
      for (let turn = 0; turn < 400 && (woken === 0 || (told.length > 0 && told.length < 5)); turn += 1) await pause()
      cancel()
      const { entries } = await feed.read(row, position, 100)
      for (const { follows, ...entry } of told) {
        const index = entries.findIndex(({ at }) => at === entry.at)
        assert.deepEqual(entry, entries[index])
        assert.equal(follows, (entries[index - 1] ?? position).id)
      }
    })

    test('wakes nobody who has cancelled, and each of several', async (feed, append) => {
      const woken = { gone: 0, stays: 0 }
      const cancel = feed.onAppend(() => {
        woken.gone += 1
      })
      const leave = feed.onAppend(() => {
        woken.stays += 1
      })
      cancel()
      cancel()
      await append()
      for (let turn = 0; turn < 400 && woken.stays === 0; turn += 1) await pause()
      assert.ok(woken.stays > 0)
      assert.equal(woken.gone, 0)
      leave()
    })
  })
}

async function acknowledged(feed: Feed, row: string): Promise<number | undefined> {
  return (await feed.rows()).find(({ id }) => id === row)?.acknowledged
}

/** Real time: being woken may come over a connection. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5))
}
