import type { AccountTexts } from './texts/account.ts'
import type { PageTexts } from './texts/pages.ts'
import type { RefusalTexts } from './texts/refusals.ts'
import type { Some } from './texts.ts'

/**
 * Colours of the pages, as `#rrggbb`. What is left out is as it comes. They are looked at when the pages are made: text keeps
 * a contrast of 4.5:1, borders of fields and what shows the focus one of 3:1 (WCAG 2.2, 1.4.3 and 1.4.11).
 */
export type BrandColors = {
  /**
   * Buttons, links and focus.
   * @default as it comes
   */
  readonly accent?: string
  /**
   * What is written on a button.
   * @default white or nearly black, whichever is easier to read
   */
  readonly onAccent?: string
  /**
   * Behind everything.
   * @default as it comes
   */
  readonly page?: string
  /**
   * Behind forms and lists.
   * @default as it comes
   */
  readonly card?: string
  /**
   * What is read.
   * @default as it comes
   */
  readonly text?: string
}

/** Texts of a language in place of those that come with it, or of one that does not come with it. */
export type TextOptions = {
  /**
   * What it calls itself; for a language that does not come with it.
   * @default its tag
   */
  readonly name?: string
  /**
   * Which way it is written.
   * @default 'ltr'
   */
  readonly dir?: 'ltr' | 'rtl'
  /**
   * Of the pages that lead in and out.
   * @default as they come
   */
  readonly pages?: Some<PageTexts>
  /**
   * Of the account.
   * @default as they come
   */
  readonly account?: Some<AccountTexts>
  /**
   * Of what is refused.
   * @default as they come
   */
  readonly refusals?: Some<RefusalTexts>
}

/** What pages and messages look and sound like. */
export type BrandOptions = {
  /**
   * What the service calls itself.
   * @default the host of `baseUrl`
   */
  readonly name?: string
  /**
   * Shown in place of the name: a path of the own origin, such as `/logo.svg`, or an image as `data:`.
   * @default none
   */
  readonly logo?: string
  /**
   * Of light pages; those of dark ones are made from them where `dark` does not say them.
   * @default {}
   */
  readonly colors?: BrandColors & {
    /**
     * Of dark pages.
     * @default made from the light ones
     */
    readonly dark?: BrandColors
  }
  /**
   * A style sheet after ours: its text, or a path of the own origin such as `/brand.css`. It can load nothing from elsewhere.
   * @default none
   */
  readonly css?: string
  /**
   * The languages offered, the first where a browser wants none of them.
   * @default ['en', 'de'], and those of `texts`
   */
  readonly languages?: readonly string[]
  /**
   * By language (BCP 47). What they leave out is as it comes; in a language that does not come with it, in English.
   * @default {}
   */
  readonly texts?: Readonly<Record<string, TextOptions>>
}
