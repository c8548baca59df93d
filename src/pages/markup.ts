import { html, type Markup } from './html.ts'

/** Something that went wrong, read out at once by a screen reader. */
export function alert(text: Markup | string): Markup {
  return html`<div class="note bad" role="alert">${text}</div>`
}

/** Something that was done. */
export function status(text: Markup | string): Markup {
  return html`<div class="note" role="status">${text}</div>`
}

/** A form, or a message, on a page of its own. */
export function card(body: Markup, foot: Markup | '' = ''): Markup {
  return html`<div class="card stack">
${body}
</div>
${foot}`
}

/** A value that goes along. */
export function hidden(name: string, value: string): Markup {
  return html`<input type="hidden" name="${name}" value="${value}">`
}
