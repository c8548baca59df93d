import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { idOf, sampleEvent, sampleSession, sampleTicket, sampleUser, T0 } from '../../src/testing/samples.ts'
import type { UserId } from '../../src/user.ts'
import { sourceOf } from './source-of.ts'
import { closed, later, newFile, opened } from './sqlite-fixture.ts'

const CHILD = fileURLToPath(new URL('./sqlite-child.ts', import.meta.url))

type Child = { readonly process: ChildProcess; lines(): readonly string[]; readonly over: Promise<unknown> }

function child(file: string, task: string, times = 0, flags: readonly string[] = []): Child {
  const args = ['--disable-warning=ExperimentalWarning', ...flags, CHILD, file, task, `${times}`]
  const started = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  later(() => void started.kill('SIGKILL'))
  let text = ''
  started.stdout.on('data', (part) => {
    text += part
  })
  // A line that a kill has cut off is none.
  const lines = () => text.split('\n').slice(0, -1)
  return { process: started, lines, over: once(started, 'close') }
}

async function ready(...children: readonly Child[]): Promise<void> {
  for (const { lines } of children) await expect.poll(lines, { timeout: 60_000, interval: 5 }).toContain('ready')
}

function go(...children: readonly Child[]): void {
  for (const { process } of children) process.stdin?.end('go\n')
}

it('P7: what was answered as ended is ended after the process was killed', async () => {
  const file = newFile()
  const { process, lines, over } = child(file, 'end')
  await expect.poll(() => lines().length, { timeout: 60_000, interval: 5 }).toBeGreaterThan(60)
  process.kill('SIGKILL')
  await over
  const store = await opened(file)
  const ended = lines()
  for (const id of ended) expect((await store.sessions.find(idOf(id)))?.endReason).toBe('signed_out')
  const { feed } = sourceOf(store)
  const { row } = await feed.register(null)
  const { entries } = await feed.read(row, { at: 0, id: '' }, 1_000_000)
  const told = new Set(entries.flatMap(({ change }) => (change.kind === 'ended' ? change.sessions : [])))
  for (const id of ended) expect(told).toContain(id)
})

it('RT-11: a refresh whose process was killed was made or not: what was answered is never taken back', async () => {
  const file = newFile()
  const { process, lines, over } = child(file, 'advance')
  await expect.poll(() => lines().length, { timeout: 60_000, interval: 5 }).toBeGreaterThan(30)
  process.kill('SIGKILL')
  await over
  const { sessions } = await opened(file)
  const record = sampleSession('one')
  const answered = Number(lines().at(-1))
  expect(answered).toBe(lines().length)
  const found = await sessions.find(record.id)
  // One more, when it was killed between the commit and the line.
  expect([answered, answered + 1]).toContain(found?.counter)
  const counter = found?.counter ?? 0
  expect(found).toEqual({ ...record, counter, rotatedAt: T0 + counter - 1 })
  expect(await sessions.advance(record.id, record.digest, counter - 1, counter, T0)).toBeNull()
  expect((await sessions.advance(record.id, record.digest, counter, counter + 1, T0))?.counter).toBe(counter + 1)
})

it('RT-03: two processes that refresh one session make one line', async () => {
  const file = newFile()
  const store = await opened(file)
  await store.sessions.start(sampleSession('one'), null, T0)
  const others = [child(file, 'refresh', 25), child(file, 'refresh', 25)]
  await ready(...others)
  go(...others)
  await Promise.all(others.map(({ over }) => over))
  const made = others.flatMap(({ lines }) => lines().filter((line) => line !== 'ready')).map(Number)
  expect(made.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
  expect((await store.sessions.find(idOf('one')))?.counter).toBe(50)
})

it('waits while another process writes for long, and answers other calls meanwhile', async () => {
  const file = newFile()
  const store = await opened(file)
  await store.users.create(sampleUser('ada'), 'ada@example.org')
  const { lines, over } = child(file, 'hold', 300)
  await expect.poll(lines, { timeout: 60_000, interval: 5 }).toContain('held')
  let isWritten = false
  const written = store.users.endAll(idOf('ada'), 'session_revoked').then(() => {
    isWritten = true
  })
  let reads = 0
  for (; reads < 20; reads += 1) {
    expect((await store.users.find(idOf('ada'))).user?.generation).toBe(1)
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(isWritten).toBe(false)
  await written
  expect((await store.users.find(idOf('ada'))).user?.generation).toBe(2)
  await over
})

it('is patient at the start while another process brings the schema up to date, however short it is otherwise', async () => {
  const file = newFile()
  await closed(await opened(file))
  const { lines, over } = child(file, 'hold', 500)
  await expect.poll(lines, { timeout: 60_000, interval: 5 }).toContain('held')
  const store = await opened(file, { patience: '50ms' })
  expect((await store.users.find(idOf('nobody'))).user).toBeNull()
  await over
})

it('RC-01: of takers in two processes one gets the ticket', async () => {
  const file = newFile()
  const store = await opened(file)
  const count = 40
  await Promise.all(Array.from({ length: count }, (_, i) => store.tickets.put(sampleTicket(`t${i}`))))
  const others = [child(file, 'take', count), child(file, 'take', count)]
  await ready(...others)
  go(...others)
  await Promise.all(others.map(({ over }) => over))
  const taken = others.flatMap(({ lines }) => lines().filter((line) => line !== 'ready'))
  expect([...taken].sort()).toEqual(Array.from({ length: count }, (_, i) => `t${i}`).sort())
})

it('holds the limit of sessions over two processes', async () => {
  const file = newFile()
  const store = await opened(file)
  const others = [child(file, 'start', 30), child(file, 'start', 30)]
  await ready(...others)
  go(...others)
  await Promise.all(others.map(({ over }) => over))
  expect(await store.sessions.ofUser('ada' as UserId, 'active', 100)).toHaveLength(3)
  expect(await store.sessions.ofUser('ada' as UserId, 'ended', 100)).toHaveLength(57)
})

it('wakes for what another process appends', async () => {
  const file = newFile()
  const store = await opened(file)
  const { feed } = sourceOf(store)
  const { row, position } = await feed.register(null)
  const other = child(file, 'everyone')
  await ready(other)
  const woken = new Promise<void>((resolve) => later(feed.onAppend(() => resolve())))
  go(other)
  await woken
  expect((await feed.read(row, position, 10)).entries).toMatchObject([{ at: 1, change: { everyone: 1 } }])
  await other.over
})

it('lets several processes make the file at once', async () => {
  const file = newFile()
  const others = Array.from({ length: 3 }, () => child(file, 'everyone'))
  await ready(...others)
  go(...others)
  await Promise.all(others.map(({ over }) => over))
  const said = others.flatMap(({ lines }) => lines().filter((line) => line !== 'ready'))
  expect(said.sort()).toEqual(['1', '2', '3'])
  const store = await opened(file)
  expect((await store.users.find(idOf('nobody'))).everyone).toBe(3)
  expect(await sourceOf(store).feed.tail()).toBe(3)
  await closed(store)
})

it('LG-01: loses no event of a process that has nothing else to do', async () => {
  const file = newFile()
  await child(file, 'leave').over
  const { items } = await (await opened(file)).audit.list({}, null, 10)
  expect(items.map(({ id }) => id).toSorted()).toEqual([sampleEvent('first').id, sampleEvent('last').id].toSorted())
})

it('loads nothing into its thread that the program was begun with', async () => {
  const { lines, over } = child(newFile(), 'leave', 0, ['--import', `data:text/javascript,console.log('begun')`])
  await over
  expect(lines().filter((line) => line === 'begun')).toHaveLength(1)
})
