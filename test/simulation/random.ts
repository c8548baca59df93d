/** Chance that can be had again: the same seed and stream give the same numbers, on every machine. */
export type Random = {
  /** From 0, below 1. */
  real(): number
  /** A whole number from 0, below `below`. */
  whole(below: number): number
  between(least: number, most: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** The time until something that happens once in `mean` on average. */
  pause(mean: number): number
  shuffled<T>(list: readonly T[]): T[]
}

/**
 * One stream of chance. Each part of a simulation draws from a stream of its own, so that what is taken out of one part
 * leaves the others as they were. sfc32 by Chris Doty-Humphrey, public domain.
 */
export function random(seed: number, stream: string): Random {
  let a = 0x9e3779b9 ^ seed
  let b = 0x243f6a88 ^ Math.floor(seed / 2 ** 32)
  let c = hash(stream)
  let counter = 1

  function next(): number {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return t >>> 0
  }

  const real = () => next() / 2 ** 32
  const whole = (below: number) => Math.floor(real() * below)
  for (let i = 0; i < 12; i += 1) next()

  return {
    real,
    whole,
    between: (least, most) => least + real() * (most - least),
    chance: (probability) => real() < probability,
    pick: (list) => {
      if (list.length === 0) throw new RangeError('there is nothing to pick from')
      return list[whole(list.length)] as (typeof list)[number]
    },
    pause: (mean) => -Math.log(1 - real()) * mean,
    shuffled(list) {
      const mixed = [...list]
      for (let i = mixed.length - 1; i > 0; i -= 1) {
        const j = whole(i + 1)
        const there = mixed[i] as (typeof mixed)[number]
        mixed[i] = mixed[j] as (typeof mixed)[number]
        mixed[j] = there
      }
      return mixed
    },
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let sum = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193)
  return sum
}
