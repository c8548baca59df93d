import { ConfigurationError } from '../errors.ts'
import { type Address, formatAddress, isV4, parseAddress, prefix, within } from './address.ts'

type Network = { readonly address: Address; readonly bits: number }

/** Proxies whose forwarding headers are believed. */
export type TrustedProxies = readonly Network[]

/** What a connection and the forwarding headers on it say; absent is null or undefined. */
export type Forwarded = {
  /** Address of the socket's other end. */
  readonly remote: string | null | undefined
  /** `X-Forwarded-For`; several lines joined by commas. */
  readonly forwardedFor?: string | null | undefined
  readonly forwardedProto?: string | null | undefined
  readonly forwardedHost?: string | null | undefined
}

export type ClientSource = {
  /** The client's address in its one spelling; null when the connection has none (a Unix socket). */
  readonly ip: string | null
  /** How the client reached the outermost trusted proxy. Null when no trusted one says: then judge by the connection. */
  readonly proto: 'http' | 'https' | null
  /** Host and port the client asked for, lower case. Null when no trusted proxy says. Never good for building links (RC-05). */
  readonly host: string | null
}

/**
 * Proxies from addresses and CIDR ranges, IPv4 and IPv6.
 * @throws ConfigurationError naming the entry that is neither.
 */
export function trustedProxies(list: readonly string[]): TrustedProxies {
  return list.map(network)
}

/**
 * Who is at the other end (TH-07). Starting from the connection, each hop that is a trusted proxy is believed about the
 * one before it, `X-Forwarded-For` read from the right; the first that is not trusted is the client. An entry that is no
 * address ends the walk at the hop that reported it. Nothing else speaks of the client: `Forwarded` and `X-Real-IP` have
 * no meaning, and from an untrusted connection no header has any (CK-12).
 */
export function clientSource(forwarded: Forwarded, trusted: TrustedProxies): ClientSource {
  const remote = forwarded.remote ? parseAddress(withoutZone(forwarded.remote)) : null
  if (!remote) return { ip: null, proto: null, host: null }
  if (!isTrusted(remote, trusted)) return { ip: formatAddress(remote), proto: null, host: null }
  return {
    ip: formatAddress(walk(remote, forwarded.forwardedFor ?? '', trusted)),
    proto: protocol(forwarded.forwardedProto),
    host: host(forwarded.forwardedHost),
  }
}

/**
 * Under which key attempts from an address are counted: IPv4 by itself, IPv6 by its /64, since whoever has one address of
 * such a network has all of it. What is no address shares one key.
 */
export function sourceKey(ip: string | null | undefined): string {
  const address = ip ? parseAddress(ip) : null
  if (!address) return 'unknown'
  return isV4(address) ? formatAddress(address) : `${formatAddress(prefix(address, 64))}/64`
}

function network(entry: string): Network {
  const slash = entry.indexOf('/')
  const text = slash === -1 ? entry : entry.slice(0, slash)
  const address = parseAddress(text)
  const dotted = !text.includes(':')
  const most = dotted ? 32 : 128
  const length = slash === -1 ? String(most) : entry.slice(slash + 1)
  if (!address || !/^(?:0|[1-9]\d{0,2})$/.test(length) || Number(length) > most) {
    throw new ConfigurationError(
      `trustedProxies has ${JSON.stringify(entry)}: write an address such as '10.0.0.7' or a range such as '10.0.0.0/8'`,
    )
  }
  const bits = Number(length) + (dotted ? 96 : 0)
  const first = prefix(address, bits)
  if (first.some((group, index) => group !== address[index])) {
    throw new ConfigurationError(
      `trustedProxies has ${JSON.stringify(entry)}, which is an address inside a range: write '${formatAddress(first)}/${length}'`,
    )
  }
  return { address, bits }
}

function isTrusted(address: Address, trusted: TrustedProxies): boolean {
  return trusted.some((proxy) => within(address, proxy.address, proxy.bits))
}

function walk(remote: Address, forwardedFor: string, trusted: TrustedProxies): Address {
  let client = remote
  let end = forwardedFor.length
  while (end > 0 && isTrusted(client, trusted)) {
    const comma = forwardedFor.lastIndexOf(',', end - 1)
    const hop = parseAddress(withoutPort(forwardedFor.slice(comma + 1, end).trim()))
    if (!hop) return client
    client = hop
    end = comma
  }
  return client
}

/** Some proxies append the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(hop: string): string {
  const match = /^\[([0-9a-f:.]{2,45})\](?::\d{1,5})?$|^([0-9.]{7,15}):\d{1,5}$/i.exec(hop)
  if (!match) return hop
  return match[2] ?? (match[1]?.includes(':') ? match[1] : '')
}

/** Link-local peers come with the name of the interface: `fe80::1%eth0`. */
function withoutZone(remote: string): string {
  const zone = remote.indexOf('%')
  return zone === -1 ? remote : remote.slice(0, zone)
}

/** A list is `https` only if every hop was: what a client made up is in it too. */
function protocol(header: string | null | undefined): 'http' | 'https' | null {
  if (!header) return null
  const hops = header.split(',').map((hop) => hop.trim().toLowerCase())
  if (!hops.every((hop) => hop === 'http' || hop === 'https')) return null
  return hops.includes('http') ? 'http' : 'https'
}

function host(header: string | null | undefined): string | null {
  return header && /^(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i.test(header)
    ? header.toLowerCase()
    : null
}
