import { InvalidArgumentError } from 'commander'

/** Reads an option that is a whole number from 1 to `most`. */
export function count(most: number): (value: string) => number {
  return (value) => {
    const number = Number(value)
    if (!/^\d+$/.test(value) || number < 1 || number > most) {
      throw new InvalidArgumentError(`Write a number from 1 to ${most}.`)
    }
    return number
  }
}

/** Reads an id or an address. Ids are base64url and may begin like an option; what only an option looks like is a slip. */
export function subject(value: string): string {
  if (/^--?[a-z][a-z-]{0,19}$/.test(value)) throw new InvalidArgumentError('This is no option of the command.')
  return value
}

/** Reads an option that is one of a few words. */
export function oneOf<const T extends string>(...words: readonly T[]): (value: string) => T {
  return (value) => {
    const found = words.find((word) => word === value)
    if (found === undefined) throw new InvalidArgumentError(`Write ${words.join(' or ')}.`)
    return found
  }
}
