import { COMMON_PASSWORDS } from './common-passwords.ts'
import { plainReadings } from './leet.ts'
import { isShortPiece, isWalk, repeatedPiece } from './pattern.ts'

/** Published lists end well before this many code points: a longer pattern may be dull, common it is not. */
const LONGEST = 40
/** So many digits or signs before and behind a common password together change nothing. */
const FREE_DECORATION = 4
const SEPARATORS = /[\s._-]+/gu

let entries: ReadonlySet<string> | null = null

/**
 * Whether this is among the commonest passwords, or is one of them spelled with spaces, in other case, with signs in
 * place of letters, twice, or with a few digits around it; or a pattern that everybody finds. Always the whole
 * password: one that merely contains a common one is not common (PW-06; NIST SP 800-63B-4 section 3.1.1.2).
 *
 * Pictures are in no list, so a text with emoji is left to the length rule (PW-01).
 */
export function isCommon(password: string): boolean {
  const text = password.toLowerCase().normalize('NFC')
  const forms = [text, text.replaceAll(SEPARATORS, '')]
  if (forms.some(listed)) return true
  if ([...text].length > LONGEST || /\p{Extended_Pictographic}/u.test(text)) return false
  return forms.some((form) => isWalk(form) || isRepetition(form) || isDecorated(form))
}

function listed(text: string): boolean {
  entries ??= new Set(COMMON_PASSWORDS.trim().split(/\s+/))
  return entries.has(text)
}

function isListedInAnySpelling(text: string): boolean {
  return listed(text) || plainReadings(text).some(listed)
}

function isRepetition(text: string): boolean {
  const piece = repeatedPiece(text)
  return piece !== null && (isShortPiece(piece) || isListedInAnySpelling(piece))
}

/** A common one between digits and signs that are few, or follow a pattern themselves. */
function isDecorated(text: string): boolean {
  const core = text.replaceAll(/^\P{L}+|\P{L}+$/gu, '')
  if (core === '') return false
  const [before, after] = [text.slice(0, text.indexOf(core)), text.slice(text.indexOf(core) + core.length)]
  const few = [...before, ...after].length <= FREE_DECORATION
  const plain = [before, after].every((part) => [...part].length < 3 || isWalk(part))
  return (few || plain) && (isListedInAnySpelling(core) || isRepetition(core))
}
