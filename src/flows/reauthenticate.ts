import type { RequestContext } from '../carrier.ts'
import type { Credential } from '../credential.ts'
import type { EndReason } from '../errors.ts'
import type { EventType } from '../events.ts'
import type { Authenticated } from '../guard.ts'
import { ok, type Result, refused } from '../result.ts'
import { emailKey } from '../user.ts'
import type { Core } from './core.ts'
import { issueNext, type Reissued, reissue, strategyOf } from './reissue.ts'
import { wrong } from './sign-in.ts'
import { stateOf } from './watch.ts'

/** Proves again who is signed in: fresh authentication, a new token, the same session (RA-03). */
export async function reauthenticate(
  core: Core,
  who: Authenticated,
  password: string,
  context: RequestContext,
): Promise<Result<Reissued>> {
  const good = await confirmed(core, who, password, 'session.reauthentication_failed', context)
  if (!good.ok) return good
  const over = await overSince(core, who)
  if (over !== null) return refused({ code: over, presented: true })
  const now = core.clock.now()
  const { user, session } = who
  const { generation, everyone } = session
  const proof = { generation, everyone, amr: ['pwd'], authenticatedAt: now, longestIdle: 0 }
  const { result, places } = await reissue(core, who, proof, now)
  await core.view.settle(...places)
  if (result.ok) {
    core.places.proved(session, result.value.session, context)
    const happening = { actor: user.id, subject: user.id, sid: session.id, data: { factor: 'pwd' } }
    core.recorder.record({ type: 'session.reauthenticated', ...happening }, context, now)
  }
  return result
}

/**
 * Checks the signed-in user's own password, throttled like a sign-in, so that a stolen session cannot guess it (RA-05).
 * Answers the credential that was good.
 */
export async function confirmed(
  core: Pick<Core, 'attempts' | 'passwords' | 'recorder' | 'clock'>,
  who: Authenticated,
  password: string,
  failure: EventType,
  context: RequestContext,
): Promise<Result<Credential>> {
  const now = core.clock.now()
  const { user, session } = who
  const begun = await core.attempts.begin(emailKey(user.email), context.source, now)
  const about = {
    outcome: 'failure',
    actor: user.id,
    subject: user.id,
    sid: session.id,
    data: { factor: 'pwd' },
  } as const
  if ('refusal' in begun) {
    core.recorder.record({ type: failure, ...about, reason: begun.refusal.code }, context, now)
    return refused(begun.refusal)
  }
  const checked = await core.passwords.check(user.id, password, now)
  if (!checked.ok) {
    await begun.attempt.withdrawn()
    return checked
  }
  const { value } = checked
  if (!value.good) {
    await wrong(core, begun.attempt, user, value.why, context)
    core.recorder.record({ type: failure, ...about, reason: value.why }, context, now)
    return refused({ code: 'invalid_credentials' })
  }
  await begun.attempt.succeeded()
  return ok(value.credential)
}

/**
 * "Stay signed in": starts the idle limit anew, stored before the answer; never moves the absolute one. Without a record, the
 * next token does that, with the roles of now.
 */
export async function renew(
  core: Pick<Core, 'store' | 'view' | 'recorder' | 'clock' | 'strategies' | 'policy' | 'leeway'>,
  who: Authenticated,
  context: RequestContext,
): Promise<Result<Reissued>> {
  const over = await overSince(core, who)
  if (over !== null) return refused({ code: over, presented: true })
  const now = core.clock.now()
  const strategy = strategyOf(core, who)
  const renewed =
    strategy.keeps === 'nothing'
      ? ok(await issueNext(core, strategy, who, who.session, now))
      : await touched(core, who, now)
  if (renewed.ok) {
    const happening = { actor: who.user.id, subject: who.user.id, sid: who.session.id }
    core.recorder.record({ type: 'session.renewed', ...happening }, context, now)
  }
  return renewed
}

async function touched(
  { store: { sessions } }: Pick<Core, 'store'>,
  { session, tokenExpiresAt }: Authenticated,
  now: number,
): Promise<Result<Reissued>> {
  const { id, authenticatedAt, longestIdle } = session
  const lastActiveAt = Math.max(now, session.lastActiveAt)
  await sessions.touch([{ id, authenticatedAt, longestIdle, lastActiveAt }])
  const record = await sessions.find(id)
  if (!record || record.endedAt !== null)
    return refused({ code: record?.endReason ?? 'session_revoked', presented: true })
  return ok({ session: { ...session, lastActiveAt }, carried: { cookies: [], tokenExpiresAt } })
}

/**
 * Why the session of somebody who was let in is over by now, null while it is not: neither its owner's password nor a wish to
 * stay brings back what ended in between (P5, P7). The store has the word, which knows of uses on every node.
 */
async function overSince(
  core: Pick<Core, 'view' | 'strategies' | 'policy' | 'leeway'>,
  who: Authenticated,
): Promise<EndReason | null> {
  const alone = strategyOf(core, who).keeps === 'nothing'
  return core.view.ask(alone ? who.session : who.session.id, (known, _, now) => {
    const state = stateOf(known, now, core.policy)
    if (!('reason' in state)) return null
    // Clocks that differ lengthen the life of a token, as where it is judged.
    const late = alone && state.reason === 'session_expired_idle' && core.leeway > 0
    return late && !('reason' in stateOf(known, now - core.leeway, core.policy)) ? null : state.reason
  })
}
