import { randomText } from '../../crypto.ts'
import type { Change, Entry, Feed, FeedRead, Position, Row, Told } from '../../feed.ts'
import { answerOf, type FeedState, isRegress } from '../../feed-state.ts'
import * as scripts from './feed-scripts.ts'
import { begin, type Marks } from './layout.ts'
import type { Partition } from './partition.ts'

type Registered = readonly [row: string, epoch: string, identity: string, channel: string, at: number, place: string]
type Read = readonly [
  epoch: string,
  identity: string,
  channel: string,
  row: string | null,
  here: string | null,
  first: number,
  last: number,
  entries: readonly string[],
]

/** Entries forgotten at once. */
const TRIMMED = 5000

/** The feed of a partition, over connections that nothing else uses. */
export function redisFeed(at: Partition, marks: Marks): Feed {
  const listeners = new Set<(told?: Told) => void>()

  function hear(message: string | null): void {
    const told = message === null ? undefined : toldOf(message)
    for (const listener of listeners) listener(told)
  }

  function listen(channel: string): void {
    if (listeners.size > 0) at.listen(channel, hear)
  }

  async function read(row: string, after: Position, limit: number): Promise<FeedRead> {
    const answer = (await at.run(scripts.READ, [row, after.at, Math.max(0, limit)])) as Read | readonly []
    if (answer.length === 0) {
      await begin(at, marks)
      return await read(row, after, limit)
    }
    const [stored, identity, channel, registered, here, first, last, flat] = answer
    const state: FeedState = {
      stored,
      epoch: bound(stored, identity),
      row: registered === null ? null : { epoch: epochOf(row), marked: registered.endsWith('!') },
      here,
      first: first === 0 ? null : first,
      last: last === 0 ? null : last,
    }
    if (isRegress(row, after, state)) {
      await at.run(scripts.BEGIN_ANEW, [stored, randomText(16)])
      return await read(row, after, limit)
    }
    listen(channel)
    return answerOf(state, limit > 0 ? entriesOf(flat) : [], after)
  }

  async function epoch(): Promise<string> {
    const [stored, identity, channel] = (await at.run(scripts.EPOCH, [])) as readonly [string | null, string, string]
    if (stored === null) {
      await begin(at, marks)
      return await epoch()
    }
    listen(channel)
    return bound(stored, identity)
  }

  async function register(from: Position | null): Promise<{ row: string; position: Position; epoch: string }> {
    const answer = (await at.run(scripts.REGISTER, [randomText(16), from?.at ?? ''])) as Registered | readonly []
    if (answer.length === 0) {
      await begin(at, marks)
      return await register(from)
    }
    const [row, stored, identity, channel, place, id] = answer
    listen(channel)
    const position = from ? { at: from.at, id: from.id } : { at: place, id }
    return { row, position, epoch: bound(stored, identity) }
  }

  return {
    register,
    read,
    acknowledge: async (row, position) => void (await at.run(scripts.ACKNOWLEDGE, [row, position])),
    epoch,
    tail: async () => (await at.run(scripts.TAIL, [])) as number,
    async rows() {
      const flat = (await at.run(scripts.ROWS, [])) as readonly string[]
      return Array.from({ length: flat.length / 2 }, (_, i): Row => {
        const [id, value] = [flat[2 * i] as string, flat[2 * i + 1] as string]
        return { id, acknowledged: Number.parseInt(value, 10), marked: value.endsWith('!') }
      })
    },
    mark: async (rows) => void (await at.run(scripts.MARK, rows)),
    remove: async (rows) => void (await at.run(scripts.REMOVE, rows)),
    async trim(keep) {
      while ((await at.run(scripts.TRIM, [keep, TRIMMED])) === TRIMMED);
    },
    onAppend(wake) {
      // Wrapped, so that registering the same function twice makes two registrations.
      const listener = (told?: Told) => wake(told)
      listeners.add(listener)
      // Where it fails, the next read listens.
      epoch().catch(() => {})
      return () => void listeners.delete(listener)
    },
  }
}

/** What readers see: the epoch that is stored, of the server that it was read from. */
function bound(stored: string, identity: string): string {
  return `${stored}.${identity.slice(0, 12)}`
}

/** The stored epoch a row was registered under: its id begins with it. */
function epochOf(row: string): string {
  return row.slice(0, row.indexOf('.'))
}

function entriesOf(flat: readonly string[]): readonly Entry[] {
  return Array.from({ length: flat.length / 3 }, (_, i) => {
    const [at, id, change] = flat.slice(3 * i, 3 * i + 3) as [string, string, string]
    return { at: Number(at), id, change: JSON.parse(change) as Change }
  })
}

/** What is no entry of ours says only that there may be one. */
function toldOf(message: string): Told | undefined {
  try {
    const told = JSON.parse(message) as Told
    return Number.isSafeInteger(told.at) ? told : undefined
  } catch {
    return undefined
  }
}
