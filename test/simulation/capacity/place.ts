import type { Feed } from '../../../src/feed.ts'
import { type Machine, machine } from '../machine.ts'
import { random } from '../random.ts'
import type { Wires } from './line.ts'
import { type Appended, type Member, member } from './member.ts'

/** Clocks run at different speeds: any two of them differ by less than 1 %. */
const DRIFT = 0.004

/** Where a node runs, one after the other. */
export type Place = {
  readonly machine: Machine
  /** Who runs there; null when nobody does. */
  member(): Member | null
  start(): void
  kill(): void
}

export function place(wires: Wires, seed: number, name: string, feeds: readonly Feed[], appended: Appended): Place {
  const chance = random(seed, name)
  const rate = 1 + chance.between(-DRIFT, DRIFT)
  const on = machine(name, wires.agenda, chance, { rate, wallRate: rate, off: 0 })
  let lives = 0
  let current: Member | null = null
  return {
    machine: on,
    member: () => current,
    start() {
      lives += 1
      current = member(wires, on, `${name}.${lives}`, feeds, appended)
    },
    kill() {
      current?.process.die()
      current = null
    },
  }
}
