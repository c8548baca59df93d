import { createHash } from 'node:crypto'

/** Text that is markup already. */
class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join('')
  if (value instanceof Markup) return value.text
  return String(value).replace(/[&<>"']/g, (found) => ESCAPES[found] as string)
}

/** Markup in which every value is text, unless it is markup itself. */
export function html(parts: TemplateStringsArray, ...values: readonly unknown[]): Markup {
  return new Markup(parts.reduce((text, part, at) => text + textOf(values[at - 1]) + part))
}

const STYLE = `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-inline-size: 40rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
nav, form { display: flex; flex-wrap: wrap; gap: 1rem; align-items: center; }
nav { justify-content: space-between; border-block-end: 1px solid; padding-block-end: .75rem; }
input, button { font: inherit; padding: .5rem .75rem; }
input { flex: 1; min-inline-size: 0; }
th, td { text-align: start; padding-inline-end: 1rem; }`

/** What the page of notes does in a browser: sends JSON, and listens. */
const SCRIPT = `const form = document.querySelector('form.notes')
if (form) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch('/api/notes', { method: 'POST', headers, body: JSON.stringify({ text: form.text.value }) })
    if (answer.ok) form.reset()
    else if (answer.status === 401) location.reload()
  })
  const events = new EventSource('/api/events')
  events.addEventListener('notes', ({ data }) => {
    const items = JSON.parse(data).map(({ text }) => Object.assign(document.createElement('li'), { textContent: text }))
    document.querySelector('ul').replaceChildren(...items)
  })
  events.addEventListener('ended', ({ data }) => {
    events.close()
    location.assign('/auth/expired?' + new URLSearchParams({ reason: JSON.parse(data).reason, return: '/account' }))
  })
}`

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
const POLICY = `default-src 'none'; connect-src 'self'; form-action 'self'; base-uri 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}`

/** A whole page. Nothing runs in it but what is written above. */
export function page(title: string, nav: Markup, main: Markup): string {
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(POLICY)}">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
<nav>${nav}</nav>
<main><h1>${title}</h1>${main}</main>
<script type="module">${new Markup(SCRIPT)}</script>
</html>`.text
}
