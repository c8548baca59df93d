import type { Refusal } from '../errors.ts'
import { help } from './explain.ts'
import { html, type Markup } from './html.ts'
import { card } from './markup.ts'
import type { Reply } from './reply.ts'
import type { Visit } from './visit.ts'

/**
 * A page that says what is the matter, and where to go on.
 * @param more what helps, if it is something else than for every refusal of this code
 */
export function trouble(
  { at, language }: Pick<Visit, 'at' | 'language'>,
  refusal: Refusal,
  more = help(refusal, language),
): Reply {
  const title = language.refusals.titles[refusal.code]
  return { ...message(title, more, [[`${at}/`, language.pages.frame.start]]), refusal }
}

/** A page with a heading, a sentence, and the ways on from here; the first is the one most people take. */
export function message(
  title: string,
  text: Markup | string | null,
  ways: readonly (readonly [href: string, label: string])[],
  hint = '',
): Reply & { readonly page: object } {
  const [first, ...others] = ways
  const body = card(html`<h1>${title}</h1>
${text === null ? '' : html`<p>${text}</p>`}
${hint === '' ? '' : html`<p class="soft small">${hint}</p>`}
${first === undefined ? '' : html`<p><a class="button full" href="${first[0]}">${first[1]}</a></p>`}
${others.length === 0 ? '' : html`<p class="links">${others.map(([href, label]) => html`<a href="${href}">${label}</a>`)}</p>`}`)
  return { page: { title, body } }
}
