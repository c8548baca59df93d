import type { Setting } from '../auth.ts'
import type { Carrier } from '../carrier.ts'
import { readCookie, serializeCookie } from '../wire/cookie.ts'
import { preferredLanguage } from '../wire/language.ts'
import type { Brand } from './brand.ts'
import type { Language } from './languages.ts'

/** What remembers a choice of language; it is no credential. Seconds. */
const YEAR = 31_536_000

/** The parameter that chooses. */
export const CHOICE = 'lang'

/**
 * The language a page is answered in: the one that was just chosen, else the one chosen earlier, else what the browser
 * prefers. A choice is remembered by the browser and by nothing else.
 */
export function spoken(
  { languages }: Brand,
  query: URLSearchParams,
  carrier: Carrier,
  setting: Pick<Setting, 'baseUrl'>,
): { readonly language: Language; readonly cookies: readonly string[] } {
  const find = (lang: string | null | undefined) => languages.find((one) => one.lang === lang)
  const secure = setting.baseUrl.protocol === 'https:'
  const name = secure ? '__Host-language' : 'language'
  const chosen = find(query.get(CHOICE))
  if (chosen) {
    const attributes = { name, path: '/', secure, httpOnly: true, sameSite: 'lax', maxAge: YEAR } as const
    return { language: chosen, cookies: [serializeCookie({ ...attributes, value: chosen.lang })] }
  }
  const kept = readCookie(carrier.get('cookie'), name)
  const language = kept.found === 'one' ? find(kept.value) : undefined
  return { language: language ?? preferred(carrier.get('accept-language'), languages), cookies: [] }
}

/** By the primary language: `pt` and `pt-PT` get `pt-BR` where that is all there is. */
function preferred(header: string | null | undefined, languages: Brand['languages']): Language {
  const primary = ({ lang }: Language) => lang.split('-', 1)[0] as string
  const [first] = languages
  const wanted = preferredLanguage(header, languages.map(primary), primary(first))
  return languages.find((one) => primary(one) === wanted) ?? first
}
