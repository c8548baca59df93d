/** How many are kept: between one and two generations of this size. */
const GENERATION = 10_000

/** Longer texts are not remembered, so that nobody fills the memory with them. UTF-16 units. */
const LONGEST = 1024

/**
 * Remembers what was made of recent texts, boundedly: when a generation is full the one before it is forgotten. It only
 * spares work that would come to the same again, so nothing that is in it or falls out of it decides anything. What
 * `make` answers null to is not kept.
 *
 * Texts are found by their hash, not compared with one another from the left, so that how long a look-up takes does not
 * tell how much of a guess was right.
 */
export function recent<T extends object>(make: (text: string) => T | null): (text: string) => T | null {
  let young = new Map<string, T>()
  let old = new Map<string, T>()

  return (text) => {
    const known = young.get(text)
    if (known !== undefined) return known
    const made = old.get(text) ?? make(text)
    if (made === null || text.length > LONGEST) return made
    // A copy: what was cut out of something larger would keep all of it in memory. One that is not the same is none.
    const copy = Buffer.from(text, 'latin1').toString('latin1')
    if (copy !== text) return made
    if (young.size >= GENERATION) {
      old = young
      young = new Map()
    }
    young.set(copy, made)
    return made
  }
}
