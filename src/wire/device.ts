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

/**
 * What a `User-Agent` says of the device, in words for people: `Firefox`, `Windows`, `desktop`. Names without versions, so
 * that the entry stays the same through updates. A claim of the client, never a fact to decide upon.
 */
export function device(userAgent: string | null | undefined): Device {
  const text = safeText(userAgent ?? '', MAX_USER_AGENT)
  if (text === '') return { browser: UNKNOWN, os: UNKNOWN, type: UNKNOWN }
  const parser = Bowser.getParser(text, true)
  return { browser: word(parser.getBrowserName()), os: word(parser.getOSName()), type: word(parser.getPlatformType()) }
}

function word(name: string): string {
  return NAME.test(name) ? name : UNKNOWN
}
