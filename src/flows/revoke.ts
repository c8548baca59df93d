import type { RequestContext } from '../carrier.ts'
import { carrying } from './presented.ts'
import { signOut } from './sign-out.ts'

/** What brings nothing: the wait for the tail is all that is left of it. */
const NOTHING = { get: () => null }

/**
 * Ends the session behind any token that once was genuine (RFC 7009): a session token or the one before it, an access token
 * also when it is over, a refresh token of any age. True on every node when it returns, also when there was nothing left to
 * end. False when this call ended nothing.
 * @throws StoreUnavailable when the ending could not be stored.
 */
export async function revoke(
  core: Parameters<typeof signOut>[0],
  token: string,
  context: RequestContext,
): Promise<boolean> {
  const { ended } = await signOut(core, carrying(token) ?? NOTHING, context, 'session_revoked')
  return ended
}
