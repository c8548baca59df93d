import { fold } from './cursor.ts'

/** Where words of names and addresses end. Databases have the same (`stores/sql/migrations/0008-listing.ts`). */
const BORDERS = /[ @._\-+,'()/&"]+/

/** Characters of a word that count where words are looked up; more of them are compared. */
export const WORD_LENGTH = 64

/** The words of a text, in the form in which they are compared, each once. */
export function wordsOf(text: string): readonly string[] {
  return [
    ...new Set(
      fold(text)
        .split(BORDERS)
        .filter((word) => word !== ''),
    ),
  ]
}

/** Whether every word that is looked for begins one of the words; what holds no word finds nothing. */
export function begin(words: readonly string[], sought: readonly string[]): boolean {
  return sought.length > 0 && sought.every((part) => words.some((word) => word.startsWith(part)))
}
