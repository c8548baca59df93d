import type { Change } from '../../feed.ts'
import type { Source } from '../../store.ts'
import { memoryFeed } from './feed.ts'
import { type Verb, verbs } from './verb.ts'

/** What the ports of one instance have in common. */
export type Place = {
  readonly source: Source
  /** Appends in the synchronous step of the change itself. Answers with the new tail. */
  append(change: Change): number
  tail(): number
  readonly verb: Verb
}

export function place(): Place {
  let closed = false
  const turns = new Map<string, { readonly holder: string; readonly until: number }>()
  const verb = verbs(() => closed)
  const { feed, append, tail } = memoryFeed(verb)
  const source: Source = {
    name: 'memory',
    batch: 200,
    feed,
    async open() {
      closed = false
    },
    ping: verb(() => {}),
    async close() {
      closed = true
    },
    turn: verb((work, holder, now, until) => {
      const had = turns.get(work)
      const isFree = had === undefined || had.holder === holder || had.until <= now
      if (isFree) turns.set(work, { holder, until })
      return isFree
    }),
  }
  return { source, append, tail, verb }
}
