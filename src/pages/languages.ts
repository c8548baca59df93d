import type { BrandOptions, TextOptions } from '../brand.ts'
import { ConfigurationError } from '../errors.ts'
import type { AccountTexts } from '../texts/account.ts'
import { account as deAccount } from '../texts/de/account.ts'
import { pages as dePages } from '../texts/de/pages.ts'
import { refusals as deRefusals } from '../texts/de/refusals.ts'
import { tongue as de } from '../texts/de/tongue.ts'
import { account as enAccount } from '../texts/en/account.ts'
import { pages as enPages } from '../texts/en/pages.ts'
import { refusals as enRefusals } from '../texts/en/refusals.ts'
import { tongue as en } from '../texts/en/tongue.ts'
import type { PageTexts } from '../texts/pages.ts'
import type { RefusalTexts } from '../texts/refusals.ts'
import { overridden, type Tongue } from '../texts.ts'
import { type Words, words } from './words.ts'

type Catalogue = {
  readonly tongue: Tongue
  readonly pages: PageTexts
  readonly account: AccountTexts
  readonly refusals: RefusalTexts
}

/** Everything a page says in one language. */
export type Language = Tongue & Omit<Catalogue, 'tongue'> & { readonly words: Words }

const ENGLISH: Catalogue = { tongue: en, pages: enPages, account: enAccount, refusals: enRefusals }

const COMING: ReadonlyMap<string, Catalogue> = new Map([
  ['en', ENGLISH],
  ['de', { tongue: de, pages: dePages, account: deAccount, refusals: deRefusals }],
])

/**
 * The languages that are offered, the first where nobody asks for another.
 * @throws ConfigurationError when one has no texts
 */
export function languages({ languages: wanted, texts = {} }: BrandOptions): readonly [Language, ...Language[]] {
  const offered = wanted ?? [...new Set([...COMING.keys(), ...Object.keys(texts)])]
  const [first, ...others] = offered.map((lang) => language(lang, texts[lang]))
  if (!first) throw new ConfigurationError(`brand.languages is empty: write ['en'], or leave it out`)
  return [first, ...others]
}

function language(lang: string, own: TextOptions = {}): Language {
  if (!/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(lang)) {
    throw new ConfigurationError(`brand has the language '${lang}': write it as in en, de or pt-BR`)
  }
  const coming = COMING.get(lang)
  if (!coming && (own.name === undefined || own.pages === undefined)) {
    throw new ConfigurationError(
      `brand has the language '${lang}', which does not come with its texts: write brand.texts.${lang} with name and pages`,
    )
  }
  const { tongue, pages, account, refusals } = coming ?? ENGLISH
  const spoken: Tongue = coming ? tongue : { lang, locale: lang, dir: own.dir ?? 'ltr', name: own.name ?? lang }
  const said = {
    pages: overridden(pages, own.pages),
    account: overridden(account, own.account),
    refusals: overridden(refusals, own.refusals),
  }
  return { ...spoken, ...said, words: words(spoken, said.pages.time) }
}
