import type { Facts } from './facts.ts'
import { bad, type Finding, ok } from './finding.ts'

const SHARED = 'write one made by: openssl rand -base64 48'

/** The master secrets, and others that must not be the same (KM-07). Nothing that is said holds one. */
export function secrets({ secrets, given, production, faulty }: Facts): readonly Finding[] {
  const found: Finding[] = []
  for (const [i, key] of (given.keys?.import ?? []).entries()) {
    const secret = sharedSecret(key)
    if (secret !== null && secrets.includes(secret)) {
      const what = `keys.import[${i}] is the master secret too: who verifies with it can open all that is sealed`
      found.push(bad(what, SHARED))
    }
  }
  const { pepper = [] } = given.password ?? {}
  if ((typeof pepper === 'string' ? [pepper] : pepper).some((one) => secrets.includes(one))) {
    found.push(bad('password.pepper is the master secret too: who learns one has both', SHARED))
  }
  if (faulty.has('secret') || (production && secrets.length === 0)) return found
  if (secrets.length > 1) {
    const instead = 'when every server runs with the newest in front, leave the others out'
    return [...found, ok(`${secrets.length} master secrets are accepted, the first one seals`, instead)]
  }
  if (given.secret !== undefined) {
    return [...found, ok('the master secret is long and does not repeat itself')]
  }
  const when = secrets.length === 1 ? 'was made' : 'will be made at the first start'
  return [...found, ok(`the master secret ${when}, as this is development`)]
}

/** Of an HS256 key, as text or as a JWK (RFC 7518 section 6.4). */
function sharedSecret(material: unknown): string | null {
  const { key, alg } = (material ?? {}) as { readonly key?: unknown; readonly alg?: unknown }
  if (typeof key === 'string') return alg === 'HS256' ? key : null
  const { kty, k } = (key ?? {}) as { readonly kty?: unknown; readonly k?: unknown }
  return kty === 'oct' && typeof k === 'string' ? Buffer.from(k, 'base64url').toString('utf8') : null
}
