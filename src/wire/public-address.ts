import { type Address, isV4, parseAddress, within } from './address.ts'

/** What no request for somebody elsewhere may go to (IANA special-purpose registries, RFC 6890 and after). */
const SPECIAL_V4 = networks([
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24'],
  ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
])

/** Of what is given out at all, `2000::/3`: protocol assignments with Teredo, documentation, 6to4, which hides IPv4 in it. */
const SPECIAL_V6 = networks(['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'])
const GIVEN_OUT = networks(['2000::/3'])
const LOOPBACK = networks(['127.0.0.0/8', '::1/128'])

/** Whether an address is one of the open internet. What is no address is not. */
export function isPublicAddress(text: string): boolean {
  const address = parseAddress(text)
  if (address === null) return false
  return isV4(address) ? !isIn(address, SPECIAL_V4) : isIn(address, GIVEN_OUT) && !isIn(address, SPECIAL_V6)
}

/** Whether an address is this machine's own. */
export function isLoopback(text: string): boolean {
  const address = parseAddress(text)
  return address !== null && isIn(address, LOOPBACK)
}

type Network = { readonly network: Address; readonly bits: number }

function networks(texts: readonly string[]): readonly Network[] {
  return texts.map((text) => {
    const [base = '', length = ''] = text.split('/')
    const network = parseAddress(base) as Address
    return { network, bits: Number(length) + (isV4(network) ? 96 : 0) }
  })
}

function isIn(address: Address, among: readonly Network[]): boolean {
  return among.some(({ network, bits }) => within(address, network, bits))
}
