import { readdirSync, readFileSync } from 'node:fs'
import { setPriority } from 'node:os'

/** Where Linux lists the threads of a process, and what libuv calls those of its pool. */
const THREADS = '/proc/self/task'
const NAME = 'libuv-worker'

/** As `nice` has it: a tenth of the weight of what has none. */
const NICE = 10

/**
 * Has the threads that hash give way to whatever else wants a core: a request that is decided in microseconds is not to wait until a
 * hash has used up its slice. They take what is left, which is all of it while there is nothing else. Linux only; where it cannot be
 * done nothing is changed, as it decides nothing.
 */
export function giveWay(): void {
  try {
    for (const thread of readdirSync(THREADS)) {
      const name = readFileSync(`${THREADS}/${thread}/comm`, 'utf8').trim()
      if (name === NAME) setPriority(Number(thread), NICE)
    }
  } catch {
    // No Linux, or not allowed.
  }
}
