import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import type { Position } from '../../src/feed.ts'
import type { Store } from '../../src/store.ts'
import type { Driver } from '../../src/stores/sql/driver.ts'
import { sqlFeed } from '../../src/stores/sql/feed.ts'
import { sqliteDriver } from '../../src/stores/sql/sqlite/driver.ts'
import { idOf, sampleSession, T0 } from '../../src/testing/samples.ts'
import { sourceOf } from './source-of.ts'
import { closed, later, newFile, opened } from './sqlite-fixture.ts'

const ORIGIN: Position = { at: 0, id: '' }

async function append(store: Store, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) await store.users.endEveryone()
}

it('gives positions without a gap, also past what was rolled back', async () => {
  const store = await opened()
  const { feed } = sourceOf(store)
  const { row, position } = await feed.register(null)
  expect(position).toEqual(ORIGIN)
  await store.sessions.start(sampleSession('one'), null, T0)
  await expect(store.sessions.start(sampleSession('one'), null, T0)).rejects.toThrow('exists already')
  const ends = await Promise.all([
    store.users.endEveryone(),
    store.sessions.end(idOf('one'), 'signed_out', T0),
    store.sessions.end(idOf('one'), 'signed_out', T0),
    store.users.endEveryone(),
  ])
  expect(ends.map((end) => end.position)).toEqual([1, 2, 2, 3])
  const read = await feed.read(row, ORIGIN, 2)
  expect(read).toMatchObject({ standing: 'good', lost: false, complete: false })
  expect(read.entries.map(({ at, change }) => [at, change.kind])).toEqual([
    [1, 'everyone'],
    [2, 'ended'],
  ])
  const rest = await feed.read(row, read.entries[1] ?? ORIGIN, 2)
  expect(rest).toMatchObject({ complete: true, entries: [{ at: 3 }] })
})

it('answers without a query while nothing was committed, and notices every commit', async () => {
  const file = newFile()
  const driver = sqliteDriver(file, 5000)
  let queries = 0
  const counting: Driver = {
    ...driver,
    feed: {
      ...driver.feed,
      all(sql, ...values) {
        queries += 1
        return driver.feed.all(sql, ...values)
      },
    },
  }
  const feed = sqlFeed(counting)
  await driver.open()
  later(() => driver.close())
  const store = await opened(file)
  const other = sourceOf(store).feed

  const { row, position } = await feed.register(null)
  const first = await feed.read(row, position, 10)
  queries = 0
  expect(await feed.read(row, position, 10)).toEqual(first)
  expect(queries).toBe(0)

  await store.users.endEveryone()
  const second = await feed.read(row, position, 10)
  expect(second.entries).toHaveLength(1)
  const after = second.entries[0] ?? ORIGIN
  expect(queries).toBe(1)
  expect(await feed.read(row, { at: after.at, id: after.id }, 10)).toEqual({ ...second, entries: [] })
  expect(queries).toBe(1)
  expect((await feed.read(row, position, 10)).entries).toHaveLength(1)
  expect(queries).toBe(2)

  await feed.read(row, after, 10)
  await feed.mark([row])
  expect((await feed.read(row, after, 10)).standing).toBe('marked')
  await other.remove([row])
  expect((await feed.read(row, after, 10)).standing).toBe('unknown')
})

it('wakes for what is appended here at once, and for what another process appends soon, not for touches', async () => {
  const file = newFile()
  const store = await opened(file)
  const other = await opened(file)
  const woken: string[] = []
  const cancel = sourceOf(store).feed.onAppend(() => woken.push('here'))
  const cancelOther = sourceOf(other).feed.onAppend(() => woken.push('there'))
  await store.sessions.start(sampleSession('one'), null, T0)
  await store.sessions.touch([{ ...sampleSession('one'), lastActiveAt: T0 + 1 }])
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(woken).toEqual([])
  await store.users.endEveryone()
  expect(woken).toEqual(['here'])
  await expect.poll(() => woken, { interval: 5 }).toEqual(['here', 'there'])
  cancel()
  await append(store, 2)
  await expect.poll(() => woken.length, { interval: 5 }).toBeGreaterThan(2)
  expect(woken.filter((name) => name === 'here')).toHaveLength(1)
  cancelOther()
})

it('says that entries are lost when they were trimmed', async () => {
  const store = await opened()
  const { feed } = sourceOf(store)
  const { row } = await feed.register(null)
  await append(store, 5)
  const { entries } = await feed.read(row, ORIGIN, 10)
  const [first, , third, , fifth] = entries
  if (!first || !third || !fifth) throw new Error('there are five')
  await feed.acknowledge(row, 3)
  await feed.trim(0)
  const lost = { lost: true, complete: false, entries: [] }
  expect(await feed.read(row, first, 10)).toMatchObject(lost)
  expect(await feed.read(row, ORIGIN, 10)).toMatchObject(lost)
  expect((await feed.read(row, third, 10)).entries.map(({ at }) => at)).toEqual([4, 5])
  expect(await feed.read(row, { at: 0, id: 'x' }, 10)).toMatchObject(lost)
  await feed.acknowledge(row, 5)
  await feed.trim(2)
  expect((await feed.read(row, third, 10)).lost).toBe(false)
  await feed.remove([row])
  await feed.trim(0)
  expect(await feed.tail()).toBe(5)
  expect(await feed.read(row, fifth, 10)).toMatchObject({ standing: 'unknown', lost: false, complete: true })
  expect((await store.users.endEveryone()).position).toBe(6)
})

it('ends the epoch, once, when an entry that was read is another or not there any more', async () => {
  const store = await opened()
  const { feed } = sourceOf(store)
  const one = await feed.register(null)
  const two = await feed.register(null)
  await append(store, 2)
  const { entries, epoch } = await feed.read(one.row, ORIGIN, 10)
  expect(epoch).toBe(one.epoch)
  const [, second] = entries
  if (!second) throw new Error('there are two')
  const found = await feed.read(one.row, { at: second.at, id: 'x' }, 10)
  expect(found).toMatchObject({ lost: true, complete: false, entries: [] })
  expect(found.epoch).not.toBe(epoch)
  expect(await feed.epoch()).toBe(found.epoch)
  // The other row is of the epoch before: it is told of the new one, and makes none of its own.
  expect(await feed.read(two.row, { at: 3, id: 'y' }, 10)).toMatchObject({ lost: true, epoch: found.epoch })
  expect(await feed.read('a row that a restored copy has not', { at: 3, id: 'y' }, 10)).toMatchObject({
    lost: true,
    epoch: found.epoch,
  })
  const three = await feed.register(null)
  await feed.remove([three.row])
  const again = await feed.read(three.row, { at: 3, id: 'z' }, 10)
  expect(again).toMatchObject({ lost: true, standing: 'unknown' })
  expect(again.epoch).not.toBe(found.epoch)
})

it('trims any number', async () => {
  const store = await opened()
  const { feed } = sourceOf(store)
  await Promise.all(Array.from({ length: 1_203 }, () => store.users.endEveryone()))
  await feed.trim(3)
  const { row } = await feed.register(null)
  const { entries } = await feed.read(row, ORIGIN, 10)
  expect(entries).toEqual([])
  const file = await feed.tail()
  expect(file).toBe(1_203)
})

it('never moves an acknowledgement back, and knows nothing beyond its tail', async () => {
  const store = await opened()
  const { feed } = sourceOf(store)
  await append(store, 3)
  const { row, position } = await feed.register(null)
  expect(position.at).toBe(3)
  await feed.acknowledge(row, 2)
  await feed.acknowledge('nobody', 9)
  expect(await feed.rows()).toEqual([{ id: row, acknowledged: 3, marked: false }])
  const ahead = await feed.register({ at: 70, id: 'other feed' })
  expect(ahead.position).toEqual({ at: 70, id: 'other feed' })
  expect((await feed.read(ahead.row, ahead.position, 10)).lost).toBe(true)
  expect((await feed.rows()).find(({ id }) => id === ahead.row)?.acknowledged).toBe(3)
  await feed.mark([row, 'nobody'])
  expect((await feed.rows()).filter(({ marked }) => marked)).toHaveLength(1)
})

it('keeps its epoch over a restart, and makes a new one when it is missing', async () => {
  const file = newFile()
  const before = await opened(file)
  const { epoch, row } = await sourceOf(before).feed.register(null)
  await closed(before)
  const store = await opened(file)
  const { feed } = sourceOf(store)
  expect(await feed.read(row, ORIGIN, 10)).toMatchObject({ epoch, lost: false, standing: 'good', complete: true })
  const database = new DatabaseSync(file)
  later(() => database.close())
  database.exec('DELETE FROM feed_state')
  const read = await feed.read(row, ORIGIN, 10)
  expect(read.epoch).not.toBe(epoch)
  expect(read).toMatchObject({ lost: true, complete: false, entries: [] })
  const again = await feed.register(null)
  expect(again.epoch).toBe(read.epoch)
  expect(await feed.read(again.row, again.position, 10)).toMatchObject({ lost: false, complete: true })
})

it('splits what ended by reason and by 500 ids an entry', async () => {
  const store = await opened()
  const { feed } = sourceOf(store)
  const { row } = await feed.register(null)
  const starts = Array.from({ length: 1_050 }, (_, i) => store.sessions.start(sampleSession(`s${i}`), null, T0))
  await Promise.all(starts)
  const { value, position } = await store.sessions.endOf(idOf('owner'), 'session_revoked', T0 + 1, idOf('s7'))
  expect(value).toHaveLength(1_049)
  expect(position).toBe(3)
  const { entries } = await feed.read(row, ORIGIN, 10)
  const sizes = entries.map(({ change }) => (change.kind === 'ended' ? change.sessions.length : 0))
  expect(sizes).toEqual([500, 500, 49])
})

it('keeps no process alive that only follows the feed', async () => {
  const { feed } = sourceOf(await opened())
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  const cancel = feed.onAppend(() => {})
  expect(timers()).toBe(before)
  cancel()
})
