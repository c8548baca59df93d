import type { Algorithm } from './algorithm.ts'
import { argon2i, argon2id } from './argon2id.ts'
import { bcrypt } from './bcrypt.ts'
import { pbkdf2 } from './pbkdf2.ts'
import { firebaseScrypt, scrypt } from './scrypt.ts'

/** Every way of hashing that is read. The first is the one that is written. */
export const ALGORITHMS: readonly Algorithm[] = [argon2id, argon2i, bcrypt, scrypt, firebaseScrypt, pbkdf2]

/** The row of the table a hash begins like. */
export function algorithmOf(hash: string): Algorithm | undefined {
  return ALGORITHMS.find((row) => hash.startsWith(row.prefix))
}
