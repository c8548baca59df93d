import type { RequestContext } from '../carrier.ts'
import type { Authenticated } from '../guard.ts'
import { ok, type Refused, type Result, refused } from '../result.ts'
import type { Device } from '../session.ts'
import type { Use } from '../view/view.ts'
import { device } from '../wire/device.ts'
import type { Core } from './core.ts'
import { endOne } from './endings.ts'

type Drifting = Pick<Core, 'clock' | 'store' | 'view' | 'recorder' | 'onContextChange' | 'denialLife'>

/** Somebody who may be let in, and the uses of their session. */
export type Admitted = { readonly who: Authenticated; readonly use: Use }

type From = { readonly ip: string; readonly device: Device }

/**
 * Whether a session goes on that is used from elsewhere than before (SL-10): from another address, or from a client that
 * calls itself something else. Recorded, and asked of the application if it wants to be; without a source nothing is known.
 */
export function sameContext(
  core: Drifting,
  { who, use }: Admitted,
  context: RequestContext,
): Result<Authenticated> | Promise<Result<Authenticated>> {
  const ip = context.source
  if (ip === undefined) return ok(who)
  const userAgent = context.userAgent ?? ''
  const last = use.from
  if (last !== null && last.ip === ip && last.userAgent === userAgent) return ok(who)
  use.from = { ip, userAgent }
  const { session } = who
  const before = last ? { ip: last.ip, device: device(last.userAgent) } : { ip: session.ip, device: session.device }
  const after = { ip, device: device(userAgent) }
  return isSame(before, after) ? ok(who) : changed(core, who, before, after, context)
}

function changed(
  core: Drifting,
  who: Authenticated,
  before: From,
  after: From,
  context: RequestContext,
): Result<Authenticated> | Promise<Refused> {
  const { user, session } = who
  const verdict = core.onContextChange?.({ userId: user.id, sessionId: session.id, before, after }) ?? 'allow'
  const happening = { type: 'session.context_changed', actor: user.id, subject: user.id, sid: session.id } as const
  core.recorder.record({ ...happening, reason: verdict }, context, core.clock.now())
  if (verdict === 'allow') return ok(who)
  if (verdict === 'reauthenticate') return refused({ code: 'reauth_required', maxAge: 0 })
  const over = refused({ code: 'session_revoked', presented: true })
  return endOne(core, session.id, 'session_revoked', context, 'system').then(() => over)
}

function isSame(a: From, b: From): boolean {
  const { browser, os, type } = a.device
  return a.ip === b.ip && browser === b.device.browser && os === b.device.os && type === b.device.type
}
