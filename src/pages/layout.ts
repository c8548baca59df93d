import { html, raw } from 'hono/html'
import { STYLE } from './style.ts'

/** Markup in which every value from outside is escaped. */
export type Markup = ReturnType<typeof html>

/** A key on a ring, in a colour that shows on light and dark tabs. */
const ICON =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#4c86dd" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"><circle cx="10" cy="16" r="6"/><path d="M16 16h13v5M23 16v4"/></svg>',
  )

/** What a page is made of. */
export type Page = {
  readonly title: string
  /** Where people are: the host of the application. */
  readonly host: string
  readonly body: Markup
  readonly wide?: boolean
}

/** A whole document. It runs no script and loads nothing. */
export function document({ title, host, body, wide }: Page): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${title} – ${host}</title>
<link rel="icon" href="${ICON}">
<style>${raw(STYLE)}</style>
</head>
<body>
<main${wide ? raw(' class="wide"') : ''}>
<p class="host">${host}</p>
${body}
</main>
</body>
</html>
`
}

/** Something that went wrong, read out at once by a screen reader. */
export function alert(text: Markup | string): Markup {
  return html`<div class="note bad" role="alert">${text}</div>`
}

/** Something that was done. */
export function status(text: Markup | string): Markup {
  return html`<div class="note" role="status">${text}</div>`
}
