/** Makes of a read one that many may ask for: whoever comes while one is under way shares the next, sent after they came. */
export function nextRead(read: () => Promise<void>): () => Promise<void> {
  let reading: Promise<void> | null = null
  let queued: Promise<void> | null = null

  return function load(): Promise<void> {
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
}
