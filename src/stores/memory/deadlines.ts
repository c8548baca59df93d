/** Ids by the moment at which something has to happen to them. */
export type Deadlines = {
  /** To be called for every new id, and whenever an id's moment has become an earlier one. */
  add(id: string): void
  /** At most `limit` ids whose moment is `until` or before, earliest first. They are forgotten here: deal with each. */
  take(until: number, limit: number): readonly string[]
}

type Entry = { readonly at: number; readonly id: string }

/**
 * A binary heap that is put right as it is read: moments that moved to later, and ids that are gone, cost nothing until
 * their old moment comes up. `momentOf` answers null for an id nothing has to happen to any more.
 */
export function deadlines(momentOf: (id: string) => number | null): Deadlines {
  const heap: Entry[] = []

  function push(entry: Entry) {
    let i = heap.length
    heap.push(entry)
    while (i > 0) {
      const parent = (i - 1) >> 1
      const above = heap[parent] as Entry
      if (above.at <= entry.at) break
      heap[i] = above
      i = parent
    }
    heap[i] = entry
  }

  function pop() {
    const last = heap.pop()
    if (!last || heap.length === 0) return
    let i = 0
    for (;;) {
      const left = 2 * i + 1
      const right = left + 1
      const a = heap[left]
      if (!a) break
      const b = heap[right]
      const [child, least] = b && b.at < a.at ? [right, b] : [left, a]
      if (last.at <= least.at) break
      heap[i] = least
      i = child
    }
    heap[i] = last
  }

  return {
    add(id) {
      const at = momentOf(id)
      if (at !== null) push({ at, id })
    },
    take(until, limit) {
      const taken = new Set<string>()
      for (let top = heap[0]; top && top.at <= until && taken.size < limit; top = heap[0]) {
        pop()
        const at = momentOf(top.id)
        if (at === null) continue
        if (at <= until) taken.add(top.id)
        else push({ at, id: top.id })
      }
      return [...taken]
    },
  }
}
