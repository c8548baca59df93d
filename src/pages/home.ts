import { html } from 'hono/html'
import type { Auth } from '../auth.ts'
import type { Authenticated } from '../guard.ts'
import { isOpen } from '../http/represent.ts'
import { deadlines } from '../policy.ts'
import type { Session } from '../session.ts'
import { hidden } from './fields.ts'
import { type Markup, status } from './layout.ts'
import { present } from './present.ts'
import type { Reply } from './reply.ts'
import type { Visit } from './visit.ts'
import { ago, ahead, machineTime, utc } from './words.ts'

/** Sessions shown at most; the rest is counted. */
const SHOWN = 50

const DONE: ReadonlyMap<string, string> = new Map([
  ['ended-others', 'You are signed out everywhere else.'],
  ['ended', 'That session is signed out.'],
])

/** `GET /`: who you are and where you are signed in, or the sign-in form. */
export async function showHome(auth: Auth, visit: Visit): Promise<Reply> {
  const here = await present(auth, visit, '/')
  if (here.who === null) return here.reply
  const { who, cookies } = here
  const now = auth.setting.clock.now()
  const own = await auth.sessions(who.user.id)
  const open = own.filter((one) => one.id !== who.session.id && isOpen(auth, one, who.user, who))
  const csrf = auth.csrfToken(who.session.id)
  const done = DONE.get(visit.query.get('done') ?? '')
  const body = html`${done === undefined ? '' : status(done)}
${person(who, visit, csrf, now)}
${devices(who.session, open, visit, csrf, now)}`
  return { page: { title: 'Your account', body, wide: true }, cookies }
}

function person({ user, session, policy }: Authenticated, { at }: Visit, csrf: string, now: number): Markup {
  const { idleExpiresAt, expiresAt } = deadlines(policy, session, user.roles)
  return html`<div class="card">
<h1>${user.name || user.email}</h1>
<dl class="facts">
<dt>E-mail address</dt><dd>${user.email}</dd>
<dt>Roles</dt><dd>${user.roles.length === 0 ? 'none' : user.roles.join(', ')}</dd>
<dt>Signed in</dt><dd>${moment(session.createdAt, ago(now - session.createdAt))}</dd>
<dt>Signed out if idle</dt><dd>${moment(idleExpiresAt, ahead(idleExpiresAt - now))}</dd>
<dt>Signed out at the latest</dt><dd>${moment(expiresAt, ahead(expiresAt - now))}</dd>
</dl>
<form method="post" action="${at}/">
${hidden('csrf', csrf)}
<button name="do" value="sign-out">Sign out</button>
</form>
</div>`
}

function devices(current: Session, others: readonly Session[], { at }: Visit, csrf: string, now: number): Markup {
  const left = others.length - SHOWN
  return html`<section class="card" aria-labelledby="devices">
<h2 id="devices">Where you are signed in</h2>
<ul class="sessions">
<li><div>${device(current, now)}</div></li>
${others.slice(0, SHOWN).map(
  (session) => html`<li><div>${device(session, now, false)}</div>
<form method="post" action="${at}/">
${hidden('csrf', csrf)}${hidden('session', session.id)}
<button class="plain" name="do" value="end" aria-label="Sign out ${named(session)}">Sign out</button>
</form></li>`,
)}
</ul>
${left > 0 ? html`<p class="soft">And ${left} more.</p>` : ''}
${
  others.length === 0
    ? html`<p class="soft">You are signed in nowhere else.</p>`
    : html`<form class="all" method="post" action="${at}/">
${hidden('csrf', csrf)}
<button class="plain" name="do" value="end-others">Sign out everywhere else</button>
</form>`
}
</section>`
}

function device(session: Session, now: number, current = true): Markup {
  const from = session.ip === '' ? '' : html` from ${session.ip}`
  const used = current
    ? 'Active now'
    : html`Last active <time datetime="${machineTime(session.lastActiveAt)}">${ago(now - session.lastActiveAt)}</time>`
  return html`<p class="device">${named(session)}${current ? html` <span class="tag">This device</span>` : ''}</p>
<p class="soft">${used}</p>
<p class="soft">Signed in ${utc(session.createdAt)}${from}</p>`
}

/** What the session's client said it is. */
function named({ device: { browser, os } }: Session): string {
  if (browser === 'unknown' && os === 'unknown') return 'Unknown device'
  return `${browser === 'unknown' ? 'Unknown browser' : browser} on ${os === 'unknown' ? 'an unknown system' : os}`
}

function moment(at: number, words: string): Markup {
  return html`${words} <time class="soft" datetime="${machineTime(at)}">(${utc(at)})</time>`
}
