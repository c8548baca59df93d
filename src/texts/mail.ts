import type { MailFacts, MailKind } from '../mailer.ts'

/** A message before it is set as text and as HTML. Nothing in it is markup. */
export type Letter = {
  readonly subject: string
  /** Paragraphs. */
  readonly before: readonly string[]
  /** What the link does, on its button; only where there is a link. */
  readonly action?: string
  /** Paragraphs after link and details. */
  readonly after: readonly string[]
  /** Whether time, device and address of what happened are part of it. */
  readonly details: boolean
}

/** Everything messages say in one language. */
export type MailTexts = {
  /** BCP 47, the primary language alone. */
  readonly language: string
  readonly direction: 'ltr' | 'rtl'
  readonly greeting: string
  /** Above the address of a link that is written out. */
  readonly writtenOut: string
  readonly time: string
  readonly device: string
  readonly address: string
  /** For what is not known. */
  readonly unknown: string
  /** Under everything: who sends this, and why there is nothing to answer. */
  footer(brand: string): string
  /** A moment, in UTC and saying so. */
  moment(at: number): string
  readonly letters: { readonly [Kind in MailKind]: (facts: MailFacts) => Letter }
}
