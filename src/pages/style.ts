import { sha256 } from '../crypto.ts'

/**
 * The one stylesheet, inside every page. Colours keep a contrast of 4.5:1 for text and 3:1 for borders of controls and for
 * focus (WCAG 2.2, 1.4.3 and 1.4.11) in both schemes; targets are at least 44 px high (2.5.8); nothing scrolls sideways
 * from 320 px on (1.4.10).
 */
export const STYLE = `
:root { color-scheme: light dark; --page: #f3f4f7; --card: #ffffff; --text: #1a1d23; --soft: #565d6b; --line: #d5d9e1;
  --field: #ffffff; --edge: #767d8c; --accent: #1f5bb5; --on-accent: #ffffff; --hover: #17478f;
  --bad: #a3182b; --bad-back: #fdeef0; --good: #17653a; --good-back: #e9f6ee; }
@media (prefers-color-scheme: dark) {
  :root { --page: #101318; --card: #191d24; --text: #e8eaee; --soft: #a7aebb; --line: #333a46;
    --field: #101318; --edge: #7c8494; --accent: #8db8ff; --on-accent: #0c1524; --hover: #b3d0ff;
    --bad: #ffb1ba; --bad-back: #35181d; --good: #9adcb5; --good-back: #14291d; }
}
*, *::before, *::after { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; min-height: 100dvh; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif;
  -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
main { width: 100%; max-width: 28rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
main.wide { max-width: 46rem; }
.host { margin: 0 0 1rem; color: var(--soft); font-size: .9375rem; text-align: center; overflow-wrap: anywhere; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1.5rem; }
.card + .card { margin-top: 1.25rem; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; }
h2 { margin: 0 0 .75rem; font-size: 1.125rem; line-height: 1.3; font-weight: 650; }
p { margin: 0 0 1rem; }
.soft { color: var(--soft); font-size: .9375rem; }
.card > :last-child, form > :last-child { margin-bottom: 0; }
label, .label { display: block; margin: 0 0 .375rem; font-weight: 600; }
.field { margin: 0 0 1.125rem; }
input[type="email"], input[type="password"], input[type="text"] { display: block; width: 100%; min-height: 2.875rem;
  padding: .5rem .75rem; border: 1px solid var(--edge); border-radius: .5rem; background: var(--field); color: inherit; font: inherit; }
input[aria-invalid="true"] { border-color: var(--bad); border-width: 2px; }
.under { margin: 1rem 0 0; color: var(--soft); font-size: .875rem; }
.hint { margin: .375rem 0 0; color: var(--soft); font-size: .875rem; }
.wrong { margin: .375rem 0 0; color: var(--bad); font-size: .9375rem; }
.check { display: flex; align-items: center; gap: .625rem; min-height: 2.75rem; margin: -.375rem 0 .75rem; font-weight: 400; }
.check input { width: 1.25rem; height: 1.25rem; margin: 0; flex: none; accent-color: var(--accent); }
button { display: inline-block; min-height: 2.875rem; padding: .5rem 1.125rem; border: 1px solid var(--accent); border-radius: .5rem;
  background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer; }
button:hover { background: var(--hover); border-color: var(--hover); }
button.plain { background: transparent; border-color: var(--edge); color: var(--text); }
button.plain:hover { background: var(--page); }
button.full { width: 100%; }
a { color: var(--accent); text-underline-offset: .15em; }
a:hover { color: var(--hover); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.note { margin: 0 0 1.25rem; padding: .75rem 1rem; border-left: .25rem solid var(--good); border-radius: .375rem;
  background: var(--good-back); color: var(--good); }
.note.bad { border-color: var(--bad); background: var(--bad-back); color: var(--bad); }
.note a { color: inherit; }
.foot { margin: 1.25rem 0 0; text-align: center; }
.facts { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .375rem 1.25rem; margin: 0 0 1.25rem; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
time { white-space: nowrap; }
.sessions { list-style: none; margin: 0 0 .25rem; padding: 0; }
.all { padding-top: 1.25rem; border-top: 1px solid var(--line); }
.sessions li { display: flex; align-items: center; justify-content: space-between; gap: .75rem 1.25rem; padding: 1rem 0;
  border-top: 1px solid var(--line); }
.sessions li:first-child { border-top: 0; padding-top: 0; }
.sessions div { min-width: 0; }
.sessions p { margin: 0; overflow-wrap: anywhere; }
.sessions button { white-space: nowrap; }
.device { display: flex; flex-wrap: wrap; align-items: center; gap: .125rem .5rem; font-weight: 600; overflow-wrap: anywhere; }
.tag { padding: 0 .5rem; border-radius: 1rem; background: var(--good-back); color: var(--good);
  font-size: .8125rem; font-weight: 600; white-space: nowrap; }
@media (max-width: 30rem) {
  .card { padding: 1.25rem 1rem; }
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-bottom: .625rem; }
  .sessions li { display: block; }
  .sessions form { margin-top: .75rem; }
}
@media (forced-colors: active) { .note { border: 1px solid; } }
`

/** For `style-src`: nothing but this text is a style (CSP level 3, section 6.7.3.3). */
export const STYLE_SOURCE = `'sha256-${Buffer.from(sha256(STYLE), 'hex').toString('base64')}'`
