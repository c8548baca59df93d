import { equal, type MacKey, mac } from '../crypto.ts'
import type { Core } from './core.ts'

/**
 * The session-bound CSRF token, for clients that cannot prove their origin by headers (CS-04): a keyed MAC of the
 * session's id, so a token of another session, or of one from before sign-in, does not fit.
 */
export function csrfToken({ csrfKeys }: Pick<Core, 'csrfKeys'>, sid: string): string {
  return mac(csrfKeys[0] as MacKey, sid)
}

export function csrfTokenFits(
  { csrfKeys }: Pick<Core, 'csrfKeys'>,
  sid: string,
  token: string | null | undefined,
): boolean {
  if (!token) return false
  return csrfKeys.some((key) => equal(mac(key, sid), token))
}
