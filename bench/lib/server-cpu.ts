import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Measured } from './calm.ts'

/** What a tick of `/proc` is, microseconds: Linux tells times in hundredths of a second on every machine. */
const TICK_US = 10_000

/** A PostgreSQL server as a part of what is measured: what its processes use is not the doing of others. Linux only. */
export function serverOf(data: string): Measured {
  return processOf(Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n', 1)[0]))
}

/** The same of a process with its children. */
export function processOf(first: number): Measured {
  return {
    async ask<T>() {
      const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
      const all = pids.flatMap((pid) => used(Number(pid)) ?? [])
      const own = all.filter(({ pid, parent }) => pid === first || parent === first)
      // Of those that have gone, the one that started them keeps the count.
      const ticks = own.reduce((sum, one) => sum + one.alive + (one.pid === first ? one.gone : 0), 0)
      return { user: ticks * TICK_US, system: 0 } as T
    },
  }
}

function used(pid: number) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name, in brackets, may hold blanks. After it come the state and the parent.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const [user = 0, system = 0, userGone = 0, systemGone = 0] = fields.slice(11, 15).map(Number)
    return { pid, parent: Number(fields[1]), alive: user + system, gone: userGone + systemGone }
  } catch {
    return null
  }
}
