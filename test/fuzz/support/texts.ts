import fc from 'fast-check'

/** Stands in everything that is made up. No name of ours has it, and it is no plain word that could be told back. */
export const MARK = '<zqmarkqz>'

/** Words between spaces. */
export function words(text: string): readonly string[] {
  return text.split(' ')
}

/** Texts made of the pieces that matter to one parser: they get further into it than random characters do. */
export function made(pieces: readonly string[], maxLength = 8): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...pieces, MARK), { maxLength }).map((parts) => parts.join(''))
}

export const anything: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ maxLength: 40 }).map((text) => text + MARK),
)

/** A piece put into a text somewhere near its beginning. */
export function spoilt(text: fc.Arbitrary<string>, pieces: fc.Arbitrary<string>, within: number): fc.Arbitrary<string> {
  return fc
    .tuple(text, fc.nat(within), pieces)
    .map(([whole, at, piece]) => whole.slice(0, at) + piece + whole.slice(at))
}
