/** Where something stands in a list that is ordered by time and then by id. */
export type Key = readonly [at: number, id: string]

/** A key as the opaque text that a list hands out for its next page. */
export function encode(key: Key): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** Null for whatever was not made by `encode`: the list then begins at its beginning. */
export function decode(cursor: string | null): Key | null {
  if (cursor === null || cursor.length > 1_000) return null
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (!Array.isArray(key) || key.length !== 2) return null
    const [at, id] = key as readonly unknown[]
    return Number.isSafeInteger(at) && typeof id === 'string' ? [at as number, id] : null
  } catch {
    return null
  }
}

/** In the form in which texts are compared when case does not count. */
export function fold(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

/**
 * Whether a text can be looked for inside others at all. A NUL ends a pattern of SQL, so that what is left of it would match
 * too much; and nothing stored is so long that a longer part of it is worth finding.
 */
export function isFindable(part: string): boolean {
  return part.length <= 1_000 && !part.includes('\0')
}
