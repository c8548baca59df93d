import { randomNumber } from './crypto.ts'

/** How many are kept: between one and two generations of this size. */
const GENERATION = 10_000

/** How many characters are hashed: 192 bits of a secret in base64url. */
const SPAN = 32

type Kept<T> = { readonly text: string; readonly made: T }

const end = (text: string): number => text.length

/** What was made of recent texts. */
export type Recent<T extends object> = {
  find(text: string): T | null
  /** Answers what it was given. */
  keep(text: string, made: T): T
}

/**
 * Remembers what was made of recent texts, boundedly: when a generation is full the one before it is forgotten. It only
 * spares work that would come to the same again, so nothing that is in it or falls out of it decides anything: of two texts
 * with one hash the later is remembered. Texts longer than `longest` UTF-16 units are not, so that nobody fills the memory with them.
 *
 * Texts are found by a hash with a seed of its own, not compared with one another from the left, so that how long a look-up takes
 * does not tell how much of a guess was right. It is made of the 32 characters before `upTo`, which is where the secret is: numbers
 * are found twice as quickly as texts, of which V8 hashes all.
 */
export function recent<T extends object>(longest: number, upTo: (text: string) => number = end): Recent<T> {
  const seed = randomNumber()
  let young = new Map<number, Kept<T>>()
  let old = new Map<number, Kept<T>>()

  /** 30 bits, which are a number that V8 keeps without a box (FNV-1a). */
  function keyOf(text: string): number {
    const to = Math.min(upTo(text), text.length)
    let hash = seed
    for (let i = Math.max(0, to - SPAN); i < to; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619)
    return hash >>> 2
  }

  function put(key: number, text: string, made: T): T {
    // A copy in one piece: what was cut out of something larger would keep all of it in memory, and is compared more slowly.
    const copy = JSON.parse(JSON.stringify(text)) as string
    if (young.size >= GENERATION) {
      old = young
      young = new Map()
    }
    young.set(key, { text: copy, made })
    return made
  }

  return {
    find(text) {
      const key = keyOf(text)
      const known = young.get(key)
      if (known?.text === text) return known.made
      const older = old.get(key)
      return older?.text === text ? put(key, text, older.made) : null
    },
    keep: (text, made) => (text.length > longest ? made : put(keyOf(text), text, made)),
  }
}
