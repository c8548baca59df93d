import { writeFileSync } from 'node:fs'
import { EVERYDAY, MORE_NAMES } from './common-passwords/everyday.ts'
import { LONG_WORDS } from './common-passwords/long-words.ts'
import { PHRASES } from './common-passwords/phrases.ts'
import { WALKS } from './common-passwords/walks.ts'
import { NAMES, TOP, WORDS } from './common-passwords/words.ts'

/*
 * Makes src/credentials/password/common-passwords.ts: `node tools/common-passwords.ts`.
 *
 * Published lists of leaked passwords thin out beyond twelve letters and bring personal data and licences with them, so
 * none is copied. What they agree on is copied instead: which words head them, and what people do with a word when it
 * is too short (repeat it, count after it, join another, add a year, swap letters for digits). The result is the same
 * on every run; a test compares it with what is committed.
 */

const COUNTS = ['1', '12', '123', '1234', '12345', '123456', '1234567', '12345678', '123456789', '1234567890']
const ENDINGS = [...COUNTS, '!', '01', '007', '69', '99', '123!', '@123']
const YEARS = [2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026].map(String)
const SEASONS = list(`
  spring summer autumn winter january february march april may june july august september october november december
  monday tuesday wednesday thursday friday saturday sunday
`)
/** Swaps made together, letter and stand-in in turn. */
const LEET = ['o0', 'a@o0', 'a4e3i1o0', 'a@e3i1o0s$']
const JOINED_BEFORE = ['ilove', 'iloveyou', 'iam', 'mynameis', 'password', 'qwerty', '123456789']
const LONGEST = 64

/** Every entry once, lower case, without spaces, by length and then by code unit. */
export function commonPasswords(): readonly string[] {
  const top = list(TOP)
  const names = list(NAMES)
  const words = list(WORDS)
  const phrases = PHRASES.trim()
    .split(/[|\n]/)
    .map((phrase) => phrase.replaceAll(' ', ''))
  const head = top.filter((word) => word.length >= 6).slice(0, 44)
  const entries = [
    ...top,
    ...names,
    ...words,
    ...list(EVERYDAY),
    ...list(MORE_NAMES),
    ...list(LONG_WORDS),
    ...phrases,
    ...list(WALKS),
    ...repeatedCharacters(),
    ...[...top, ...names].flatMap(repeated),
    ...words.filter((word) => word.length >= 8).flatMap(repeated),
    ...top.flatMap((word) => ENDINGS.map((ending) => word + ending)),
    ...names.flatMap((name) => ['1', '123'].map((ending) => name + ending)),
    ...SEASONS.flatMap((season) =>
      YEARS.flatMap((year) => [season + year, `${season}${year}!`, season + year + season]),
    ),
    ...head.slice(0, 24).flatMap((word) => YEARS.map((year) => word + year)),
    ...head.flatMap((first) => head.map((second) => first + second).filter(isLong)),
    ...[...top, ...names].flatMap((word) => JOINED_BEFORE.map((before) => before + word).filter(isLong)),
    ...[...top, ...phrases.filter((phrase) => phrase.includes('password'))].flatMap(leet),
    ...Array.from({ length: 77 }, (_, i) => `${1950 + i}${1950 + i}`),
  ]
  const kept = entries
    .filter((entry) => entry.length >= 4 && entry.length <= LONGEST)
    .map((entry) => entry.toLowerCase())
  return [...new Set(kept)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
}

/** The module's text: lines of about a thousand characters, because it is read by machines only. */
export function moduleText(entries: readonly string[]): string {
  const lines = ['']
  for (const entry of entries) {
    const line = lines.at(-1) as string
    if (line.length + entry.length > 1000) lines.push(entry)
    else lines[lines.length - 1] = line === '' ? entry : `${line} ${entry}`
  }
  const quoted = lines.join('\n').replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${')
  return `/** Made by tools/common-passwords.ts; not edited by hand. ${entries.length} entries between white space, shortest first. */
export const COMMON_PASSWORDS = \`
${quoted}
\`
`
}

function list(text: string): readonly string[] {
  return text.trim().split(/\s+/)
}

/** Long enough for the default minimum, where pairs are what is common; shorter pairs are legion. */
function isLong(entry: string): boolean {
  return entry.length >= 15
}

function repeatedCharacters(): readonly string[] {
  const lengths = [8, 9, 10, 12, 15, 16, 18, 20]
  return [...'abcdefghijklmnopqrstuvwxyz0123456789'].flatMap((character) => lengths.map((n) => character.repeat(n)))
}

function repeated(word: string): readonly string[] {
  return word.length < 8 ? [word.repeat(2), word.repeat(3)] : [word.repeat(2)]
}

function leet(word: string): readonly string[] {
  return LEET.map((swaps) => [...word].map((letter) => swaps[swaps.indexOf(letter) + 1 || -1] ?? letter).join(''))
}

if (import.meta.main) {
  const target = new URL('../src/credentials/password/common-passwords.ts', import.meta.url)
  writeFileSync(target, moduleText(commonPasswords()))
}
