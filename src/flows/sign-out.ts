import type { Carrier, RequestContext } from '../carrier.ts'
import type { EndReason } from '../errors.ts'
import { identifyToEnd } from './authenticate.ts'
import type { Core } from './core.ts'
import { endPresented } from './endings.ts'

/** Signed out: the `Set-Cookie` values that clear what the client holds. */
export type SignedOut = { readonly ended: boolean; readonly cookies: readonly string[] }

/**
 * Signs out whoever holds the credential. Idempotent; a credential that is malformed, unknown or of an ended session
 * gets the same answer, after waiting for whatever ended it to be true everywhere (TE-04).
 * @throws StoreUnavailable when the ending could not be stored: then nothing may be cleared, or the session would live on
 * with nobody able to end it.
 */
export async function signOut(
  core: Pick<Core, 'strategies' | 'store' | 'view' | 'recorder' | 'clock' | 'stands' | 'denialLife'>,
  carrier: Carrier,
  context: RequestContext,
  reason: EndReason = 'signed_out',
): Promise<SignedOut> {
  const found = await identifyToEnd(core, carrier, core.clock.now())
  const cookies = core.strategies.flatMap((strategy) => strategy.clear())
  const ended = found?.ok ? await endPresented(core, found.value, context, reason) : null
  if (ended !== null) return { ended, cookies }
  const { sessions, denials } = core.store
  const tails = [...new Set([sessions.source, denials.source])].map(core.view.tails)
  await core.view.settle(...(await Promise.all(tails)).flat())
  return { ended: false, cookies }
}
