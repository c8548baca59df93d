import { DatabaseSync } from 'node:sqlite'
import { sqlite } from '../../src/sqlite.ts'
import { idOf, sampleEvent, sampleSession, sampleTicket, T0 } from '../../src/testing/samples.ts'
import type { UserId } from '../../src/user.ts'
import { sourceOf } from './source-of.ts'

/*
 * A process of its own, for the tests that need two. It says each thing it has done in a line. Arguments: the file, what
 * to do, how often.
 */
const [file = '', task = '', times = '0'] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)

const TASKS: Readonly<Record<string, () => Promise<void>>> = {
  /** Ends sessions, as many at once as a busy process would, until it is killed. */
  async end() {
    const store = await openStore()
    for (let i = 0; ; i += 5) {
      const batch = Array.from({ length: 5 }, (_, n) => idOf<'session'>(`s${i + n}`))
      await Promise.all(
        batch.map(async (id) => {
          await store.sessions.start(sampleSession(id), null, T0)
          await store.sessions.end(id, 'signed_out', T0 + 1)
          say(id)
        }),
      )
    }
  },
  /** Advances the counter of one session, until it is killed. */
  async advance() {
    const store = await openStore()
    const record = sampleSession('one')
    await store.sessions.start(record, null, T0)
    for (let from = 0; ; from += 1) {
      const advanced = await store.sessions.advance(record.id, record.digest, from, from + 1, T0 + from)
      say(String(advanced?.counter))
    }
  },
  /** Refreshes one session as often as told, looking again whenever another was first. */
  async refresh() {
    const store = await openStore()
    const record = sampleSession('one')
    say('ready')
    await once('data')
    for (let made = 0; made < Number(times); ) {
      const from = (await store.sessions.find(record.id))?.counter ?? 0
      const advanced = await store.sessions.advance(record.id, record.digest, from, from + 1, T0)
      if (!advanced) continue
      made += 1
      say(String(advanced.counter))
    }
    await sourceOf(store).close()
  },
  /** Holds the lock of the file for some milliseconds. */
  async hold() {
    const database = new DatabaseSync(file)
    database.exec('BEGIN IMMEDIATE')
    say('held')
    await new Promise((resolve) => setTimeout(resolve, Number(times)))
    database.exec('COMMIT')
    database.close()
  },
  /** Takes each of the tickets, at the same time as others. */
  async take() {
    const store = await openStore()
    say('ready')
    await once('data')
    const all = Array.from({ length: Number(times) }, async (_, i) => {
      const taken = await store.tickets.take(sampleTicket(`t${i}`).digest, 'reset')
      if (taken) say(`t${i}`)
    })
    await Promise.all(all)
    await sourceOf(store).close()
  },
  /** Signs in again and again, with a limit of three sessions. */
  async start() {
    const store = await openStore()
    say('ready')
    await once('data')
    const limit = { max: 3, whenFull: 'end-oldest' } as const
    for (let i = 0; i < Number(times); i += 1) {
      const record = sampleSession(`${process.pid}-${i}`, { userId: 'ada' as UserId })
      await store.sessions.start(record, limit, T0)
    }
    await sourceOf(store).close()
  },
  /** Takes down two events while its second thread is there, the second too soon after the first, and has nothing else to do. */
  async leave() {
    const store = await openStore()
    await store.sessions.endDue(T0, 20, T0)
    void store.audit.append([sampleEvent('first')])
    void store.audit.append([sampleEvent('last')])
  },
  /** Ends everyone when told to, and says the position. */
  async everyone() {
    const store = await openStore()
    say('ready')
    await once('data')
    say(String((await store.users.endEveryone()).position))
    await sourceOf(store).close()
  },
}

async function openStore() {
  const store = sqlite(file)
  await sourceOf(store).open()
  return store
}

function once(event: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.once(event, () => {
      process.stdin.destroy()
      resolve()
    })
  })
}

await TASKS[task]?.()
