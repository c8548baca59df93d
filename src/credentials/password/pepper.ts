import { mac, macKey, subkey } from '../../crypto.ts'
import { ConfigurationError } from '../../errors.ts'

/**
 * A key without which no hash verifies. It is kept outside the database: a copy of the database alone is then no use
 * for guessing passwords (ASVS 5.0 11.2.4, NIST SP 800-63B-4 section 3.1.1.2; PW-13).
 */
export type Pepper = {
  /** Stands in the records made with it: 8 characters, base64url, drawn from the pepper and telling nothing of it. */
  readonly id: string
  /** 32 bytes. */
  readonly key: Uint8Array
}

const MIN_LENGTH = 32

/**
 * The peppers of the options, newest first; none when the option is absent. To rotate on several nodes, first give the
 * new one second place everywhere, then first: a node that does not know a pepper can verify nothing made with it.
 *
 * @throws ConfigurationError when one is too short or stands there twice.
 */
export function peppers(option: string | readonly string[] | undefined): readonly Pepper[] {
  const secrets = option === undefined ? [] : typeof option === 'string' ? [option] : option
  if (secrets.some((secret) => secret.length < MIN_LENGTH)) {
    throw new ConfigurationError(
      `password.pepper is shorter than ${MIN_LENGTH} characters: write random ones, such as 'openssl rand -base64 32' makes`,
    )
  }
  const all = secrets.map((secret) => ({
    id: mac(macKey(secret, 'password pepper id'), 'id').slice(0, 8),
    key: subkey(secret, 'password pepper'),
  }))
  if (new Set(all.map((pepper) => pepper.id)).size < all.length) {
    throw new ConfigurationError('password.pepper holds one value twice: write each once, newest first')
  }
  return all
}
