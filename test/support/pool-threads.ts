import { readdirSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'

/** What `nice` the threads of libuv's pool have in a process, as Linux tells it; empty before it has hashed anything. */
export function poolPriorities(pid: number): readonly number[] {
  const threads = readdirSync(`/proc/${pid}/task`).filter((id) => {
    return readFileSync(`/proc/${pid}/task/${id}/comm`, 'utf8').trim() === 'libuv-worker'
  })
  return threads.map((id) => getPriority(Number(id)))
}
