import { argon2idCost, argon2idHash } from '../../src/credentials/password/argon2id.ts'

export const PASSWORD = 'a long enough passphrase'

/** So many that nobody signs in twice at once, which would have to wait in turn. */
export const PEOPLE = 500

/** Sign-ins under way at once. */
export const AT_ONCE = 16

/** The stored hash of the password, as a new installation makes it. */
export function storedHash(): Promise<string> {
  return argon2idHash(PASSWORD, argon2idCost({}), null)
}
