import { type MacKey, macKey, randomText } from '../../crypto.ts'
import type { PasswordOptions } from '../../options/guessing.ts'
import type { Algorithm, Cost } from './algorithm.ts'
import { algorithmOf } from './algorithms.ts'
import { argon2id, argon2idCost, argon2idDecoy, argon2idHash } from './argon2id.ts'
import { type Decoys, decoys } from './decoy.ts'
import { type Pepper, peppers } from './pepper.ts'
import type { PasswordText } from './text.ts'

/*
 * The stored record of a password. It describes itself:
 *
 *   $argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>             no pepper: a bare hash, also as other systems write it
 *   v1,k=<pepper id>$argon2id$v=19$m=19456,t=2,p=1$…$…      version 1 of our envelope: hashed with that pepper
 *
 * Whatever stands before the first `$` is the envelope; an envelope of another form is refused, never guessed at.
 * A bare record stays good when a pepper is introduced, until its owner's next sign-in rewrites it. Records of other algorithms
 * come from elsewhere (`foreign.ts`), have no envelope, and are rewritten then too.
 */

const ENVELOPE = /^v1,k=([A-Za-z0-9_-]{8})$/

/** How passwords are hashed now, and which peppers older records may have been made with. */
export type Hashing = {
  readonly cost: Cost
  /** Newest first; the first is the one that is used. */
  readonly peppers: readonly Pepper[]
  /** What is verified on behalf of strangers. */
  readonly decoys: Decoys
}

/**
 * `absent`: there is no record. `malformed`: the record is of no known form. `pepper_missing`: it was made with a pepper that is not configured.
 * `package_missing`: what verifies it is not installed.
 * None of them says anything of the password, and none lets anyone in.
 */
export type Verdict = 'good' | 'wrong' | 'absent' | 'malformed' | 'pepper_missing' | 'package_missing'

/**
 * @param key draws which kind of record a stranger stands for; one of this process where that has to hold for it only
 * @throws ConfigurationError when the options are below the published floor or a pepper is unfit (PW-11, PW-13).
 */
export function hashing(options: PasswordOptions, key: MacKey = macKey(randomText(32), 'decoys')): Hashing {
  const cost = argon2idCost(options)
  return { cost, peppers: peppers(options.pepper), decoys: decoys(options.imported ?? [], cost, key) }
}

/** The record of a new password: under a fresh salt, today's cost and the newest pepper. */
export async function hashPassword(password: PasswordText, hashing: Hashing): Promise<string> {
  const [pepper] = hashing.peppers
  const hash = await argon2idHash(password, hashing.cost, pepper?.key ?? null)
  return pepper ? `v1,k=${pepper.id}${hash}` : hash
}

/**
 * Whether the password made the record; null stands for a stranger's, who gave this name. Whatever the verdict, a verification has been computed,
 * so that how long it takes does not tell the verdicts apart (TH-08).
 */
export async function verifyPassword(
  record: string | null,
  password: PasswordText,
  hashing: Hashing,
  name = '',
): Promise<Verdict> {
  const found = record === null ? 'absent' : readRecord(record, hashing)
  const read = typeof found === 'string' || (await found.algorithm.isThere()) ? found : 'package_missing'
  if (typeof read !== 'string') {
    return (await read.algorithm.verify(read.hash, password, read.pepper?.key ?? null)) ? 'good' : 'wrong'
  }
  const drawn = hashing.decoys(name)
  const decoy = (await drawn.algorithm.isThere()) ? drawn : { algorithm: argon2id, hash: argon2idDecoy(hashing.cost) }
  await decoy.algorithm.verify(decoy.hash, password, hashing.peppers[0]?.key ?? null)
  return read
}

/** Whether the record should be rewritten, now that its password is known to be good: it differs from what `hashPassword` makes (PW-12). */
export function needsUpgrade(record: string, hashing: Hashing): boolean {
  const read = readRecord(record, hashing)
  if (typeof read === 'string') return true
  return read.pepper?.id !== hashing.peppers[0]?.id || !read.algorithm.isCurrent(read.hash, hashing.cost)
}

type Read = { readonly algorithm: Algorithm; readonly hash: string; readonly pepper: Pepper | null }

function readRecord(record: string, hashing: Hashing): Read | 'malformed' | 'pepper_missing' {
  const start = record.indexOf('$')
  if (start < 0) return 'malformed'
  const hash = record.slice(start)
  const algorithm = algorithmOf(hash)
  if (!algorithm?.isReadable(hash)) return 'malformed'
  if (start === 0) return { algorithm, hash, pepper: null }
  const envelope = ENVELOPE.exec(record.slice(0, start))
  if (!envelope || algorithm !== argon2id) return 'malformed'
  const pepper = hashing.peppers.find((one) => one.id === envelope[1])
  return pepper ? { algorithm, hash, pepper } : 'pepper_missing'
}
