/** How many are kept: between one and two generations of this size. */
const GENERATION = 25_000

/**
 * Remembers what was made of recent texts, boundedly: when a generation is full the one before it is forgotten. It only
 * spares work that would come to the same again, so nothing that is in it or falls out of it decides anything. What
 * `make` answers null to is not kept; of every other text it must hold that it is ASCII.
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
    if (made === null) return null
    if (young.size >= GENERATION) {
      old = young
      young = new Map()
    }
    // A copy: what was cut out of a header would keep the whole header in memory.
    young.set(Buffer.from(text, 'latin1').toString('latin1'), made)
    return made
  }
}
