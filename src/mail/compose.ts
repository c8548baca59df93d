import type { MailContent, MailFacts, MailOptions } from '../mailer.ts'
import { MAIL_DE } from '../texts/de/mail.ts'
import { MAIL_EN } from '../texts/en/mail.ts'
import type { Letter, MailTexts } from '../texts/mail.ts'
import { preferredLanguage } from '../wire/language.ts'
import { htmlOf, type Shown } from './html.ts'

const TEXTS: ReadonlyMap<string, MailTexts> = new Map([MAIL_EN, MAIL_DE].map((texts) => [texts.language, texts]))

/** Which language a message is written in, by the `Accept-Language` of the request that caused it; English otherwise. */
export function languageOf(header: string | undefined): string {
  return preferredLanguage(header, [...TEXTS.keys()], MAIL_EN.language)
}

/** What a message says: by the template the application has for it, or by the catalogue. Pure. */
export function composed(facts: MailFacts, templates: MailOptions['templates'] = {}): MailContent {
  const own = templates[facts.kind]?.(facts)
  if (own) return { ...own, subject: oneLine(own.subject) }
  const texts = TEXTS.get(facts.language) ?? MAIL_EN
  const letter = texts.letters[facts.kind](facts)
  const { brand, link } = facts
  const shown = { brand, link, details: letter.details ? detailsOf(facts, texts) : [] }
  return { subject: oneLine(letter.subject), text: textOf(letter, texts, shown), html: htmlOf(letter, texts, shown) }
}

function detailsOf({ at, device, address }: MailFacts, texts: MailTexts): Shown['details'] {
  return [
    [texts.time, texts.moment(at)],
    [texts.device, device ?? texts.unknown],
    [texts.address, address ?? texts.unknown],
  ]
}

function textOf(letter: Letter, texts: MailTexts, { brand, link, details }: Shown): string {
  const parts = [
    texts.greeting,
    ...letter.before,
    ...(link === null ? [] : [link]),
    ...(details.length === 0 ? [] : [details.map(([name, value]) => `${name}: ${value}`).join('\n')]),
    ...letter.after,
    `-- \n${texts.footer(brand)}`,
  ]
  return `${parts.join('\n\n')}\n`
}

/** A subject is a header: nothing in it may begin another one. */
function oneLine(subject: string): string {
  return subject.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
}
