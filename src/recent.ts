/** How many are kept: between one and two generations of this size. */
const GENERATION = 10_000

type Kept<T> = { readonly text: string; readonly made: T }

const whole = (text: string): string => text

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
 * Texts are found by the hash of their key, not compared with one another from the left, so that how long a look-up takes
 * does not tell how much of a guess was right. The key is the whole text, or, where hashing all of it would be dear, a part
 * that nobody can guess.
 */
export function recent<T extends object>(longest: number, keyOf: (text: string) => string = whole): Recent<T> {
  let young = new Map<string, Kept<T>>()
  let old = new Map<string, Kept<T>>()

  function keep(text: string, made: T): T {
    if (text.length > longest) return made
    // A copy: what was cut out of something larger would keep all of it in memory. To cut one out, V8 writes the text down anew.
    const copy = ` ${text}`.slice(1)
    if (young.size >= GENERATION) {
      old = young
      young = new Map()
    }
    young.set(keyOf(copy), { text: copy, made })
    return made
  }

  return {
    find(text) {
      const key = keyOf(text)
      const known = young.get(key)
      if (known?.text === text) return known.made
      const older = old.get(key)
      return older?.text === text ? keep(text, older.made) : null
    },
    keep,
  }
}
