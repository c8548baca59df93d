import Bowser from 'bowser'
import { safeText } from './text.ts'

/** No more of a `User-Agent` is looked at, characters. */
const MAX_USER_AGENT = 512

/** For what the header does not tell. */
const UNKNOWN = 'unknown'

/** Some names are taken from the header itself: those that look like one pass. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9 ._+()-]{0,39}$/

/** What `session.ts` calls by this name; formats stand below the nouns and do not import them. */
type Device = { readonly browser: string; readonly os: string; readonly type: string }

/** Answers that are kept, by the text: many people share few browsers, and reading one costs more than a request. */
const MAX_KEPT = 500
const kept = new Map<string, Device>()

/**
 * What a `User-Agent` says of the device, in words for people: `Firefox`, `Windows`, `desktop`. Names without versions, so
 * that the entry stays the same through updates. A claim of the client, never a fact to decide upon.
 */
export function device(userAgent: string | null | undefined): Device {
  const text = safeText(userAgent ?? '', MAX_USER_AGENT)
  const known = kept.get(text)
  if (known) return known
  const read = readDevice(text)
  if (kept.size >= MAX_KEPT) kept.delete(kept.keys().next().value as string)
  kept.set(text, read)
  return read
}

function readDevice(text: string): Device {
  if (text === '') return Object.freeze({ browser: UNKNOWN, os: UNKNOWN, type: UNKNOWN })
  const parser = Bowser.getParser(text, true)
  const [browser, os, type] = [parser.getBrowserName(), parser.getOSName(), parser.getPlatformType()]
  return Object.freeze({ browser: word(browser), os: word(os), type: word(type) })
}

function word(name: string): string {
  return NAME.test(name) ? name : UNKNOWN
}
