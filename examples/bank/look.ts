import { html, raw } from 'hono/html'
import type { User } from 'sallyport'

export type Markup = ReturnType<typeof html>

const PLACES = [
  ['/', 'Overview'],
  ['/transfer', 'Transfer'],
  ['/cards', 'Cards'],
] as const

/** A whole page of the bank. Every value is text, unless `html` made it. */
export function layout(title: string, user: User | null, main: Markup, at = ''): Markup {
  const places = user?.roles.includes('admin') ? [...PLACES, ['/admin', 'Administration'] as const] : PLACES
  const link = ([path, name]: readonly [string, string]) =>
    html`<a href="${path}"${path === at ? raw(' aria-current="page"') : ''}>${name}</a>`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Harbour Bank</title>
<link rel="stylesheet" href="/bank.css">
</head>
<body>
<header class="top"><div class="wide">
<a class="brand" href="/">Harbour Bank</a>
${
  user === null
    ? html`<nav aria-label="Account"><a href="/auth/sign-in?return=/">Sign in</a></nav>`
    : html`<nav aria-label="Bank">${places.map(link)}</nav>
<form method="post" action="/auth/"><button class="plain" name="do" value="sign-out">Sign out</button></form>`
}
</div></header>
<main class="wide">${main}</main>
</body>
</html>`
}

/** For password managers: whose password a form asks for. */
export function whose({ email }: User): Markup {
  return html`<input name="username" autocomplete="username" value="${email}" hidden>`
}

/** A word on what was done, or what was wrong. */
export function note(text: string | null, bad = true): Markup | '' {
  if (text === null) return ''
  return bad ? html`<p class="note bad" role="alert">${text}</p>` : html`<p class="note" role="status">${text}</p>`
}

/** What somebody sees who may not see what they asked for, or looked for what is not there. */
export function trouble(status: number, user: User | null): Markup {
  const [title, text] =
    status === 403
      ? ['Not for you', 'Your account may not do this. If it could a moment ago, somebody has just changed that.']
      : status === 404
        ? ['Not here', 'There is no such page.']
        : ['Not at the moment', 'This did not work. Nothing has been done; try again in a while.']
  return layout(
    title,
    user,
    html`<section class="card narrow"><h1>${title}</h1><p>${text}</p><p><a class="button" href="/">To the overview</a></p></section>`,
  )
}
