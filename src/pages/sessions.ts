import type { Auth } from '../auth.ts'
import type { Authenticated } from '../guard.ts'
import { isOpen } from '../http/represent.ts'
import type { Session } from '../session.ts'
import { fill } from '../texts.ts'
import { html, type Markup, raw } from './html.ts'
import type { Language } from './languages.ts'
import { hidden } from './markup.ts'
import { marked, moment } from './words.ts'

/** Sessions shown at most, open and ended; the rest is counted. */
const [SHOWN, SHOWN_ENDED] = [50, 25]

/** How long those that are over are shown, milliseconds. */
const ENDED_MS = 30 * 86_400_000

/** Somebody's open sessions but the one they are looking from, newest first. */
export async function otherSessions(auth: Auth, who: Authenticated): Promise<readonly Session[]> {
  const all = await auth.sessions(who.user.id)
  return all.filter((one) => one.id !== who.session.id && isOpen(auth, one, who.user, who))
}

/** Those that ended in the last 30 days, latest first. */
export async function endedSessions(auth: Auth, who: Authenticated): Promise<readonly Session[]> {
  const since = auth.setting.clock.now() - ENDED_MS
  const over = await auth.sessions(who.user.id, { ended: true })
  return over
    .filter(({ endedAt }) => endedAt !== null && endedAt > since)
    .sort((a, b) => Number(b.endedAt) - Number(a.endedAt))
}

/** What a list of sessions is shown with. */
export type Listing = {
  readonly language: Language
  readonly now: number
  /** Where its forms go, and the token that goes with them. */
  readonly action: string
  readonly csrf: string
}

/** The open sessions: the one somebody is looking from, then the others with what can be done about them. */
export function openList(current: Session, others: readonly Session[], listing: Listing): Markup {
  const { language } = listing
  const { account, words } = language
  const left = others.length - SHOWN
  return html`<ul class="sessions">
<li>${icon(current)}<div>
<p class="device">${named(current, language)} <span class="tag">${account.sessions.here}</span></p>
<p class="seen">${account.sessions.active}</p>
<p class="seen">${since(current, language)}</p>
</div></li>
${others.slice(0, SHOWN).map((session) => {
  const ago = words.ago(listing.now - session.lastActiveAt)
  return html`<li>${icon(session)}<div>
<p class="device">${named(session, language)}</p>
<p class="seen">${marked(account.sessions.lastActive, { when: moment(session.lastActiveAt, ago) })}</p>
<p class="seen">${since(session, language)}</p>
</div>
${actions(session, listing)}
</li>`
})}
</ul>
${left > 0 ? html`<p class="soft">${words.counted(account.sessions.more, left)}</p>` : ''}`
}

function actions(session: Session, { language, action, csrf }: Listing): Markup {
  const { end, endThis, strange, strangeThis } = language.account.sessions
  const device = named(session, language)
  return html`<form class="row" method="post" action="${action}">
${hidden('csrf', csrf)}${hidden('session', session.id)}
<button class="bare slim" name="do" value="strange" aria-label="${fill(strangeThis, { device })}">${strange}</button>
<button class="plain slim" name="do" value="end" aria-label="${fill(endThis, { device })}">${end}</button>
</form>`
}

/** Those that are over, folded away, with why. */
export function endedList(sessions: readonly Session[], { language }: Listing): Markup | '' {
  if (sessions.length === 0) return ''
  const { account, refusals, words } = language
  const left = sessions.length - SHOWN_ENDED
  return html`<details>
<summary>${words.counted(account.sessions.over, sessions.length)}</summary>
<ul class="sessions">
${sessions.slice(0, SHOWN_ENDED).map((session) => {
  const at = session.endedAt ?? 0
  return html`<li>${icon(session)}<div>
<p class="device">${named(session, language)}</p>
<p class="seen">${refusals.endedShort[session.endReason ?? 'session_revoked']}</p>
<p class="seen">${marked(account.sessions.overAt, { when: moment(at, words.utc(at)) })}</p>
<p class="seen">${since(session, language)}</p>
</div></li>`
})}
</ul>
${left > 0 ? html`<p class="soft">${words.counted(account.sessions.more, left)}</p>` : ''}
<p class="soft small">${account.sessions.overStrange}</p>
</details>`
}

function since({ createdAt, ip }: Session, { account, words }: Language): Markup {
  const when = moment(createdAt, words.utc(createdAt))
  const { since, sinceFrom } = account.sessions
  return ip === '' ? marked(since, { when }) : marked(sinceFrom, { when, ip: html`<bdi>${ip}</bdi>` })
}

/** What the session's client said it is. */
function named({ device: { browser, os } }: Session, { account }: Language): string {
  const { sessions } = account
  if (browser === 'unknown') return os === 'unknown' ? sessions.unknown : fill(sessions.noBrowser, { os })
  return os === 'unknown' ? fill(sessions.noSystem, { browser }) : fill(sessions.device, { browser, os })
}

const SHAPES: Readonly<Record<string, string>> = {
  desktop: '<rect x="4" y="5" width="16" height="11" rx="1.5"/><path d="M2 19.5h20"/>',
  mobile: '<rect x="7" y="2.5" width="10" height="19" rx="2"/><path d="M11 18.5h2"/>',
  tablet: '<rect x="4.5" y="2.5" width="15" height="19" rx="2"/><path d="M11 18.5h2"/>',
  unknown: '<rect x="3.5" y="4.5" width="17" height="15" rx="2"/><path d="m7.5 9.5 3 2.5-3 2.5M13 15h3.5"/>',
}

/** The shape of a device, for the eye alone: its name says the same. */
function icon({ device: { type } }: Session): Markup {
  const shape = SHAPES[Object.hasOwn(SHAPES, type) ? type : 'unknown'] ?? ''
  return html`<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${raw(shape)}</svg>`
}
