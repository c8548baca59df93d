import { ConfigurationError, type Refusal } from '../../errors.ts'
import type { PasswordOptions } from '../../options/guessing.ts'
import { isCommon } from './common.ts'
import { type About, contextWords, isGuessable } from './context.ts'
import { fieldRefusal, passwordText } from './text.ts'

/**
 * Whether a new password will do: null, or why not, on the field `path` (`password` by default). No rules of
 * composition: every character of every script, space included, counts as one and none is asked for (PW-05).
 *
 * Refusals: `password_too_long`, `invalid_request` (no Unicode text), `password_too_short`, `password_common`,
 * `password_guessable`.
 */
export type PasswordRules = (password: string, about: About, path?: string) => Refusal | null

/** NIST SP 800-63B-4 section 3.1.1.2: as the only factor, and beside a second one. Code points (PW-01). */
const MIN_LENGTH = { only: 15, besideSecondFactor: 8, floor: 8, ceiling: 64 }

/**
 * The fewest code points a new password may have.
 * @throws ConfigurationError when it is set below 8, or above 64, which everyone must be allowed to be content with.
 */
export function minimumLength(options: PasswordOptions, secondFactor = false): number {
  const minLength = options.minLength ?? (secondFactor ? MIN_LENGTH.besideSecondFactor : MIN_LENGTH.only)
  if (Number.isInteger(minLength) && minLength >= MIN_LENGTH.floor && minLength <= MIN_LENGTH.ceiling) return minLength
  throw new ConfigurationError(
    `password.minLength is ${minLength}: write a whole number from ${MIN_LENGTH.floor} to ${MIN_LENGTH.ceiling}, 15 where the password is the only factor`,
  )
}

/** @throws ConfigurationError as `minimumLength` does. */
export function passwordRules(options: PasswordOptions, secondFactor = false): PasswordRules {
  const minLength = minimumLength(options, secondFactor)
  const context = options.context ?? []
  return (password, about, path = 'password') => {
    const text = passwordText(password, path)
    if (!text.ok) return text.refusal
    if ([...text.value].length < minLength) {
      return fieldRefusal('password_too_short', path, `is shorter than ${minLength} characters`)
    }
    if (isCommon(text.value))
      return fieldRefusal('password_common', path, 'is among the most common ones, or a pattern everybody finds')
    if (isGuessable(text.value, contextWords(about, context))) {
      return fieldRefusal('password_guessable', path, 'is made of your name, your address or the name of this service')
    }
    return null
  }
}
