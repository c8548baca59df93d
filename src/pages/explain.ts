import { html } from 'hono/html'
import { CODES, type Code, type EndReason, type Refusal } from '../errors.ts'
import { limits, type Policy } from '../policy.ts'
import type { Markup } from './layout.ts'
import { inWords } from './words.ts'

/** Why someone who was signed in is not any more. Told to whoever presents a credential that once was genuine. */
const ENDED: Readonly<Record<EndReason, string>> = {
  signed_out: 'You are signed out.',
  session_expired_idle: 'You were signed out because nothing happened for a while. Sign in again to go on.',
  session_expired_absolute:
    'You were signed out because the session reached its longest duration. Sign in again to go on.',
  session_revoked: 'Your session was ended, here or from another device. Sign in again to go on.',
  session_evicted: 'Your session was ended because you signed in on another device and no more may be open at once.',
  user_locked: 'Your session was ended because the account is locked. Whoever runs this service can say more.',
  token_reused:
    'Your session was ended because an old sign-in was used again. If that was not you, change your password.',
  token_stale: 'Your sign-in is out of date. Sign in again to go on.',
}

/** A sentence about a session that is over, or null when the refusal is about something else. */
export function ended({ code }: Refusal): string | null {
  if (code === 'reauth_required') return 'Sign in again to confirm that it is you.'
  return Object.hasOwn(ENDED, code) ? ENDED[code as EndReason] : null
}

/** Further help where the title of a refusal is not enough. */
const HELP: Partial<Readonly<Record<Code, string>>> = {
  csrf_rejected:
    'The form did not come from this page, or the browser does not say where it came from. Open the page again and send it from there.',
  token_stale: 'You signed in anew in another tab. Load this page again.',
  unavailable: 'Nothing is lost. Try again in a moment.',
  overloaded: 'Nothing is lost. Try again in a moment.',
  email_taken: 'Sign in instead, or use another address.',
  session_limit_reached: 'Sign out on another device first.',
}

/** What helps after a refusal, in a sentence; null when its title is enough. */
export function help({ code, detail, retryAfter }: Refusal): string | null {
  if (code === 'throttled' && retryAfter !== undefined) return `Try again in ${inWords(retryAfter * 1000)}.`
  const [status] = CODES[code]
  const more = HELP[code] ?? (status < 500 ? detail : undefined)
  return more === undefined ? null : `${more.replace(/\.$/, '')}.`
}

/** A refusal in a sentence or two. */
export function sentence(refusal: Refusal): string {
  const [, title] = CODES[refusal.code]
  const more = help(refusal)
  return more === null ? `${title}.` : `${title}. ${more}`
}

/** How long a sign-in lasts. */
export function lasting(policy: Policy): Markup {
  const { idle, absolute } = limits(policy, [], false)
  const remembered = policy.remember
    ? html` With “remember me” it is ${inWords(policy.remember.idle)}, and at most ${inWords(policy.remember.absolute)}.`
    : ''
  return html`You are signed out after ${inWords(idle)} without activity, and after ${inWords(absolute)} at the latest.${remembered}`
}
