import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LEASE_MS, SETTLE_MS } from '../../src/view/lease.ts'
import { attempt, inParallel, pause, send, whoIs } from './support/client.ts'
import { databaseOf, type Held, PASSWORD, type Person, populate } from './support/people.ts'
import { cleanUp, command, dataFolder, type Server, startServer } from './support/server.ts'

/** What a machine that is busy with other things may add to a time that is promised, milliseconds. */
const SLACK_MS = 1000
const QUICK_MS = 500
/** How long the store waits for another process's lock, twice: a request may need more than one verb. */
const PATIENCE_MS = 10_000
const WIDTH = 10
const MINUTE = 60_000

let data: string
let a: Server
let b: Server
let admin: Held
let people: readonly Person[]
const taken = new Map<Person, number>()

beforeAll(async () => {
  data = dataFolder()
  ;({ people } = await populate(data, { users: 50, sessionsEach: 12 }))
  const { held } = await populate(data, { users: 1, sessionsEach: 1, roles: ['admin'] })
  admin = held[0] as Held
  ;[a, b] = [await startServer(data), await startServer(data)]
}, MINUTE)

afterAll(cleanUp)

/** So many sessions that no test has had yet, of as many users as possible. */
function fresh(count: number): readonly Held[] {
  return Array.from({ length: count }, (_, i) => {
    const person = people[i % people.length] as Person
    const next = taken.get(person) ?? 0
    taken.set(person, next + 1)
    return person.sessions[next] as Held
  })
}

/** One way after the other to end a session. */
function end({ url }: Server, { token, sid }: Held, way: number) {
  if (way % 3 === 0) return send(url, 'POST', '/auth/sign-out', { token })
  if (way % 3 === 1) return send(url, 'DELETE', `/auth/sessions/${sid}`, { token })
  return send(url, 'DELETE', `/auth/admin/sessions/${sid}`, { token: admin.token })
}

/** Stops a server where it holds no lock of the file: what happens to the others then is another test’s. */
async function standStill(server: Server): Promise<void> {
  for (;;) {
    server.signal('SIGSTOP')
    await pause(20)
    if (!isLocked()) return
    server.signal('SIGCONT')
    await pause(20)
  }
}

/** Whether somebody holds the lock for longer than a server that runs would. */
function isLocked(): boolean {
  const database = new DatabaseSync(databaseOf(data), { timeout: 500 })
  try {
    database.exec('BEGIN IMMEDIATE')
    database.exec('ROLLBACK')
    return false
  } catch {
    return true
  } finally {
    database.close()
  }
}

async function timed<T>(run: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const began = performance.now()
  const value = await run()
  return { value, ms: performance.now() - began }
}

/** Has both servers hold the session in memory. */
async function warm(held: Held): Promise<void> {
  for (const { url } of [a, b, a, b]) expect(await whoIs(url, held.token)).toMatchObject({ status: 200 })
}

it('TE-01: what ends on one server is refused by the other from the moment of the answer: 200 of 200, both ways', async () => {
  const outcomes = await inParallel(fresh(200), WIDTH, async (held, i) => {
    const [here, there] = i % 2 === 0 ? [a, b] : [b, a]
    await warm(held)
    const ended = await end(here, held, i)
    const after = await Promise.all([whoIs(there.url, held.token), whoIs(here.url, held.token)])
    return `${ended.status} ${after.map(({ status }) => status).join(' ')}`
  })
  expect(new Set(outcomes)).toEqual(new Set(['204 401 401']))
}, 60_000)

describe('SIGSTOP', () => {
  it('TE-01, TE-10: a server that stands still for longer than a lease answers nothing but refusals when it goes on', async () => {
    const [ended, kept] = [fresh(20), fresh(5)]
    for (const held of [...ended, ...kept]) await warm(held)
    await standStill(b)
    const stood = pause(5000)
    // These wait in the socket of a server that does not run.
    const early = ended.map(({ token }) => whoIs(b.url, token))
    const endings = await Promise.all(ended.map((held, i) => timed(() => end(a, held, i))))
    for (const { value, ms } of endings) {
      expect(value.status).toBe(204)
      expect(ms).toBeLessThan(LEASE_MS + SLACK_MS)
    }
    const late = ended.map(({ token }) => whoIs(b.url, token))
    await stood
    b.signal('SIGCONT')
    const first = await Promise.all([...early, ...late])
    expect(first.map(({ status }) => status)).toEqual(first.map(() => 401))
    for (const { token } of kept) expect((await whoIs(b.url, token)).status).toBe(200)
  }, 60_000)

  it('TE-01: a shorter one only makes the ending wait for it', async () => {
    const [held] = fresh(1) as [Held]
    // The row of the server that stood still before may have been given up: this ending sees it in good standing again.
    await end(a, fresh(1)[0] as Held, 0)
    await warm(held)
    await standStill(b)
    let over = false
    const ending = timed(() => end(a, held, 0)).finally(() => {
      over = true
    })
    await pause(600)
    expect(over).toBe(false)
    b.signal('SIGCONT')
    const { ms } = await ending
    expect((await whoIs(b.url, held.token)).status).toBe(401)
    expect(ms).toBeLessThan(LEASE_MS)
  }, 60_000)
})

it('TE-07: a lock by the command line is obeyed by both servers before the command has returned', async () => {
  const victim = (await populate(data, { users: 1, sessionsEach: 2 })).people[0] as Person
  for (const held of victim.sessions) await warm(held)
  let done = false
  const began = performance.now()
  const refusedAfter = Promise.all(
    [a, b].map(async ({ url }, i) => {
      const { token } = victim.sessions[i] as Held
      for (;;) {
        const last = done
        const { status } = await whoIs(url, token)
        if (status === 401) return performance.now() - began
        // This question was asked after the command had returned.
        if (last) return Number.POSITIVE_INFINITY
      }
    }),
  )
  const run = await command(data, 'users', 'lock', victim.email)
  done = true
  const [onA, onB] = await refusedAfter
  console.log(
    `users lock: ${Math.round(run.ms)} ms; refused by A after ${Math.round(onA ?? 0)}, by B after ${Math.round(onB ?? 0)} ms`,
  )
  expect(run).toMatchObject({ code: 0, out: expect.stringContaining('is locked') })
  expect([onA, onB].every(Number.isFinite)).toBe(true)
  for (const { url } of [a, b]) {
    for (const { token } of victim.sessions) expect(await whoIs(url, token)).toMatchObject({ status: 401 })
  }
}, 60_000)

it('ER-02, TE-10: while another process holds the lock of the file nothing can be changed, and everyone known goes on', async () => {
  const [warmed, cold, leaving] = fresh(3) as [Held, Held, Held]
  await warm(warmed)
  const database = new DatabaseSync(databaseOf(data), { timeout: 5000 })
  database.exec('BEGIN IMMEDIATE')
  const body = { email: warmed.owner.email, password: PASSWORD, transport: 'bearer' }
  const refused = Promise.all([
    timed(() => end(a, leaving, 0)),
    timed(() => send(a.url, 'POST', '/auth/sign-in', { body })),
  ])
  try {
    for (let i = 0; i < 25; i += 1) {
      const { value, ms } = await timed(() => whoIs(a.url, warmed.token))
      expect(value.status).toBe(200)
      expect(ms).toBeLessThan(SLACK_MS)
      await pause(200)
    }
    expect((await whoIs(a.url, cold.token)).status).toBe(200)
    for (const { value, ms } of await refused) {
      expect(value).toMatchObject({ status: 503, code: 'unavailable' })
      expect(ms).toBeLessThan(PATIENCE_MS + SLACK_MS)
    }
  } finally {
    database.exec('ROLLBACK')
    database.close()
  }
  // Nothing was cleared, so whoever was refused can ask again.
  expect((await whoIs(a.url, leaving.token)).status).toBe(200)
  expect((await end(a, leaving, 0)).status).toBe(204)
  for (const { url } of [a, b]) expect((await whoIs(url, leaving.token)).status).toBe(401)
  expect((await send(a.url, 'POST', '/auth/sign-in', { body })).status).toBe(200)
}, 60_000)

it('TE-01: after kill -9 of a server the next ending waits for its lease, and later ones for nothing', async () => {
  const [first, ...rest] = fresh(30)
  await warm(first as Held)
  await b.kill()
  const ending = await timed(() => end(a, first as Held, 0))
  expect(ending.value.status).toBe(204)
  expect(ending.ms).toBeLessThan(SETTLE_MS + SLACK_MS)
  expect((await whoIs(a.url, (first as Held).token)).status).toBe(401)
  // The row is removed a lease after it was marked.
  await pause(SETTLE_MS + QUICK_MS)
  const later = await inParallel(rest, 5, (held, i) => timed(() => end(a, held, i)))
  expect(new Set(later.map(({ value }) => value.status))).toEqual(new Set([204]))
  const times = later.map(({ ms }) => ms).sort((x, y) => x - y)
  expect(times[times.length >> 1]).toBeLessThan(QUICK_MS)
  // None has waited for a lease: the machine may be busy, but not for that long.
  expect(times.at(-1)).toBeLessThan(LEASE_MS - SLACK_MS)
  expect(await attempt(b.url, 'GET', '/livez')).toBeNull()
}, 60_000)
