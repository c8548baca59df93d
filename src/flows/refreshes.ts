import type { RequestContext } from '../carrier.ts'
import type { Authenticated } from '../guard.ts'
import { ok, type Result, refused } from '../result.ts'
import { device } from '../wire/device.ts'
import type { Core } from './core.ts'
import { endOne } from './endings.ts'

/** Sessions whose last refresh is remembered at once. */
const MAX_KEPT = 10_000

/**
 * Where each session was last refreshed from, in this process only: a refresh that is repeated from another device or
 * network is what two holders of one token look like before the table of section 6 can tell them apart.
 */
export function refreshes() {
  const from = new Map<string, { readonly ip: string; readonly userAgent: string }>()

  return {
    advanced(sid: string, { source = '', userAgent = '' }: RequestContext): void {
      from.delete(sid)
      from.set(sid, { ip: source, userAgent })
      if (from.size > MAX_KEPT) from.delete(from.keys().next().value as string)
    },

    /** Whether a repeated refresh may have its answer: recorded if it comes from elsewhere, and asked of the application. */
    async repeated(
      core: Pick<Core, 'recorder' | 'clock' | 'onContextChange' | 'store' | 'view' | 'denialLife'>,
      { user, session }: Authenticated,
      context: RequestContext,
    ): Promise<Result<null>> {
      const first = from.get(session.id)
      const [ip, userAgent] = [context.source ?? '', context.userAgent ?? '']
      if (!first || (first.ip === ip && first.userAgent === userAgent)) return ok(null)
      const before = { ip: first.ip, device: device(first.userAgent) }
      const after = { ip, device: device(userAgent) }
      const verdict = core.onContextChange?.({ userId: user.id, sessionId: session.id, before, after }) ?? 'allow'
      const happening = { actor: user.id, subject: user.id, sid: session.id, reason: verdict } as const
      core.recorder.record({ type: 'token.refresh_shared', ...happening }, context, core.clock.now())
      if (verdict === 'allow') return ok(null)
      if (verdict === 'reauthenticate') return refused({ code: 'reauth_required', maxAge: 0 })
      await endOne(core, session.id, 'session_revoked', context, 'system')
      return refused({ code: 'session_revoked', presented: true })
    },
  }
}

export type Refreshes = ReturnType<typeof refreshes>
