import { afterAll, afterEach } from 'vitest'

/** A rejection that nobody handles makes the test red in whose time it surfaced (ER-06), not only the run. */
const unhandled: unknown[] = []
const note = (reason: unknown) => void unhandled.push(reason)
process.on('unhandledRejection', note)

afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve))
  const [first] = unhandled.splice(0)
  if (first !== undefined) throw new Error('a promise was rejected and nobody handled it', { cause: first })
})

// The process may go on with another file.
afterAll(() => void process.off('unhandledRejection', note))
