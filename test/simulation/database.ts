import type { Feed, Told } from '../../src/feed.ts'
import type { Store } from '../../src/store.ts'
import type { Agenda } from './agenda.ts'
import type { Process } from './machine.ts'

/** Verbs that change what a database keeps, and so are lost with it. Rows of the feed are not among them. */
const WRITES =
  /^(users\.(create|edit|setRoles|setStatus|endAll|remove|endEveryone)|credentials\.(add|replace|disable|remove)|sessions\.(start|touch|replace|advance|setFields|end\w*)|denials\.deny|keys\.(add|remove|reseal|forget)|settings\.replacePolicy)$/

type Write = { readonly at: number; readonly name: string; readonly given: readonly unknown[] }

/**
 * The truth: a store in memory, of which every verb takes effect at one instant. What the contract of a feed allows and the
 * store in memory never does happens here: pages shorter than asked for.
 */
export type Database = {
  readonly name: string
  store(): Store
  /** Something that is in it before anything happens, and is left whatever is lost. */
  fill(work: (store: Store) => Promise<unknown>): Promise<unknown>
  /** What a verb does here and now, on behalf of a process. */
  perform(process: Process, name: string, given: readonly unknown[]): Promise<unknown>
  /** Calls `wake` after an append, with what was appended, as long as the process lives. */
  subscribe(process: Process, wake: (told?: Told) => void): void
  /** Goes back to what it kept then. Its feed has another epoch afterwards, and no rows. */
  restore(to: number): Promise<void>
  /** Whether a process has been without a row at some time since. */
  lackedRow(process: Process, since: number): boolean
  /** How many entries the answer to a read of the feed holds at most. */
  pages(most: number): void
}

export function database(name: string, make: () => Store, agenda: Agenda, keepsLog: boolean): Database {
  const log: Write[] = []
  const filled: ((store: Store) => Promise<unknown>)[] = []
  const subscribers = new Map<Process, (told?: Told) => void>()
  const rows = new Map<string, Process>()
  /** Of each process: rows it has, and when it last had none. */
  const kept = new WeakMap<Process, { count: number; lacked: number }>()
  let page = Number.POSITIVE_INFINITY
  let store = open()

  function open(): Store {
    const made = make()
    made.users.source.feed.onAppend((told) => {
      for (const [process, wake] of subscribers) if (process.alive()) wake(told)
    })
    return made
  }

  function verb(of: Store, called: string, given: readonly unknown[]): Promise<unknown> {
    const [port, what] = called.split('.') as [keyof Store | 'feed', string]
    const place = port === 'feed' ? of.users.source.feed : of[port]
    return Reflect.get(place, what)(...given) as Promise<unknown>
  }

  function count(process: Process, by: number): void {
    const before = kept.get(process) ?? { count: 0, lacked: 0 }
    const next = before.count + by
    kept.set(process, { count: next, lacked: next === 0 || before.count === 0 ? agenda.now() : before.lacked })
  }

  function drop(ids: Iterable<string>): void {
    for (const id of ids) {
      const owner = rows.get(id)
      if (!owner) continue
      rows.delete(id)
      count(owner, -1)
    }
  }

  return {
    name,
    store: () => store,
    fill(work) {
      filled.push(work)
      return work(store)
    },
    perform(process, called, given) {
      if (keepsLog && WRITES.test(called)) log.push({ at: agenda.now(), name: called, given })
      switch (called) {
        case 'feed.read': {
          const [row, after, limit] = given as Parameters<Feed['read']>
          return store.users.source.feed.read(row, after, Math.min(limit, page))
        }
        case 'feed.register':
          return (verb(store, called, given) as ReturnType<Feed['register']>).then((registered) => {
            rows.set(registered.row, process)
            count(process, 1)
            return registered
          })
        case 'feed.remove':
          drop(given[0] as readonly string[])
          return verb(store, called, given)
        default:
          return verb(store, called, given)
      }
    },
    subscribe: (process, wake) => void subscribers.set(process, wake),
    async restore(to) {
      store = open()
      drop([...rows.keys()])
      for (const work of filled) await work(store)
      log.splice(log.findIndex(({ at }) => at > to) >>> 0)
      for (const { name: called, given } of log) await verb(store, called, given)
    },
    lackedRow(process, since) {
      const known = kept.get(process)
      return !known || known.count === 0 || known.lacked >= since
    },
    pages(most) {
      page = most
    },
  }
}
