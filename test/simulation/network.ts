import { AsyncLocalStorage } from 'node:async_hooks'
import type { Agenda } from './agenda.ts'
import type { Database } from './database.ts'
import type { Process } from './machine.ts'
import type { Random } from './random.ts'

/** What of the traffic between a node and a database does not get through. */
export type Cut =
  | 'everything'
  | 'requests'
  | 'answers'
  /** The connection of the feed alone. */
  | 'feed'
  | 'feed.read'
  | 'feed.register'
  | 'feed.acknowledge'
  /** Everything but the feed. */
  | 'look-ups'

/** What a link does to messages. Milliseconds and probabilities. */
export type Weather = {
  /** How long a message takes on average. */
  readonly delay: number
  readonly lost: number
  /** How many take much longer, and how long at most. */
  readonly slow: number
  readonly slowest: number
  /** The same of answers: to everything, and to everything but the feed. */
  readonly late: number
  readonly sluggish: number
  /** How long wake-ups take on average, and how many are lost. */
  readonly wakeDelay: number
  readonly wakesLost: number
}

export const CALM: Weather = {
  delay: 3,
  lost: 0,
  slow: 0,
  slowest: 0,
  late: 0,
  sluggish: 0,
  wakeDelay: 3,
  wakesLost: 0,
}

/** The way between one machine and one database. */
export type Link = {
  readonly database: Database
  weather(next: Weather): void
  /** Cuts until the cut is mended. */
  cut(what: Cut): () => void
  mend(): void
  /** How long a message takes; null when it never arrives. */
  passage(name: string, to: 'database' | 'node'): number | null
  /** How long a wake-up takes; null when it is lost. */
  wake(): number | null
  /** Whether what was sent arrives, now that it does. */
  open(name: string, to: 'database' | 'node'): boolean
}

export function link(database: Database, chance: Random): Link {
  const cuts = new Set<{ readonly what: Cut }>()
  let weather = CALM

  function open(name: string, to: 'database' | 'node'): boolean {
    for (const { what } of cuts) if (stops(what, name, to)) return false
    return true
  }

  return {
    database,
    weather(next) {
      weather = next
    },
    cut(what) {
      const cut = { what }
      cuts.add(cut)
      return () => void cuts.delete(cut)
    },
    mend: () => cuts.clear(),
    wake() {
      const { wakeDelay, wakesLost } = weather
      if (!open('feed.wake', 'node') || (wakesLost > 0 && chance.chance(wakesLost))) return null
      return chance.pause(wakeDelay)
    },
    open,
    passage(name, to) {
      const { delay, lost, slow, slowest } = weather
      const taken = 0.05 + chance.pause(delay)
      if (lost > 0 && chance.chance(lost)) return null
      const often = to === 'node' ? Math.max(slow, ofAnswers(weather, name)) : slow
      const longer = often > 0 && chance.chance(often) ? chance.between(50, slowest) : 0
      return open(name, to) ? taken + longer : null
    },
  }
}

function ofAnswers({ late, sluggish }: Weather, name: string): number {
  return name.startsWith('feed.') ? late : Math.max(late, sluggish)
}

function stops(what: Cut, name: string, to: 'database' | 'node'): boolean {
  switch (what) {
    case 'everything':
      return true
    case 'requests':
      return to === 'database'
    case 'answers':
      return to === 'node'
    case 'feed':
      return name.startsWith('feed.')
    case 'look-ups':
      return !name.startsWith('feed.')
    default:
      return name === what
  }
}

export type Calling = {
  readonly agenda: Agenda
  readonly chance: Random
  /** What the code under test knows a database by that does not answer. */
  readonly unavailable: (message: string) => Error
}

/** What an operation of a node has asked its databases, the waiting for other nodes left out. */
export type Errand = { unanswered: number; answeredAt: number }

/** The operation that a call belongs to. */
export const errands = new AsyncLocalStorage<Errand>()

const OF_THE_WAIT = /^feed\.(?!tail)/

/**
 * One call over the network. It takes effect at one instant, after it was sent and before it is answered; either way takes
 * its own time, so calls overtake each other. What is lost is found out at some time, or never: then the caller's own patience ends.
 */
export function call(
  { agenda, chance, unavailable }: Calling,
  process: Process,
  { database, passage, open }: Link,
  name: string,
  given: readonly unknown[],
): Promise<unknown> {
  const errand = OF_THE_WAIT.test(name) ? undefined : errands.getStore()
  if (errand) errand.unanswered += 1
  return new Promise((resolve, reject) => {
    const heard = () => {
      if (!errand) return
      errand.unanswered -= 1
      errand.answeredAt = agenda.now()
    }
    const fail = () => {
      if (chance.chance(0.5)) return
      agenda.after(chance.pause(200), () =>
        process.deliver(() => {
          heard()
          reject(unavailable('the connection was lost'))
        }),
      )
    }
    const answer = (arrive: () => void) => {
      const back = passage(name, 'node')
      if (back === null) return fail()
      agenda.after(back, () => (open(name, 'node') ? process.deliver(arrive) : fail()))
    }
    const there = passage(name, 'database')
    if (there === null) return fail()
    agenda.after(there, () => {
      if (!open(name, 'database')) return fail()
      database.perform(process, name, given).then(
        (value) =>
          answer(() => {
            heard()
            resolve(value)
          }),
        (fault) =>
          answer(() => {
            heard()
            reject(fault)
          }),
      )
    })
  })
}
