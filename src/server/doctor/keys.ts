import type { Facts } from './facts.ts'
import { type Finding, ok, warn } from './finding.ts'
import { DAY, MINUTE, over, SECOND, span } from './span.ts'

/** Keys that were brought, and how those that are made follow one another. */
export function signingKeys({ strategies, given: { keys = {} }, imported, faulty }: Facts): readonly Finding[] {
  if (faulty.has('keys') || strategies.every((name) => name === 'session')) return []
  const found: Finding[] = []
  for (const { kid, alg, bits } of imported) {
    if (alg === 'HS256') {
      const what = `key ${kid} is a shared secret: every service that verifies with it can sign too`
      found.push(warn(what, 'import a private key, or leave keys.import out; services then need its public half only'))
    }
    if (bits !== null && bits < 3072) {
      found.push(
        warn(`key ${kid} (${alg}) has ${bits} bits`, `write an RSA key of 3072, or one of Ed25519 (alg 'EdDSA')`),
      )
    }
  }
  if (imported.length === 0 && keys.alg === 'HS256') {
    found.push(warn('keys.alg is HS256: no service but this one can verify', `write 'EdDSA', or leave it out`))
  }
  if (over(span(keys.rotateEvery), 90 * DAY)) {
    found.push(warn(`keys.rotateEvery is ${keys.rotateEvery}: a key that leaked signs for long`, `write '90d' or less`))
  }
  const publish = span(keys.publishFor)
  if (publish !== null && publish < 5 * MINUTE) {
    const what = `keys.publishFor is ${keys.publishFor}: whoever keeps the key set for some minutes refuses new tokens`
    found.push(warn(what, `write '5m' or more`))
  }
  if (over(span(keys.leeway), 30 * SECOND)) {
    const instead = `write '30s' or less, and keep clocks in step with NTP`
    found.push(warn(`keys.leeway is ${keys.leeway}: tokens live that much longer than they say`, instead))
  }
  if (found.length > 0) return found
  return [ok(imported.length > 0 ? 'the imported keys are strong; they do not rotate' : 'signing keys rotate')]
}
