import type { AccountTexts } from './texts/account.ts'
import type { PageTexts } from './texts/pages.ts'
import type { RefusalTexts } from './texts/refusals.ts'
import type { Some } from './texts.ts'

/**
 * Colours of the pages, as `#rrggbb`. What is left out is as it comes. They are looked at when the pages are made: text keeps
 * a contrast of 4.5:1, borders of fields and what shows the focus one of 3:1 (WCAG 2.2, 1.4.3 and 1.4.11).
 */
export type BrandColors = {
  /** Buttons, links and focus. */
  readonly accent?: string
  /** What is written on a button; white or nearly black by default, whichever is easier to read. */
  readonly onAccent?: string
  /** Behind everything. */
  readonly page?: string
  /** Behind forms and lists. */
  readonly card?: string
  readonly text?: string
}

/** Texts of a language in place of those that come with it, or of one that does not come with it. */
export type TextOptions = {
  /** What it calls itself; for a language that does not come with it. */
  readonly name?: string
  readonly dir?: 'ltr' | 'rtl'
  readonly pages?: Some<PageTexts>
  readonly account?: Some<AccountTexts>
  readonly refusals?: Some<RefusalTexts>
}

/** What pages and messages look and sound like. */
export type BrandOptions = {
  /** What the service calls itself; the host of `baseUrl` by default. */
  readonly name?: string
  /** Shown in place of the name: a path of the own origin, such as `/logo.svg`, or an image as `data:`. */
  readonly logo?: string
  /** Of light pages; those of dark ones are made from them where `dark` does not say them. */
  readonly colors?: BrandColors & { readonly dark?: BrandColors }
  /** A style sheet after ours: its text, or a path of the own origin such as `/brand.css`. It can load nothing from elsewhere. */
  readonly css?: string
  /** The languages offered, the first where a browser wants none of them: `['en', 'de']` by default, and those of `texts`. */
  readonly languages?: readonly string[]
  /** By language (BCP 47). What they leave out is as it comes; in a language that does not come with it, in English. */
  readonly texts?: Readonly<Record<string, TextOptions>>
}
