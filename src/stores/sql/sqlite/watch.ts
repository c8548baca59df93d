/** Notices what other connections and processes commit, by asking for the version again and again. */
export type Watch = {
  watch(sql: string, wake: () => void): () => void
  /** Looks now, because something was committed here. */
  look(): void
  /** Begins to look, while anybody watches. */
  start(): void
  stop(): void
}

type Watched = { readonly sql: string; readonly wake: () => void; seen: string | null }

/** Milliseconds between two looks: what another process ends is noticed within this time. */
const INTERVAL = 25

/** Both functions may throw; what they would have told is then noticed at a later look. */
export function sqliteWatch(version: () => number | null, select: (sql: string) => unknown): Watch {
  const watched = new Set<Watched>()
  let timer: NodeJS.Timeout | null = null
  let isStarted = false
  let seen: number | null = null

  function look() {
    if (watched.size === 0) return
    for (const { wake } of changed()) wake()
  }

  function changed(): readonly Watched[] {
    try {
      const now = version()
      if (now !== null && now === seen) return []
      const answers = [...watched].map((one) => ({ one, answer: JSON.stringify(select(one.sql)) }))
      seen = now
      return answers
        .filter(({ one, answer }) => one.seen !== answer)
        .map(({ one, answer }) => {
          one.seen = answer
          return one
        })
    } catch {
      return []
    }
  }

  function arrange() {
    const isNeeded = isStarted && watched.size > 0
    if (isNeeded && !timer) timer = setInterval(look, INTERVAL).unref()
    if (isNeeded || !timer) return
    clearInterval(timer)
    timer = null
  }

  return {
    watch(sql, wake) {
      const one: Watched = { sql, wake, seen: null }
      try {
        one.seen = JSON.stringify(select(sql))
      } catch {
        // Not open yet: the first look wakes.
      }
      watched.add(one)
      arrange()
      return () => {
        watched.delete(one)
        arrange()
      }
    },
    look,
    start() {
      isStarted = true
      seen = null
      arrange()
    },
    stop() {
      isStarted = false
      arrange()
    },
  }
}
