import type { Letter, MailTexts } from '../texts/mail.ts'

/** What one message shows besides its letter. */
export type Shown = {
  readonly brand: string
  readonly link: string | null
  /** Name and value, in the order in which they are shown. */
  readonly details: readonly (readonly [name: string, value: string])[]
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] as string)
}

const FONT = 'font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif'

/**
 * A letter as HTML. Styles are inline, since mail programs drop others; text and background keep the colours of the
 * reader's own scheme, light or dark; nothing is loaded from anywhere. Values stand in `<bdi>` and start- and end-sides are
 * logical, so that both reading directions come out right.
 */
export function htmlOf(letter: Letter, texts: MailTexts, { brand, link, details }: Shown): string {
  const paragraph = (text: string) => `<p style="margin:0 0 16px">${escaped(text)}</p>`
  const rows = details.map(
    ([name, value]) =>
      `<tr><td style="padding:2px 0;padding-inline-end:16px;opacity:.75">${escaped(name)}</td>` +
      `<td style="padding:2px 0"><bdi>${escaped(value)}</bdi></td></tr>`,
  )
  const parts = [
    paragraph(texts.greeting),
    ...letter.before.map(paragraph),
    ...(link !== null && letter.action !== undefined ? [button(letter.action, link)] : []),
    ...(rows.length > 0
      ? [`<table role="presentation" style="margin:0 0 16px;border-collapse:collapse">${rows.join('')}</table>`]
      : []),
    ...letter.after.map(paragraph),
    ...(link !== null ? [writtenOut(texts.writtenOut, link)] : []),
  ]
  return `<!doctype html>
<html lang="${escaped(texts.language)}" dir="${texts.direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${escaped(letter.subject)}</title></head>
<body dir="${texts.direction}" style="margin:0;padding:24px;${FONT};font-size:16px;line-height:1.5">
<div style="max-width:560px;margin:0 auto">
<p style="margin:0 0 24px;font-size:18px;font-weight:600"><bdi>${escaped(brand)}</bdi></p>
${parts.join('\n')}
<p style="margin:32px 0 0;font-size:13px;opacity:.75">${escaped(texts.footer(brand))}</p>
</div>
</body>
</html>
`
}

/** White on a blue that has enough contrast on light and on dark (WCAG 2.2, 1.4.3 and 1.4.11). */
function button(action: string, link: string): string {
  const style =
    'display:inline-block;padding:12px 20px;border-radius:6px;background:#1d5fd1;color:#ffffff;text-decoration:none;font-weight:600'
  return `<p style="margin:0 0 16px"><a href="${escaped(link)}" style="${style}">${escaped(action)}</a></p>`
}

function writtenOut(before: string, link: string): string {
  return `<p style="margin:24px 0 0;font-size:13px;opacity:.75">${escaped(before)}<br><span dir="ltr" style="word-break:break-all">${escaped(link)}</span></p>`
}
