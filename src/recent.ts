/** How many are kept: between one and two generations of this size. */
const GENERATION = 10_000

/** What was made of recent texts. */
export type Recent<T extends object> = {
  find(text: string): T | null
  /** Answers what it was given. */
  keep(text: string, made: T): T
}

/**
 * Remembers what was made of recent texts, boundedly: when a generation is full the one before it is forgotten. It only
 * spares work that would come to the same again, so nothing that is in it or falls out of it decides anything. Texts
 * longer than `longest` UTF-16 units are not remembered, so that nobody fills the memory with them.
 *
 * Texts are found by their hash, not compared with one another from the left, so that how long a look-up takes does not
 * tell how much of a guess was right.
 */
export function recent<T extends object>(longest: number): Recent<T> {
  let young = new Map<string, T>()
  let old = new Map<string, T>()

  function keep(text: string, made: T): T {
    if (text.length > longest) return made
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

  return {
    find(text) {
      const known = young.get(text)
      if (known !== undefined) return known
      const older = old.get(text)
      return older === undefined ? null : keep(text, older)
    },
    keep,
  }
}
