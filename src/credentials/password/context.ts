import { STAND_INS } from './leet.ts'

/** Whom a password is for: what it must not be made of. */
export type About = { readonly email?: string; readonly name?: string }

/** A word of fewer code points says nothing of anyone. */
const SHORTEST_WORD = 3
/** What may be left of a guessable password once the words are taken out: so many digits and signs, no letter. */
const LONGEST_REST = 6
const SEPARATORS = /[\s._+@-]+/u

/**
 * Whether the password is one of the words, or several, or a simple derivative: other case, reversed, repeated, signs
 * in place of letters, up to six digits or signs added anywhere (PW-08; ASVS 5.0 6.2.11).
 */
export function isGuessable(password: string, words: readonly string[]): boolean {
  const text = fold(password)
  const reversed = [...text].reverse().join('')
  return [text, reversed].some((form) => isMadeOf(form, words))
}

/** The words about a user and a service, longest first: each as written, without its separators, and in its parts. */
export function contextWords(about: About, context: readonly string[]): readonly string[] {
  const given = [about.email ?? '', about.name ?? '', ...context].map(fold)
  const all = given.flatMap((word) => [
    word,
    word.split(SEPARATORS).join(''),
    ...word.split(SEPARATORS),
    ...word.split('@'),
  ])
  return [...new Set(all)].filter((word) => [...word].length >= SHORTEST_WORD).sort((a, b) => b.length - a.length)
}

function isMadeOf(text: string, words: readonly string[]): boolean {
  const rest = words.reduce((left, word) => left.replaceAll(spellings(word), ''), text)
  return rest !== text && [...rest].length <= LONGEST_REST && !/\p{L}/u.test(rest)
}

/** The word in every spelling: any of its letters may be a stand-in. */
function spellings(word: string): RegExp {
  const characters = [...word].map((character) => `[${escaped(character)}${escaped(STAND_INS[character] ?? '')}]`)
  return new RegExp(characters.join(''), 'gu')
}

function escaped(characters: string): string {
  return characters.replaceAll(/[\\\]^-]/g, '\\$&')
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase().trim()
}
