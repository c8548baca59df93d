import { type MacKey, mac, randomText } from '../../crypto.ts'
import { ConfigurationError } from '../../errors.ts'
import type { Algorithm, Cost } from './algorithm.ts'
import { algorithmOf } from './algorithms.ts'
import { argon2idDecoy } from './argon2id.ts'

/** A hash of nothing, to be verified at the price of a real one, and what verifies it. */
export type Decoy = { readonly algorithm: Algorithm; readonly hash: string }

/** Which decoy stands for a stranger: for one name always of the same kind. */
export type Decoys = (name: string) => Decoy

/**
 * Records that were imported take another time to check than those made here, until their owners have signed in. So that such a time does
 * not tell an account from a stranger, strangers are of these kinds too: which one is drawn from a keyed hash of the name they give (TH-08).
 * @param imported kinds as records begin: `$2b$10`, `$pbkdf2-sha256$i=600000`
 * @throws ConfigurationError for what is no kind of record
 */
export function decoys(imported: readonly string[], cost: Cost, key: MacKey): Decoys {
  const kinds = [() => argon2idDecoy(cost), ...imported.map((kind) => checked(kind))]
  return (name) => {
    const drawn = kinds.length === 1 ? 0 : Buffer.from(mac(key, name), 'base64url').readUInt32BE() % kinds.length
    const hash = (kinds[drawn] as () => string)()
    return { algorithm: algorithmOf(hash) as Algorithm, hash }
  }
}

function checked(kind: string): () => string {
  const make = () => `${kind}$${kind.startsWith('$2') ? bcryptEnd() : `${base64(16)}$${base64(32)}`}`
  if (!algorithmOf(kind)?.isReadable(make())) {
    throw new ConfigurationError(
      `password.imported has '${kind}': write how the imported records begin, as users import printed it, such as '$2b$10'`,
    )
  }
  return make
}

/** 22 characters of salt and 31 of tag, of which the last stand for 2 and 4 bits. */
function bcryptEnd(): string {
  const text = randomText(39).replaceAll('-', '.').replaceAll('_', '/')
  return `${text.slice(0, 21)}O${text.slice(21, 51)}G`
}

function base64(bytes: number): string {
  return randomText(bytes).replaceAll('-', '+').replaceAll('_', '/')
}
