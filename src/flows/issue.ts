import type { RequestContext } from '../carrier.ts'
import { randomText } from '../crypto.ts'
import { ConfigurationError } from '../errors.ts'
import { limits } from '../policy.ts'
import { ok, type Result, refused } from '../result.ts'
import type { Session, SessionId, SessionRecord } from '../session.ts'
import { placeOf } from '../source.ts'
import type { Carried, Transport } from '../strategy.ts'
import type { Fields, User } from '../user.ts'
import { device } from '../wire/device.ts'
import type { Core, FieldCheck } from './core.ts'

/** Someone signed in: who, the session, and what the client is handed. */
export type SignedIn = {
  readonly status: 'signed_in'
  readonly user: User
  readonly session: Session
  readonly carried: Carried
}

export type Opening = {
  /** As read before the credential was checked, with its generation: a session that raced an ending is born dead. */
  readonly user: User
  readonly everyone: number
  readonly amr: readonly string[]
  readonly remember: boolean
  readonly transport: Transport
}

/** Opens a session for someone who has proved who they are. Refused when the limit of open sessions says so. */
export async function open(
  core: Pick<Core, 'strategy' | 'store' | 'view' | 'policy' | 'sessionLimit' | 'recorder' | 'validateFields'>,
  { user, everyone, amr, remember, transport }: Opening,
  context: RequestContext,
  now: number,
): Promise<Result<SignedIn>> {
  const remembered = remember && core.policy.remember !== null
  const { idle, absolute } = limits(core.policy, user.roles, remembered)
  const session: Session = {
    id: randomText(16) as SessionId,
    userId: user.id,
    strategy: core.strategy.name,
    createdAt: now,
    authenticatedAt: now,
    lastActiveAt: now,
    longestIdle: 0,
    idleTimeout: idle,
    expiresAt: now + absolute,
    amr,
    remember: remembered,
    device: device(context.userAgent ?? ''),
    ip: context.source ?? '',
    generation: user.generation,
    everyone,
    fields: await firstFields(core.validateFields.session),
    endedAt: null,
    endReason: null,
  }
  const { carried, digest } = await core.strategy.issue({ session, user }, transport, now)
  if (core.strategy.keeps === 'nothing') {
    const idleTimeout = (carried.tokenExpiresAt ?? now) - now
    created(core, session, context, now)
    return ok({ status: 'signed_in', user, session: { ...session, idleTimeout }, carried })
  }
  const record: SessionRecord = { ...session, digest, previousDigest: null, counter: 0, rotatedAt: now, seenAt: null }
  const started = await core.store.sessions.start(record, core.sessionLimit, now)
  if (!started.started) return refused({ code: 'session_limit_reached' })
  if (started.evicted.length > 0) {
    await core.view.settle(placeOf(core.store.sessions.source, started))
    for (const { id, userId } of started.evicted) {
      const ended = {
        type: 'session.ended',
        actor: user.id,
        subject: userId,
        sid: id,
        reason: 'session_evicted',
      } as const
      core.recorder.record(ended, context, now)
    }
  }
  created(core, session, context, now)
  return ok({ status: 'signed_in', user, session, carried })
}

function created(
  { recorder }: Pick<Core, 'recorder'>,
  { id, userId, strategy, remember, amr }: Session,
  context: RequestContext,
  now: number,
): void {
  const happening = { actor: userId, subject: userId, sid: id, data: { strategy, remember, factor: amr.join(' ') } }
  recorder.record({ type: 'session.created', ...happening }, context, now)
}

/** A session begins with what its schema makes of nothing. */
async function firstFields(check: FieldCheck | null): Promise<Fields> {
  const fields = check ? await check({}) : ok({})
  if (fields.ok) return fields.value
  throw new ConfigurationError('fields.session does not accept {}: give every field a default or make it optional')
}
