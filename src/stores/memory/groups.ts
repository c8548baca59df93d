/** Ids by what they have in common. A group without members takes no room. */
export type Groups<K> = {
  add(key: K, id: string): void
  delete(key: K, id: string): void
  of(key: K): readonly string[]
  keys(): IterableIterator<K>
}

export function groups<K>(): Groups<K> {
  const members = new Map<K, Set<string>>()
  return {
    add(key, id) {
      const group = members.get(key)
      if (group) group.add(id)
      else members.set(key, new Set([id]))
    },
    delete(key, id) {
      const group = members.get(key)
      if (group?.delete(id) && group.size === 0) members.delete(key)
    },
    of: (key) => [...(members.get(key) ?? [])],
    keys: () => members.keys(),
  }
}
