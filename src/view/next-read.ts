/** A read that many may ask for at once. */
export type NextRead = {
  /** By a read that is sent after the call: whoever comes while one is under way shares the next. */
  load(): Promise<void>
  /** The last that was asked for and is not over; null when there is none. */
  pending(): Promise<void> | null
}

export function nextRead(read: () => Promise<void>): NextRead {
  let reading: Promise<void> | null = null
  let queued: Promise<void> | null = null

  function load(): Promise<void> {
    if (!reading) {
      reading = read().finally(() => {
        reading = null
      })
      return reading
    }
    queued ??= reading
      .catch(() => {})
      .then(() => {
        queued = null
        return load()
      })
    return queued
  }

  return { load, pending: () => queued ?? reading }
}
