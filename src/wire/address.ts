/** An IP address as eight groups of 16 bits. IPv4 is kept as its IPv4-mapped form, so that there is one of each. */
export type Address = readonly number[]

const DOT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const LETTER_A = 0x61
const LETTER_F = 0x66

/** The longest there is: six groups of four digits and an IPv4 address at the end. */
const MAX_TEXT = 45

/** An IPv4 or IPv6 address as text (RFC 4291 section 2.2), else null. No zone, no leading zeros in IPv4, no short forms of it. */
export function parseAddress(text: string): Address | null {
  if (text.length > MAX_TEXT) return null
  if (!text.includes(':')) {
    const v4 = parseV4(text)
    return v4 === null ? null : [0, 0, 0, 0, 0, 0xffff, v4 >>> 16, v4 & 0xffff]
  }
  return parseV6(text)
}

/** The one spelling of an address: dotted for IPv4 and IPv4-mapped ones, else as RFC 5952 section 4 has it. */
export function formatAddress(address: Address): string {
  if (isV4(address)) {
    const [high = 0, low = 0] = address.slice(6)
    return `${high >> 8}.${high & 0xff}.${low >> 8}.${low & 0xff}`
  }
  const hex = address.map((group) => group.toString(16))
  const { start, length } = longestZeros(address)
  if (length < 2) return hex.join(':')
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`
}

export function isV4(address: Address): boolean {
  return within(address, MAPPED, 96)
}

const MAPPED: Address = [0, 0, 0, 0, 0, 0xffff, 0, 0]

/** The first `bits` bits; the rest cleared. */
export function prefix(address: Address, bits: number): Address {
  return address.map((group, index) => group & mask(bits - index * 16))
}

/** Whether the first `bits` bits are those of `network`. */
export function within(address: Address, network: Address, bits: number): boolean {
  for (let index = 0; index * 16 < bits; index += 1) {
    if (((address[index] ?? 0) ^ (network[index] ?? 0)) & mask(bits - index * 16)) return false
  }
  return true
}

/** Of one group, the first `bits` bits. */
function mask(bits: number): number {
  return (0xffff << (16 - Math.min(16, Math.max(0, bits)))) & 0xffff
}

/** The 32 bits of four decimal numbers without leading zeros (some readers take those for octal). */
function parseV4(text: string): number | null {
  let bits = 0
  let dots = 0
  let octet = -1
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === DOT && octet >= 0 && dots < 3) {
      bits = bits * 256 + octet
      dots += 1
      octet = -1
    } else if (code >= ZERO && code <= NINE && octet !== 0 && octet < 26) {
      octet = Math.max(0, octet) * 10 + code - ZERO
      if (octet > 255) return null
    } else {
      return null
    }
  }
  return dots === 3 && octet >= 0 ? bits * 256 + octet : null
}

function parseV6(text: string): Address | null {
  const groups: number[] = []
  let gap = text.startsWith('::') ? 0 : -1
  let at = gap === 0 ? 2 : 0
  while (at < text.length) {
    const colon = text.indexOf(':', at)
    const v4 = colon === -1 && text.includes('.', at) ? parseV4(text.slice(at)) : null
    if (v4 !== null) {
      groups.push(v4 >>> 16, v4 & 0xffff)
      break
    }
    const group = parseGroup(text, at, colon === -1 ? text.length : colon)
    if (group === null) return null
    groups.push(group)
    if (colon === -1) break
    at = colon + 1
    if (at === text.length) return null
    if (text.charCodeAt(at) === COLON) {
      if (gap !== -1) return null
      gap = groups.length
      at += 1
    }
  }
  if (gap === -1) return groups.length === 8 ? groups : null
  if (groups.length > 7) return null
  return [...groups.slice(0, gap), ...new Array<number>(8 - groups.length).fill(0), ...groups.slice(gap)]
}

/** One to four hex digits. */
function parseGroup(text: string, from: number, to: number): number | null {
  if (to === from || to - from > 4) return null
  let value = 0
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at)
    const letter = code | 0x20
    if (code >= ZERO && code <= NINE) value = value * 16 + code - ZERO
    else if (letter >= LETTER_A && letter <= LETTER_F) value = value * 16 + letter - LETTER_A + 10
    else return null
  }
  return value
}

function longestZeros(address: Address): { readonly start: number; readonly length: number } {
  let start = 0
  let length = 0
  let run = 0
  for (let index = 0; index < 8; index += 1) {
    run = address[index] === 0 ? run + 1 : 0
    if (run > length) {
      length = run
      start = index - run + 1
    }
  }
  return { start, length }
}
