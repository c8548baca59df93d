import type { Facts } from './facts.ts'
import { bad, type Finding, ok, orOk, warn } from './finding.ts'

/** Where people reach the server, and who else may speak for them. */
export function address({ origin, production, given }: Facts): readonly Finding[] {
  const found: Finding[] = []
  if (production && origin?.startsWith('http:')) {
    const what = `the address is ${origin}: cookies go out without Secure, and only this machine can use it`
    found.push(bad(what, 'write the https address people reach this server at, in SALLYPORT_URL'))
  } else if (origin !== null) {
    found.push(ok(`the address is ${origin}`))
  }
  const plain = (given.cors?.origins ?? []).filter((one) => /^http:\/\/(?!localhost[:/]?|127\.|\[::1\])/.test(one))
  for (const one of plain) {
    const what = `cors.origins has ${one}: who sits on the way can change its pages and act for the people on them`
    found.push(warn(what, `write '${one.replace('http:', 'https:')}'`))
  }
  return found
}

/** Who gets the cookies. */
export function cookies({ given: { cookies = {} } }: Facts): readonly Finding[] {
  const found: Finding[] = []
  if (cookies.sameSite === 'none') {
    const what = 'cookies.sameSite is none: every site can have requests sent with the cookie'
    found.push(warn(what, `write 'lax', unless pages of another site have to call this server`))
  }
  if (cookies.domain !== undefined) {
    const what = `cookies.domain is ${cookies.domain}: every host below it gets the cookie and can plant one`
    found.push(warn(what, 'leave it out, and let other hosts use tokens of their own'))
  }
  return orOk(found, 'cookies are for this host only, and not sent along by other sites')
}

/** Whose word on the client's address counts (TH-07). */
export function proxies({ given: { trustedProxies = [] }, setting, faulty }: Facts): readonly Finding[] {
  if (!setting || faulty.has('trustedProxies')) return []
  const instead = 'write the addresses of your proxies, or the smallest range they are in'
  const found = setting.trustedProxies.flatMap((network, i) => {
    const entry = trustedProxies[i]
    if (isEverybody(network)) {
      const what = `trustedProxies has ${entry}: everybody is believed about who they are, and no limit by source holds`
      return [bad(what, instead)]
    }
    const wide = network.bits < (isV4(network) ? 96 + 8 : 32)
    return wide ? [warn(`trustedProxies has ${entry}, which is more than any network of your own`, instead)] : []
  })
  if (found.length > 0) return found
  return trustedProxies.length === 0
    ? [ok('no forwarding header is believed', 'behind a proxy, write its address in TRUSTED_PROXIES')]
    : [ok('forwarding headers are believed of the listed proxies only')]
}

type Network = NonNullable<Facts['setting']>['trustedProxies'][number]

/** IPv4 addresses are those below ::ffff:0:0/96 (RFC 4291 section 2.5.5.2). */
function isV4({ address, bits }: Network): boolean {
  return bits >= 96 && address[5] === 0xffff && isNoughtTo(address, 5)
}

/** All of IPv4, or more. */
function isEverybody(network: Network): boolean {
  return network.bits <= 80 ? isNoughtTo(network.address, 5) : network.bits === 96 && isV4(network)
}

function isNoughtTo(address: Network['address'], groups: number): boolean {
  return address.slice(0, groups).every((group) => group === 0)
}
