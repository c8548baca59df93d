import { readdirSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'

/** What `nice` the threads of a process have, as Linux tells it, by what they are called; several may have one name. */
export function threadPriorities(pid: number): readonly { readonly name: string; readonly nice: number }[] {
  return readdirSync(`/proc/${pid}/task`).map((id) => {
    const name = readFileSync(`/proc/${pid}/task/${id}/comm`, 'utf8').trim()
    return { name, nice: getPriority(Number(id)) }
  })
}
