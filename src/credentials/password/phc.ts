/** The bytes behind base64 without padding; null when it is not the one way to write them. */
export function bytesOf(base64: string): Buffer | null {
  const bytes = Buffer.from(base64, 'base64')
  return base64Of(bytes) === base64 ? bytes : null
}

/** Base64 without padding, as PHC strings have it. */
export function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '')
}

/** The shortest salt and tag of a record that is still read, bytes. Such are replaced at the next good sign-in. */
export const LEAST = { salt: 8, tag: 16 }

/** Salt and tag of a record that ends with them; null when they are not written as they have to be, or are too short. */
export function saltAndTag(salt: string, tag: string): { readonly salt: Buffer; readonly tag: Buffer } | null {
  const [saltBytes, tagBytes] = [bytesOf(salt), bytesOf(tag)]
  if (!saltBytes || !tagBytes || saltBytes.length < LEAST.salt || tagBytes.length < LEAST.tag) return null
  return { salt: saltBytes, tag: tagBytes }
}
