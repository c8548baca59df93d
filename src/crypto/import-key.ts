import { createPrivateKey, createSecretKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { ConfigurationError } from '../errors.ts'
import { ALGORITHMS, type Algorithm, isAlgorithm, TABLE } from './algorithms.ts'
import { KID, LEAST_RSA_BITS, namedKey, pairOf, type SigningKey, sign, verify } from './keys.ts'

/** A key the operator brings: PEM (PKCS #8), a private JWK, or the text of a secret that several servers share. */
export type KeyMaterial = {
  readonly key: string | Readonly<Record<string, unknown>>
  /** What it signs by. Needed where the key itself leaves a choice: RSA, and a secret given as text. */
  readonly alg?: Algorithm
  readonly kid?: string
}

/** RFC 7518 section 3.2: as long as the hash. */
const LEAST_SECRET_BYTES = 32
const LEAST_EXPONENT = 65537n

/** Members of keys that have a public half. */
const OF_PAIRS = ['crv', 'x', 'y', 'd', 'n', 'e', 'p', 'q', 'dp', 'dq', 'qi', 'oth']

const TORN = 'cannot verify what it signs: its private and public members are of different keys'

/**
 * Checks a key that was brought, and its strength (JW-20, KM-04).
 * @param option what the operator called it, for messages.
 * @throws ConfigurationError that says what to write instead, and nothing of the key.
 */
export function importKey(given: KeyMaterial, option: string): SigningKey {
  const wrong = (problem: string): ConfigurationError => new ConfigurationError(`${option} ${problem}`)
  if (typeof given !== 'object' || given === null) throw wrong('has no key: write an object with one as key')
  const { key, alg, kid } = given
  if (alg !== undefined && !isAlgorithm(alg)) throw wrong(`has alg '${String(alg)}': write ${ALGORITHMS.join(', ')}`)
  if (typeof key !== 'string' && (typeof key !== 'object' || key === null)) throw wrong('has no key: write one as key')
  const { pair, said } = typeof key === 'string' ? fromText(key, alg, wrong) : fromJwk(key, alg, wrong)
  const chosen = alg ?? said.alg
  if (chosen === undefined) throw wrong(`does not say what it signs by: write alg, one of ${ALGORITHMS.join(', ')}`)
  if (said.alg !== undefined && said.alg !== chosen)
    throw wrong(`is for ${said.alg} and has alg '${chosen}': write the same`)
  checkStrength(pair.secret, chosen, wrong)
  const name = kid ?? said.kid
  if (name !== undefined && !(typeof name === 'string' && KID.test(name)))
    throw wrong(`has a kid that is not 1 to 64 letters, digits, '-' and '_'`)
  const named = namedKey(chosen, pair, name)
  if (!isWhole(named)) throw wrong(TORN)
  return named
}

/** A set in which every key can be told from every other (KM-05). @throws ConfigurationError */
export function checkedKeySet(keys: readonly SigningKey[], option: string): readonly SigningKey[] {
  const kids = new Set(keys.map(({ kid }) => kid))
  if (kids.size !== keys.length) throw new ConfigurationError(`${option} has two keys of one kid: give each its own`)
  const shared = keys.filter(({ alg }) => alg === 'HS256').length
  if (shared > 0 && shared < keys.length) {
    throw new ConfigurationError(`${option} mixes shared secrets with private keys: write one kind`)
  }
  return keys
}

type Read = {
  readonly pair: { readonly secret: KeyObject; readonly verifier: KeyObject }
  /** What the key says of itself. */
  readonly said: { readonly alg?: Algorithm; readonly kid?: string }
}
type Wrong = (problem: string) => ConfigurationError

function fromText(text: string, alg: Algorithm | undefined, wrong: Wrong): Read {
  if (!text.includes('-----BEGIN')) {
    if (alg !== 'HS256')
      throw wrong(`is neither PEM nor a JWK: write a private key, or alg: 'HS256' for a shared secret`)
    checkSecretText(text, wrong)
    const secret = createSecretKey(Buffer.from(text))
    return { pair: { secret, verifier: secret }, said: { alg } }
  }
  if (alg === 'HS256') throw wrong(`is a PEM key, which cannot be a shared secret: leave alg out`)
  if (/-----BEGIN (?:RSA )?PUBLIC KEY|-----BEGIN CERTIFICATE/.test(text)) {
    throw wrong('is public and cannot sign: write the private key (PKCS #8, "BEGIN PRIVATE KEY")')
  }
  try {
    const secret = createPrivateKey(text)
    return { pair: pairOf(secret.export({ format: 'jwk' })), said: saidBy(secret) }
  } catch {
    throw wrong('cannot be read: write an unencrypted private key of Ed25519, P-256 or RSA as PKCS #8 PEM')
  }
}

/** A JWK has both halves in it, and nobody looked whether they belong together. */
function isWhole(key: SigningKey): boolean {
  try {
    return verify(key, 'whole', Buffer.from(sign(key, 'whole'), 'base64url'))
  } catch {
    return false
  }
}

/** What a private key can sign by, where its kind leaves no choice. */
function saidBy(secret: KeyObject): { readonly alg?: Algorithm } {
  if (secret.asymmetricKeyType === 'ed25519') return { alg: 'EdDSA' }
  return secret.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? { alg: 'ES256' } : {}
}

function fromJwk(jwk: Readonly<Record<string, unknown>>, alg: Algorithm | undefined, wrong: Wrong): Read {
  const own = (name: string): unknown => (Object.hasOwn(jwk, name) ? jwk[name] : undefined)
  if (own('use') !== undefined && own('use') !== 'sig') throw wrong(`is not for signing (its use is not 'sig')`)
  const operations = own('key_ops')
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('sign'))) {
    throw wrong(`is not for signing (its key_ops do not list 'sign')`)
  }
  // One key, one purpose; and no operation is listed twice (RFC 7517 section 4.3).
  if (operations?.some((name, i) => !['sign', 'verify'].includes(name) || operations.indexOf(name) !== i)) {
    throw wrong(`is for more than signing (its key_ops list more than 'sign' and 'verify'): write a key of its own`)
  }
  const said = own('alg')
  if (said !== undefined && !isAlgorithm(said))
    throw wrong(`is for an algorithm that is not one of ${ALGORITHMS.join(', ')}`)
  const secretMember = own('kty') === 'oct' ? 'k' : 'd'
  if (typeof own(secretMember) !== 'string')
    throw wrong('has nothing private in it and cannot sign: write the private JWK')
  const others = own('kty') === 'oct' ? OF_PAIRS : ['k']
  if (others.some((name) => own(name) !== undefined))
    throw wrong('is both a shared secret and a private key: write one')
  let pair: Read['pair']
  try {
    pair = pairOf(jwk as JsonWebKey)
  } catch {
    throw wrong('cannot be read: its members make no key')
  }
  // Of Ed25519, the public half is not looked at, but made anew.
  if (own('kty') === 'OKP' && pair.verifier.export({ format: 'jwk' }).x !== own('x')) throw wrong(TORN)
  const kid = own('kid')
  if (kid !== undefined && typeof kid !== 'string') throw wrong('has a kid that is not text')
  const byKind = own('kty') === 'oct' ? 'HS256' : saidBy(pair.secret).alg
  const chosen = said ?? alg ?? byKind
  return { pair, said: { ...(chosen && { alg: chosen }), ...(kid !== undefined && { kid }) } }
}

function checkStrength(secret: KeyObject, alg: Algorithm, wrong: Wrong): void {
  const { kty, crv } = TABLE[alg]
  if (kty === 'oct') {
    if (secret.type !== 'secret') throw wrong(`is not a shared secret, as ${alg} needs`)
    if ((secret.symmetricKeySize ?? 0) < LEAST_SECRET_BYTES) {
      throw wrong(`is shorter than ${LEAST_SECRET_BYTES} bytes: write one made by: openssl rand -base64 48`)
    }
    checkSecretText(secret.export().toString('latin1'), wrong)
    return
  }
  const { modulusLength = 0, publicExponent = 0n, namedCurve } = secret.asymmetricKeyDetails ?? {}
  const fits =
    kty === 'RSA'
      ? secret.asymmetricKeyType === 'rsa'
      : crv === 'Ed25519'
        ? secret.asymmetricKeyType === 'ed25519'
        : namedCurve === 'prime256v1'
  if (!fits) throw wrong(`is of a kind that does not sign by ${alg}`)
  if (kty !== 'RSA') return
  if (modulusLength < LEAST_RSA_BITS)
    throw wrong(`has ${modulusLength} bits: write an RSA key of at least ${LEAST_RSA_BITS}`)
  if (publicExponent < LEAST_EXPONENT || publicExponent % 2n === 0n) {
    throw wrong(`has the public exponent ${publicExponent}: write an RSA key with 65537`)
  }
}

/** What people make up is turned away by its length and by how few different characters it has (KM-07). */
function checkSecretText(text: string, wrong: Wrong): void {
  const remedy = 'write one made by: openssl rand -base64 48'
  if (Buffer.byteLength(text) < LEAST_SECRET_BYTES)
    throw wrong(`is shorter than ${LEAST_SECRET_BYTES} bytes: ${remedy}`)
  if (new Set(text).size < 12 || /^(.{1,16})\1+$/s.test(text))
    throw wrong(`repeats itself and can be guessed: ${remedy}`)
  // A public key that is written down is long enough, and known to everybody (JW-03).
  if (/-----BEGIN |"kty"/.test(text))
    throw wrong(`is a key of another kind, which cannot be a shared secret: ${remedy}`)
}
