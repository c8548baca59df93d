/** The signs of base64url in the order of their bytes. */
const SIGNS = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'

/** Where a random id stands among all that there could be, from 0 to 1: ten of its signs are more than enough. */
export function placeOfId(id: string): number {
  let place = 0
  let share = 1
  for (const sign of id.slice(0, 10)) {
    share /= SIGNS.length
    place += Math.max(0, SIGNS.indexOf(sign)) * share
  }
  return place
}

/**
 * How many there are, from a sample of those that stand next to each other from an id on.
 * @param last the last of them; null when they reach to the end
 */
export function guessed(
  wanted: number,
  from: string,
  last: string | null,
): { readonly count: number; readonly margin: number } {
  const share = Math.max(Number.EPSILON, (last === null ? 1 : placeOfId(last)) - placeOfId(from))
  const count = Math.round(wanted / share)
  return { count, margin: wanted === 0 ? 0 : Math.ceil((3 * count) / Math.sqrt(wanted)) }
}
