import type { KeyRecord, Keys } from '../../keyring.ts'
import type { Place } from './place.ts'
import { compare } from './timeline.ts'

export function keysPort({ source, append, tail, verb }: Place): Keys {
  const keys = new Map<string, KeyRecord>()
  const keep = (key: KeyRecord) => {
    const kept = Object.freeze({ ...key })
    keys.set(kept.kid, kept)
    return kept
  }
  const newest = () =>
    [...keys.values()]
      .filter(({ removedAt }) => removedAt === null)
      .sort(byAge)
      .at(-1) ?? null

  return {
    source,
    list: verb(() => [...keys.values()].sort(byAge)),
    add: verb((key, after) => {
      if (keys.has(key.kid) || (newest()?.kid ?? null) !== after) return { value: null, position: tail() }
      return { value: keep(key), position: append({ kind: 'key', kid: key.kid, removed: false }) }
    }),
    remove: verb((kid, alg, now) => {
      const known = keys.get(kid) ?? { kid, alg, createdAt: now, signsFrom: now, sealed: null, removedAt: null }
      if (known.removedAt !== null) return { value: null, position: tail() }
      const value = keep({ ...known, sealed: null, removedAt: now })
      return { value, position: append({ kind: 'key', kid, removed: true }) }
    }),
    reseal: verb((kid, expected, sealed) => {
      const known = keys.get(kid)
      if (known?.sealed !== expected) return false
      keep({ ...known, sealed })
      return true
    }),
    forget: verb((kid) => keys.delete(kid)),
  }
}

/** Oldest first, by (createdAt, kid). */
function byAge(a: KeyRecord, b: KeyRecord): number {
  return compare({ at: a.createdAt, id: a.kid }, { at: b.createdAt, id: b.kid })
}
