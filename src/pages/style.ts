import { DARK, LIGHT, type Palette, properties } from './palette.ts'

/** Where the two-column layout begins, and where there is no room for a card around a form. */
const [WIDE, SMALL] = ['58rem', '30rem'] as const

/*
 * The one style sheet, inside every page. Targets are at least 44 px high, or stand 24 px apart (WCAG 2.2, 2.5.8); nothing
 * scrolls sideways from 320 px on (1.4.10); sides are logical, so that it holds from right to left too. Segoe, Roboto and the
 * like are named, because what `system-ui` means on Windows depends on the language of the system.
 */
const RULES = `
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-block: 1.5rem; }
body { margin: 0; min-block-size: 100vh; min-block-size: 100dvh; display: flex; flex-direction: column; background: var(--page);
  color: var(--text); font: 1rem/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, Cantarell, Ubuntu, "Noto Sans",
  "Helvetica Neue", Arial, sans-serif; font-synthesis-weight: none; }
h1, h2, h3, p, ul, dl, dd, figure { margin: 0; padding: 0; }
h1, h2, h3, legend { line-height: 1.25; font-weight: 650; text-wrap: balance; }
h1 { font-size: 1.625rem; letter-spacing: -.018em; }
h2 { font-size: 1.0625rem; letter-spacing: -.006em; }
p { text-wrap: pretty; }
ul { list-style: none; }
[hidden] { display: none !important; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: .2em; }
a:hover { color: var(--hover); text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: .25rem; }

.top, .end, main { inline-size: 100%; max-inline-size: 27rem; margin-inline: auto; padding-inline: 1.25rem; }
.wide .top, .wide .end, .wide main { max-inline-size: 66rem; }
.top { display: flex; align-items: center; justify-content: space-between; gap: 1rem; padding-block: clamp(1.5rem, 9vh, 5.5rem) 1.25rem; }
.wide .top { padding-block: 1rem; min-block-size: 4.75rem; }
.brand { display: inline-flex; align-items: center; min-block-size: 2.75rem; color: inherit; font-weight: 650; letter-spacing: -.01em;
  text-decoration: none; overflow-wrap: anywhere; }
.brand:hover { color: inherit; text-decoration: underline; }
.brand img { display: block; max-block-size: 2.5rem; max-inline-size: 12rem; }
main { flex: 1; padding-block-end: 2.5rem; }
.end { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding-block: .75rem 1.5rem; color: var(--soft); font-size: .875rem; }
.end ul { display: flex; flex-wrap: wrap; gap: 0 1.25rem; }
.end a, .end span { display: inline-flex; align-items: center; min-block-size: 2.75rem; color: inherit; }
.end span { color: var(--text); font-weight: 600; }

.card { background: var(--card); border: 1px solid var(--line); border-radius: .875rem; padding: 2rem; }
.stack { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.25rem; }
.stack > button { justify-self: start; }
.stack > h1 + p { margin-block-start: -.625rem; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }
.near { margin-block: -.625rem; }
.foot { margin-block-start: 1.25rem; text-align: center; }
a.soft, .foot a, .links a { display: inline-block; padding-block: .625rem; }
.links { display: flex; flex-wrap: wrap; gap: 0 1.5rem; }

form { margin: 0; }
label, .label { display: block; margin-block-end: .4375rem; font-size: .9375rem; font-weight: 600; }
input:not([type="checkbox"]) { display: block; inline-size: 100%; min-block-size: 2.75rem; padding: .5rem .75rem; border: 1px solid var(--edge);
  border-radius: .5rem; background: var(--card); color: inherit; font: inherit; }
input:focus-visible { outline-offset: -1px; border-color: var(--accent); border-radius: .5rem; }
input[aria-invalid="true"] { border-color: var(--bad); box-shadow: inset 0 0 0 1px var(--bad); }
.hint, .wrong { margin-block-start: .4375rem; font-size: .875rem; }
.hint { color: var(--soft); }
.wrong { color: var(--bad); font-weight: 600; }
.check { display: flex; align-items: center; gap: .625rem; min-block-size: 2.75rem; margin-block: -.625rem; font-size: 1rem; font-weight: 400; }
.check input { inline-size: 1.1875rem; block-size: 1.1875rem; margin: 0; flex: none; accent-color: var(--accent); }
button, .button { display: inline-block; min-block-size: 2.75rem; padding: .5625rem 1.125rem; border: 1px solid var(--accent); border-radius: .5rem;
  background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; line-height: 1.5; text-align: center; text-decoration: none; cursor: pointer; }
button:hover, .button:hover { background: var(--hover); border-color: var(--hover); color: var(--on-accent); }
button:focus-visible, .button:focus-visible { border-radius: .5rem; }
.plain { background: var(--card); border-color: var(--edge); color: var(--text); font-weight: 500; }
.plain:hover { background: var(--page); border-color: var(--text); color: var(--text); }
.danger { background: var(--card); border-color: var(--bad); color: var(--bad); font-weight: 500; }
.danger.full, .danger.full:hover { background: var(--bad); color: var(--card); font-weight: 600; }
.danger:not(.full):hover { background: var(--bad-back); border-color: var(--bad); color: var(--bad); }
.full, .stack > .full { inline-size: 100%; justify-self: stretch; }
.slim { min-block-size: 2.25rem; padding: .3125rem .75rem; font-size: .875rem; }
.bare { background: none; border-color: transparent; color: var(--soft); font-weight: 400; text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: .2em; }
.bare:hover { background: none; border-color: transparent; color: var(--text); }
.row { display: flex; flex-wrap: wrap; gap: .75rem; }

.note { padding: .75rem 1rem; border: 1px solid transparent; border-radius: .625rem; background: var(--good-back); color: var(--good); font-weight: 500; }
.note.bad { background: var(--bad-back); color: var(--bad); }
.note a { color: inherit; }
.note ul { margin-block-start: .25rem; font-weight: 400; }
.note li a { display: inline-block; padding-block: .25rem; }

.facts dd + dt { margin-block-start: .75rem; }
.facts.beside { display: grid; grid-template-columns: max-content 1fr; gap: .375rem 1.5rem; }
.facts.beside dd + dt { margin: 0; }
.facts dt { color: var(--soft); }
.facts dd { overflow-wrap: anywhere; }
.facts small { color: var(--soft); font-size: .875rem; }

.head { padding-block: 1.5rem 2.25rem; }
.head > * + * { margin-block-start: .25rem; }
.part { padding-block: 2.25rem; border-block-start: 1px solid var(--line); }
.about { margin-block-end: 1.25rem; }
.about p { margin-block-start: .375rem; color: var(--soft); font-size: .9375rem; }
.part .card { padding: 1.5rem; }
.part .field { max-inline-size: 26rem; }
.part .hint { max-inline-size: 34rem; }
.split > div + div { margin-block-start: 1.5rem; padding-block-start: 1.5rem; border-block-start: 1px solid var(--line); }
.tag { display: inline-block; padding: .0625rem .5625rem; border-radius: 1rem; background: var(--good-back); color: var(--good); font-size: .8125rem;
  font-weight: 600; white-space: nowrap; }
.tag.quiet { background: var(--page); color: var(--soft); }

.sessions li { display: grid; grid-template-columns: auto 1fr auto; gap: .5rem 1rem; align-items: center; padding-block: 1.125rem; border-block-start: 1px solid var(--line); }
.sessions li:first-child { border-block-start: 0; padding-block-start: 0; }
.sessions svg { inline-size: 1.5rem; block-size: 1.5rem; color: var(--soft); }
.device { display: flex; flex-wrap: wrap; align-items: center; gap: .125rem .625rem; font-weight: 600; overflow-wrap: anywhere; }
.seen { color: var(--soft); font-size: .875rem; overflow-wrap: anywhere; }
.sessions .row { gap: .25rem; justify-content: end; }
details { margin-block-start: 0; }
summary { display: inline-flex; align-items: center; min-block-size: 2.75rem; color: var(--accent); font-weight: 500; cursor: pointer; }
summary::before { content: ""; inline-size: .4375rem; block-size: .4375rem; margin-inline: .1875rem .75rem; border: solid; border-width: 0 2px 2px 0;
  transform: rotate(-45deg); }
summary::-webkit-details-marker { display: none; }
[dir="rtl"] summary::before { transform: rotate(135deg); }
[open] > summary::before { transform: rotate(45deg); translate: 0 -.125rem; }
details .sessions { margin-block: .75rem; }
details .sessions li:first-child { padding-block-start: 1.125rem; border-block-start: 1px solid var(--line); }

@media (min-width: ${WIDE}) {
  .part { display: grid; grid-template-columns: 17rem minmax(0, 1fr); gap: 4rem; }
  .about { margin: 0; }
}
@media (max-width: 44rem) {
  .sessions li { grid-template-columns: auto 1fr; align-items: start; }
  .sessions .row { grid-column: 2; justify-content: start; margin-inline-start: -.8125rem; }
}
@media (max-width: ${SMALL}) {
  body:not(.wide) { background: var(--card); }
  body:not(.wide) .card { padding: 0; border: 0; }
  .top { padding-block-start: 1rem; }
  .part .card { padding: 1.25rem 1rem; }
}
@media (prefers-reduced-motion: no-preference) { button, .button { transition: background-color .12s, border-color .12s; } }
@media (forced-colors: active) {
  .note, .tag { border: 1px solid; }
  .tag { padding-block: 0; }
}
`

/** The style sheet in the colours of an installation. */
export function styleOf({ light, dark }: { readonly light: Palette; readonly dark: Palette }): string {
  return `:root { color-scheme: light dark; ${properties(light)} }
@media (prefers-color-scheme: dark) { :root { ${properties(dark)} } }${RULES}`
}

/** As it comes. */
export const STYLE: string = styleOf({ light: LIGHT, dark: DARK })
