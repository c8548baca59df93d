import { fill } from '../texts.ts'
import type { Brand } from './brand.ts'
import { html, type Markup, raw } from './html.ts'
import type { Language } from './languages.ts'
import { hidden } from './markup.ts'
import type { Task } from './task.ts'

/** A key on a ring, in a colour that shows on light and dark tabs. */
const ICON =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#5b76dd" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"><circle cx="10" cy="16" r="6"/><path d="M16 16h13v5M23 16v4"/></svg>',
  )

/** What a page is made of. */
export type Page = {
  readonly title: string
  readonly body: Markup
  /** Sections beside their headings instead of one form. */
  readonly wide?: boolean
  /** The CSRF token of whoever is signed in: their page has a way out. */
  readonly csrf?: string
  /** What was sent is not good: the title says so first, where screen readers begin. */
  readonly failed?: boolean
  /** What its form asks for besides. */
  readonly task?: Task | null
}

/** What is around a page: whose it is, where it stands, and in what language. */
export type Frame = {
  readonly brand: Brand
  readonly language: Language
  /** The prefix the pages are served under here. */
  readonly at: string
  /** The address of this page in another language; null where going there would lose what was sent. */
  readonly inLanguage: ((lang: string) => string) | null
}

/** A whole document. It runs no script, and loads nothing but what its brand names. */
export function document(page: Page, frame: Frame): Markup {
  const { brand, language, at } = frame
  const { frame: texts } = language.pages
  const title = page.failed ? fill(texts.failed, { page: page.title }) : page.title
  return html`<!doctype html>
<html lang="${language.lang}" dir="${language.dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${fill(texts.title, { page: title, site: brand.name })}</title>
<link rel="icon" href="${ICON}">
${brand.styles.map((style) => html`<style>${raw(style)}</style>`)}
${brand.sheet === null ? '' : html`<link rel="stylesheet" href="${brand.sheet}">`}
${page.task ? html`<script src="${page.task.script}" async defer></script>` : ''}
</head>
<body${page.wide ? raw(' class="wide"') : ''}>
<header class="top">
<a class="brand" href="${at}/">${brand.logo === null ? brand.name : html`<img src="${brand.logo}" alt="${brand.name}">`}</a>
${page.csrf === undefined ? '' : signOut(page.csrf, at, texts.signOut)}
</header>
<main>
${page.body}
</main>
<footer class="end">${languageSwitch(frame)}</footer>
</body>
</html>
`
}

function signOut(csrf: string, at: string, label: string): Markup {
  return html`<form method="post" action="${at}/">
${hidden('csrf', csrf)}
<button class="plain slim" name="do" value="sign-out">${label}</button>
</form>`
}

function languageSwitch({ brand, language, inLanguage }: Frame): Markup | '' {
  if (inLanguage === null || brand.languages.length < 2) return ''
  return html`<nav aria-label="${language.pages.frame.languages}">
<ul>
${brand.languages.map(({ lang, name, dir }) =>
  lang === language.lang
    ? html`<li><span aria-current="true">${name}</span></li>`
    : html`<li><a href="${inLanguage(lang)}" lang="${lang}" dir="${dir}" hreflang="${lang}">${name}</a></li>`,
)}
</ul>
</nav>`
}
