export type JsonLimits = {
  /** UTF-16 units of the whole text. */
  readonly length: number
  /** Objects and arrays inside each other, the outermost counted. */
  readonly depth: number
  /** Members of all objects together. */
  readonly members: number
}

/** `detail` is for people and repeats nothing of the text. */
export type StrictJson =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly detail: string }

export const JSON_LIMITS: JsonLimits = { length: 65_536, depth: 20, members: 1000 }

/** Names through which a careless copy would reach a prototype (JW-22, ER-05). */
export const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

const NUMBER_PARTS = '0123456789.eE+-'

const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const BACKSLASH = 0x5c

/**
 * A JSON object, read more strictly than `JSON.parse` does: bounded in length, depth and members before anything is
 * built, and refused when a name occurs twice in one object in whatever spelling (readers differ in which one they
 * believe, JW-08), when a name leads to a prototype, when a string is no valid Unicode (PW-04), or when a number is too
 * large for one. Takes time in proportion to the length.
 */
export function parseJsonStrict(text: string, limits: JsonLimits = JSON_LIMITS): StrictJson {
  if (text.length > limits.length) return bad('The JSON text is too long')
  if (!text.isWellFormed()) return bad('The text is not valid Unicode')
  const flaw = scan(text, limits)
  if (flaw !== null) return bad(flaw)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return bad('The text is not valid JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return bad('A JSON object is expected')
  return { ok: true, value: value as Record<string, unknown> }
}

function bad(detail: string): StrictJson {
  return { ok: false, detail }
}

/**
 * What is wrong beyond grammar, or null. Right about every text that is JSON; about others it need not be, `JSON.parse`
 * refuses them afterwards.
 */
function scan(text: string, limits: JsonLimits): string | null {
  /** The names of each open object, null for an open array. */
  const open: (Set<string> | null)[] = []
  let members = 0
  let nameNext = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      const end = endOfString(text, at)
      const content = end === -1 ? null : unescaped(text, at, end)
      if (content === null) return 'The text is not valid JSON'
      if (!content.isWellFormed()) return 'A string is not valid Unicode'
      const names = open.at(-1)
      if (nameNext && names) {
        members += 1
        if (members > limits.members) return 'The JSON object has too many members'
        if (FORBIDDEN.has(content)) return 'A member name is not allowed'
        if (names.has(content)) return 'A member name occurs twice'
        names.add(content)
      }
      nameNext = false
      at = end
    } else if (code === COMMA) {
      nameNext = true
    } else if (code === 0x7b || code === 0x5b) {
      nameNext = code === 0x7b
      if (open.push(nameNext ? new Set() : null) > limits.depth) return 'The JSON text is nested too deeply'
    } else if (code === 0x7d || code === 0x5d) {
      open.pop()
    } else if (code === MINUS || isDigit(code)) {
      const end = endOfNumber(text, at)
      if (!Number.isFinite(Number(text.slice(at, end)))) return 'A number is not valid'
      at = end - 1
    }
  }
  return null
}

/** The index of the quote that closes the string opened at `start`, or -1. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) return at
    if (code === BACKSLASH) at += 1
  }
  return -1
}

/** What the string literal says; null when it is none. */
function unescaped(text: string, start: number, end: number): string | null {
  const content = text.slice(start + 1, end)
  if (!content.includes('\\')) return content
  try {
    return JSON.parse(text.slice(start, end + 1))
  } catch {
    return null
  }
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && NUMBER_PARTS.includes(text.charAt(at))) at += 1
  return at
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}
