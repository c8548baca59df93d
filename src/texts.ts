/*
 * What people read, in one place for each language. A text may hold names in braces, `{email}`, which are filled in when it
 * is shown; English comes first, and its texts give all others their type: what one misses does not compile.
 */

declare const takes: unique symbol

/** A text with the names that it takes: `Text<'email'>` may hold `{email}`. */
export type Text<Name extends string = never> = string & { readonly [takes]?: Name }

/** The forms of a text that counts, by the plural categories of its language (CLDR). All hold `{count}` or leave it out. */
export type Plural<Name extends string = never> = { readonly other: Text<Name> } & Partial<
  Readonly<Record<Intl.LDMLPluralRule, Text<Name>>>
>

/** What a language is called, written and counted by. */
export type Tongue = {
  /** For `lang` (BCP 47): `de`. */
  readonly lang: string
  /** What dates and numbers are written by, where that says more: `en-GB`. */
  readonly locale: string
  readonly dir: 'ltr' | 'rtl'
  /** What it calls itself: `Deutsch`. */
  readonly name: string
}

/** The names in the braces of a literal. */
type NamesIn<Literal extends string> = Literal extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never

/** The type that the English texts give to those of every language. */
export type TextsLike<English> = English extends string
  ? Text<NamesIn<English>>
  : English extends { readonly other: infer Other extends string }
    ? Plural<NamesIn<Other>>
    : { readonly [Key in keyof English]: TextsLike<English[Key]> }

/** The same with anything left out: what a configuration may say otherwise. */
export type Some<Texts> = Texts extends string
  ? string
  : Texts extends { readonly other: string }
    ? Plural
    : { readonly [Key in keyof Texts]?: Some<Texts[Key]> }

const NAME = /\{([a-zA-Z]+)\}/g

/** The text with every name replaced by its value. */
export function fill<Name extends string>(text: Text<Name>, values: Readonly<Record<Name, string | number>>): string {
  return text.replace(NAME, (braces, name: string) =>
    Object.hasOwn(values, name) ? String(values[name as Name]) : braces,
  )
}

/** The form for a number. */
export function form<Name extends string>({ locale }: Pick<Tongue, 'locale'>, plural: Plural<Name>, count: number) {
  return plural[new Intl.PluralRules(locale).select(count)] ?? plural.other
}

/** Texts with those of a configuration in place of theirs. What it says nothing of stays. */
export function overridden<Texts extends object>(texts: Texts, some: Some<Texts> | undefined): Texts {
  if (some === undefined) return texts
  const entries = Object.entries(texts).map(([key, own]) => {
    const given = (some as Readonly<Record<string, unknown>>)[key]
    if (given === undefined) return [key, own]
    const inner = typeof own === 'object' && own !== null && !('other' in own)
    return [key, inner ? overridden(own, given as Some<object>) : given]
  })
  return Object.fromEntries(entries) as Texts
}
