import { type Guard, section } from './guard.ts'
import { type Policy, sectionOf } from './policy.ts'

/** Paths that have one reading: lower case, no empty segment, none that begins with a dot, nothing encoded. */
const PLAIN = /^(?:\/[a-z0-9_~:-][a-z0-9._~:-]*)*\/?$/

const NONE: readonly Guard[] = []

/** How often a text may have been encoded and still be undone by somebody further on. */
const DECODINGS = 3

/**
 * Every path that a router, or what stands behind one, may take this for (AZ-05): routers differ in whether they look at
 * case, decode before they match, fold slashes, walk dots or cut off what follows a semicolon. Lower case.
 */
export function readings(path: string): readonly string[] {
  if (PLAIN.test(path)) return [path]
  const found = new Set<string>()
  let text = path
  for (let i = 0; i < DECODINGS; i++) {
    const lower = text.toLowerCase().replaceAll('\\', '/')
    for (const one of [lower, lower.replace(/;[^/]*/g, '')]) {
      found.add(one)
      found.add(walked(one))
    }
    const decoded = undone(text)
    if (decoded === text) break
    text = decoded
  }
  return [...found]
}

function undone(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded)
    } catch {
      return encoded
    }
  })
}

/** Without empty segments and dots. */
function walked(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  return `/${kept.join('/')}`
}

/** A policy with the paths of its sections in lower case; it is replaced as a whole. */
const folded = new WeakMap<Policy, Policy>()

function foldedOf(policy: Policy): Policy {
  const known = folded.get(policy)
  if (known) return known
  const made = { ...policy, sections: policy.sections.map((one) => ({ ...one, path: one.path.toLowerCase() })) }
  folded.set(policy, made)
  return made
}

/** A guard for every section that one of the paths may be said to lie in: an ambiguous path meets the rules of all. */
export function sectionGuards(policy: Policy, paths: readonly string[]): readonly Guard[] {
  const lower = foldedOf(policy)
  const covering = new Set<string>()
  for (const path of paths) {
    for (const reading of readings(path)) {
      const found = sectionOf(lower, reading)
      if (found) covering.add(found.path)
    }
  }
  if (covering.size === 0) return NONE
  return policy.sections.filter(({ path }) => covering.has(path.toLowerCase())).map(({ path }) => section(path))
}
