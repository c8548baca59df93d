import type { Code, EndReason, Refusal } from '../errors.ts'
import { limits, type Policy } from '../policy.ts'
import { fill } from '../texts.ts'
import type { Markup } from './html.ts'
import { html } from './html.ts'
import type { Language } from './languages.ts'

/** What is wrong with a form: a sentence for each field, by its name. */
export type Wrong = ReadonlyMap<string, string>

export const NOTHING_WRONG: Wrong = new Map()

/** Whether a refusal says that there was a session, and why it is over. */
export function isEnd(code: Code | string | null | undefined, { refusals }: Language): code is EndReason {
  return typeof code === 'string' && Object.hasOwn(refusals.ended, code)
}

/** Why someone who was signed in is not any more. Told to whoever presents a credential that once was genuine. */
export function ended(refusal: Refusal, language: Language): string | null {
  const { ended, next } = language.refusals
  if (refusal.code === 'reauth_required') return next.confirm
  if (!isEnd(refusal.code, language)) return null
  if (refusal.code === 'signed_out') return ended.signed_out
  const more =
    refusal.code === 'token_reused' ? next.suspicious : refusal.code === 'user_locked' ? next.locked : next.again
  return `${ended[refusal.code]} ${more}`
}

/** What helps after a refusal; null when its title is enough. */
export function help({ code, retryAfter }: Refusal, { refusals, words }: Language): string | null {
  const texts: Partial<Readonly<Record<string, string>>> = refusals.help
  const text = texts[code]
  if (code !== 'throttled' || text === undefined) return text ?? null
  return retryAfter === undefined ? null : fill<'duration'>(text, { duration: words.duration(retryAfter * 1000) })
}

/** A refusal in a sentence or two. */
export function sentence(refusal: Refusal, language: Language): string {
  const more = help(refusal, language)
  const title = /[.!?]$/.test(language.refusals.titles[refusal.code])
    ? language.refusals.titles[refusal.code]
    : `${language.refusals.titles[refusal.code]}.`
  return more === null ? title : `${title} ${more}`
}

/** What is wrong with which field. `minLength` is that of passwords. */
export function wrongs({ code, errors = [] }: Refusal, { refusals }: Language, minLength: number): Wrong {
  const texts: Partial<Readonly<Record<string, string>>> = refusals.fields
  const told = errors.map(({ path, code }) => {
    const text = texts[path === 'name' ? 'name' : code] ?? refusals.fields.not_accepted
    return [path, fill<'count'>(text, { count: minLength })] as const
  })
  if (code === 'email_taken') told.push(['email', refusals.fields.email_taken])
  return new Map(told)
}

/** How long a sign-in lasts. */
export function lasting(policy: Policy, { pages, words }: Language): Markup {
  const { idle, absolute } = limits(policy, [], false)
  const spans = (of: { readonly idle: number; readonly absolute: number }) => ({
    idle: words.duration(of.idle),
    absolute: words.duration(of.absolute),
  })
  const standard = fill(pages.limits.standard, spans({ idle, absolute }))
  const remembered = policy.remember ? fill(pages.limits.remembered, spans(policy.remember)) : ''
  return html`${standard}${remembered === '' ? '' : ` ${remembered}`}`
}
