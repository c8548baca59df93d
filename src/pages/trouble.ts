import { html } from 'hono/html'
import { CODES, type Refusal } from '../errors.ts'
import { help } from './explain.ts'
import type { Reply } from './reply.ts'
import type { Visit } from './visit.ts'

/** A page that says what is the matter, and where to go on. */
export function trouble({ at }: Pick<Visit, 'at'>, refusal: Refusal): Reply {
  const [, title] = CODES[refusal.code]
  const more = help(refusal)
  const body = html`<div class="card">
<h1>${title}</h1>
${more === null ? '' : html`<p>${more}</p>`}
<p><a href="${at}/">Back to the start</a></p>
</div>`
  return { page: { title, body }, refusal }
}
