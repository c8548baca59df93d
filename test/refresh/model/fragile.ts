import { StoreUnavailable } from '../../../src/errors.ts'
import { type Store, sources } from '../../../src/store.ts'

/** What the fault says that a lost answer comes to. */
export const LOST = 'the answer was lost'

/** The store as one server reaches it, which can be cut off in the middle of things. */
export type Fragile = {
  readonly store: Store
  /** The next advance is committed, and its answer is lost. */
  loseAnswer(): void
  /** Nothing more goes wrong. */
  mend(): void
  /** From now on uses are forgotten instead of written. */
  die(): void
  /** Returns when what was sent has been written. */
  written(): Promise<void>
}

/** @param inner stays open when a server that uses it is closed */
export function fragile(inner: Store): Fragile {
  let losing = false
  let dead = false
  let writing: Promise<unknown> = Promise.resolve()
  const [source] = sources(inner)
  if (!source) throw new Error('a store has a source')
  const shared = { ...source, close: async () => {} }
  const { advance, touch } = inner.sessions
  const ports = Object.entries(inner).map(([name, port]) => [name, { ...port, source: shared }] as const)
  const store = Object.fromEntries(ports) as unknown as Store
  return {
    store: {
      ...store,
      sessions: {
        ...store.sessions,
        async advance(...given) {
          const advanced = await advance(...given)
          if (!losing || !advanced) return advanced
          losing = false
          throw new StoreUnavailable(LOST)
        },
        // Nobody sweeps: SQLite does that, and from then on writes of uses, in a thread whose time this clock does not know.
        endDue: async () => ({ value: [], position: 0 }),
        touch(uses) {
          if (dead) return Promise.resolve()
          const touched = touch(uses)
          writing = Promise.allSettled([writing, touched])
          return touched
        },
      },
    },
    loseAnswer() {
      losing = true
    },
    mend() {
      losing = false
    },
    die() {
      dead = true
    },
    async written() {
      await writing
    },
  }
}
