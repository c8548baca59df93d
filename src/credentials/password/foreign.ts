import { ALGORITHMS, algorithmOf } from './algorithms.ts'
import { argon2i, argon2id, isBearable } from './argon2id.ts'
import { base64Of } from './phc.ts'

/*
 * Hashes as other systems write them, made into records of ours. What a hash is of is known by what it says of itself; nothing is guessed.
 */

/** Firebase's scrypt: the parameters are those of the project, which its console shows. Everything but the numbers is base64. */
export type FirebaseHash = {
  readonly hash: string
  readonly salt: string
  readonly signerKey: string
  readonly saltSeparator: string
  readonly rounds: number
  readonly memoryCost: number
}

/** PBKDF2 in parts, as Keycloak keeps it. `salt` and `hash` are base64. */
export type Pbkdf2Hash = {
  readonly digest: 'sha256' | 'sha512'
  readonly iterations: number
  readonly salt: string
  readonly hash: string
}

/** A hash made elsewhere: a text that says how it was made, or its parts. */
export type ForeignHash = string | { readonly firebase: FirebaseHash } | { readonly pbkdf2: Pbkdf2Hash }

/** The record, and how it begins up to its salt (`PasswordOptions.imported`); or why it cannot be one. No reason quotes the hash. */
export type ForeignRecord = { readonly record: string; readonly kind: string } | { readonly why: string }

/** A record of ours for a hash that was made elsewhere, if its form is known and a check of it can be borne. */
export function foreignRecord(given: ForeignHash): ForeignRecord {
  const record =
    typeof given === 'string'
      ? ofText(given.trim())
      : 'firebase' in given
        ? ofFirebase(given.firebase)
        : ofPbkdf2(given.pbkdf2)
  if (record === null) return { why: 'the hash is not written as its kind is' }
  const algorithm = algorithmOf(record)
  if (!algorithm) {
    const known = ALGORITHMS.map(({ name }) => name).join(', ')
    return { why: `the hash is of no known kind: known are ${known}` }
  }
  const isArgon2 = algorithm === argon2id || algorithm === argon2i
  if (isArgon2 ? isBearable(record) : algorithm.isReadable(record)) return { record, kind: kindOf(record) }
  return {
    why: `the ${algorithm.name} hash is cut off or damaged, or costs more than a check may: ${algorithm.limits}`,
  }
}

/** `$2b$10`, `$scrypt$ln=15,r=8,p=1`: all but what is of one user. */
function kindOf(record: string): string {
  return record.slice(
    0,
    record.startsWith('$2') ? record.lastIndexOf('$') : record.lastIndexOf('$', record.lastIndexOf('$') - 1),
  )
}

/** Django puts the name of the way before what argon2 and bcrypt write themselves, and has forms of its own for the others. */
function ofText(text: string): string | null {
  const [way = '', ...rest] = text.split('$')
  switch (way) {
    case 'argon2':
      return `$${rest.join('$')}`
    case 'bcrypt':
      return rest.join('$')
    case 'pbkdf2_sha256':
    case 'pbkdf2_sha512': {
      const [iterations = '', salt = '', hash = ''] = rest
      return pbkdf2Record(way.slice('pbkdf2_'.length), iterations, Buffer.from(salt), hash)
    }
    case 'scrypt': {
      const [N = '', salt = '', r = '', p = '', hash = ''] = rest
      const ln = Math.log2(Number(N))
      return Number.isInteger(ln) ? joined(`$scrypt$ln=${ln},r=${r},p=${p}`, Buffer.from(salt), bytes(hash)) : null
    }
    case '':
      return /^\$pbkdf2-sha(256|512)\$\d/.test(text) ? ofPasslib(text) : withoutPadding(text)
    default:
      return text
  }
}

/** passlib leaves the name of the number out, and writes `.` for `+`. */
function ofPasslib(text: string): string | null {
  const [, name = '', iterations = '', salt = '', hash = ''] = text.replaceAll('.', '+').split('$')
  const saltBytes = bytes(salt)
  return saltBytes && pbkdf2Record(name.slice('pbkdf2-'.length), iterations, saltBytes, hash)
}

/** Some write base64 with its padding, and the length of the tag beside the iterations. */
function withoutPadding(text: string): string {
  return text.startsWith('$pbkdf2-')
    ? text
        .replaceAll('=$', '$')
        .replaceAll('=$', '$')
        .replace(/=+$/, '')
        .replace(/(\$i=\d+),l=\d+\$/, '$1$')
    : text
}

function ofPbkdf2({ digest, iterations, salt, hash }: Pbkdf2Hash): string | null {
  const saltBytes = bytes(salt)
  return saltBytes && pbkdf2Record(digest, String(iterations), saltBytes, hash)
}

/**
 * Firebase encrypts the key of the project under what scrypt makes of the password. Who knows that key can tell what the encryption adds to it,
 * and that is all that has to be kept: the key of the project is in no record.
 */
function ofFirebase({ hash, salt, signerKey, saltSeparator, rounds, memoryCost }: FirebaseHash): string | null {
  const [encrypted, key, start, end] = [
    bytes(hash),
    bytes(signerKey),
    bytes(salt),
    saltSeparator === '' ? Buffer.alloc(0) : bytes(saltSeparator),
  ]
  if (!encrypted || !key || !start || !end || encrypted.length !== key.length) return null
  const added = encrypted.map((byte, at) => byte ^ (key[at] as number))
  return joined(`$firebase-scrypt$ln=${memoryCost},r=${rounds},p=1`, Buffer.concat([start, end]), added)
}

function pbkdf2Record(digest: string, iterations: string, salt: Uint8Array, hash: string): string | null {
  return joined(`$pbkdf2-${digest}$i=${iterations}`, salt, bytes(hash))
}

function joined(kind: string, salt: Uint8Array, tag: Uint8Array | null): string | null {
  return tag && `${kind}$${base64Of(salt)}$${base64Of(tag)}`
}

/** Of base64 or base64url, with its padding or without; null for anything else, and for nothing. */
function bytes(text: string): Buffer | null {
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null
}
