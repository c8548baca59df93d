import type { Kept, Settings } from '../../store.ts'
import { json } from './frozen.ts'
import type { Place } from './place.ts'

export function settingsPort({ source, append, tail, verb }: Place): Settings {
  let policy: Kept | null = null

  return {
    source,
    findPolicy: verb(() => policy),
    replacePolicy: verb((expected, given) => {
      if ((policy?.version ?? 0) !== expected) return { value: null, position: tail() }
      const value = Object.freeze({ version: expected + 1, value: json(given) })
      policy = value
      return { value, position: append({ kind: 'policy', ...value }) }
    }),
  }
}
