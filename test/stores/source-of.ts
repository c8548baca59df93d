import { type Source, type Store, sources } from '../../src/store.ts'

/** The one source of a store that keeps everything in one place. */
export function sourceOf(store: Store): Source {
  const [source] = sources(store)
  if (!source) throw new Error('a store has a source')
  return source
}
