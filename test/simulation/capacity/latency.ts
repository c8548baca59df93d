import type { Random } from '../random.ts'

/** How long one way takes, milliseconds: so long at least, some more on average, and now and then much more. */
export type Latency = {
  readonly least: number
  readonly more: number
  readonly often: number
  readonly much: number
}

/** A round trip of half a millisecond; one way in two hundred takes some three milliseconds longer. */
export const NEAR: Latency = { least: 0.2, more: 0.05, often: 0.005, much: 3 }

export function oneWay({ least, more, often, much }: Latency, chance: Random): number {
  return least + chance.pause(more) + (chance.chance(often) ? chance.pause(much) : 0)
}

export function meanOf({ least, more, often, much }: Latency): number {
  return least + more + often * much
}
