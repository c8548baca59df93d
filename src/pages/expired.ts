import type { Auth } from '../auth.ts'
import type { EndReason } from '../errors.ts'
import { limits } from '../policy.ts'
import { fill } from '../texts.ts'
import { returnTarget } from '../wire/return-target.ts'
import { isEnd } from './explain.ts'
import { html } from './html.ts'
import type { Reply } from './reply.ts'
import { message, trouble } from './trouble.ts'
import { target, type Visit, withReturn } from './visit.ts'

/** Endings after which somebody else may know the password. */
const SUSPICIOUS: ReadonlySet<EndReason> = new Set<EndReason>(['session_revoked', 'token_reused'])

/**
 * `GET /expired`: why somebody was signed out, and the way back to where they were. The reason is that of the credential the
 * browser still holds, else the word in `?reason=`, where a script led here. Not activity.
 */
export async function showExpired(auth: Auth, visit: Visit): Promise<Reply> {
  const { language, carrier, context, query } = visit
  const { setting } = auth
  const { expired, frame } = language.pages
  const found = await auth.authenticate(carrier, { ...context, passive: true })
  if (found.ok) return message(expired.stillTitle, expired.still, [[target(visit, setting), frame.onward]])
  const known = [found.refusal.code, query.get('reason')].filter((code) => code !== 'token_stale')
  const reason = known.find((code) => isEnd(code, language)) ?? 'signed_out'
  const back = returnTarget(query.get('return'), setting.origins) !== null
  const why = html`${language.refusals.ended[reason]} ${advice(auth, visit, reason)}`
  const hint = back ? expired.back : ''
  return message(expired.title, why, [[withReturn('/sign-in', visit, setting), expired.submit]], hint)
}

/** There is nothing to send here. */
export async function submitExpired(_auth: Auth, visit: Visit): Promise<Reply> {
  return trouble(visit, { code: 'method_not_allowed' })
}

function advice({ setting }: Auth, { language }: Visit, reason: EndReason): string {
  const { expired } = language.pages
  const { idle, absolute } = limits(setting.policy, [], false)
  const spans = { idle: language.words.duration(idle), absolute: language.words.duration(absolute) }
  if (reason === 'session_expired_idle') return fill(expired.idle, spans)
  if (reason === 'session_expired_absolute') return fill(expired.absolute, spans)
  if (reason === 'user_locked') return language.refusals.next.locked
  return SUSPICIOUS.has(reason) ? expired.suspicious : ''
}
