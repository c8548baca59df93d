import type { Feed } from '../../../src/feed.ts'
import type { Agenda } from '../agenda.ts'
import type { Process } from '../machine.ts'
import type { Random } from '../random.ts'
import { type Latency, oneWay } from './latency.ts'
import type { Kind, Tally } from './tally.ts'

/** What all lines have in common. */
export type Wires = {
  readonly agenda: Agenda
  readonly chance: Random
  readonly latency: Latency
  readonly tally: Tally
}

/** The connection of one node's feed to one database. What is said on it arrives in its order, either way, as on TCP. */
export type Line = {
  readonly feed: Feed
  /** Lets everything on it take so many times as long. */
  slow(times: number): void
}

/** Sessions and other things in one entry. */
const idsIn = (change: object) => ('sessions' in change ? (change.sessions as readonly string[]).length : 1)

/** @param learn called when a row is registered at the tail, at that instant of the database */
export function line(
  { agenda, chance, latency, tally }: Wires,
  process: Process,
  truth: Feed,
  learn: () => void,
): Line {
  let times = 1
  const last = { there: 0, back: 0 }

  function travel(way: 'there' | 'back', arrive: () => void): void {
    const now = agenda.now()
    const at = Math.max(now + times * oneWay(latency, chance), last[way] + 1e-6)
    last[way] = at
    agenda.after(at - now, arrive)
  }

  function call<T>(kind: Kind, perform: () => Promise<T>, counted: (answer: T) => void = () => {}): Promise<T> {
    return new Promise((resolve, reject) => {
      travel('there', () => {
        tally[kind] += 1
        perform().then(
          (answer) => {
            counted(answer)
            travel('back', () => process.deliver(() => resolve(answer)))
          },
          (fault) => travel('back', () => process.deliver(() => reject(fault))),
        )
      })
    })
  }

  return {
    slow(by) {
      times = by
    },
    feed: {
      register: (from) =>
        call('other', () => {
          if (from === null) learn()
          return truth.register(from)
        }),
      read: (row, after, limit) => call('read', () => truth.read(row, after, limit)),
      acknowledge: (row, at) => call('acknowledge', () => truth.acknowledge(row, at)),
      rows: () =>
        call('rows', truth.rows, (rows) => {
          tally.looked += rows.length
        }),
      epoch: () => call('other', truth.epoch),
      tail: () => call('other', truth.tail),
      mark: (rows) => call('other', () => truth.mark(rows)),
      remove: (rows) => call('other', () => truth.remove(rows)),
      trim: (keep) => call('other', () => truth.trim(keep)),
      onAppend: (wake) =>
        truth.onAppend((told) => {
          if (!process.alive() || told === undefined) return
          tally.told += 1
          tally.ids += idsIn(told.change)
          travel('back', () => process.deliver(() => wake(told)))
        }),
    },
  }
}
