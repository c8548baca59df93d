import { describe, expect, it } from 'vitest'
import { composed, languageOf } from '../../src/mail/compose.ts'
import { escaped } from '../../src/mail/html.ts'
import { linksOf, linkTo } from '../../src/mail/links.ts'
import type { MailFacts, MailKind } from '../../src/mailer.ts'
import { MAIL_DE } from '../../src/texts/de/mail.ts'
import { MAIL_EN } from '../../src/texts/en/mail.ts'
import { preferredLanguage } from '../../src/wire/language.ts'

const KINDS = Object.keys(MAIL_EN.letters) as MailKind[]
const WITH_LINK: readonly MailKind[] = [
  ...(['verification', 'reset', 'invitation', 'email_confirmation', 'email_requested', 'email_changed'] as const),
  'email_restored',
]
const LINK = 'https://app.example/auth/reset?token=abc&x=%22%3E'

const facts = (kind: MailKind, over: Partial<MailFacts> = {}): MailFacts => ({
  kind,
  brand: 'Example & <Sons>',
  language: 'en',
  link: WITH_LINK.includes(kind) ? LINK : null,
  life: WITH_LINK.includes(kind) ? 3_600_000 : null,
  at: Date.UTC(2026, 10, 21, 23, 50),
  device: 'Firefox, Linux',
  address: '2001:db8::1',
  email: 'new@example.com',
  failures: 0,
  ...over,
})

describe.each([MAIL_EN, MAIL_DE])('every message in $language', (texts) => {
  it.each(KINDS)('%s: says the same as text and as HTML, with nothing in it that could be markup', (kind) => {
    const { subject, text, html } = composed(facts(kind, { language: texts.language }))
    expect(subject).toContain('Example & <Sons>')
    expect(subject).not.toMatch(/[\r\n]/)
    expect(text).toContain(texts.greeting)
    expect(html).toContain(`lang="${texts.language}"`)
    expect(html).toContain('dir="ltr"')
    expect(html).toContain('Example &amp; &lt;Sons&gt;')
    expect(html).not.toContain('<Sons>')
    expect(html).not.toMatch(/<script|<img|<link|url\(|javascript:/i)
    const { before, after } = texts.letters[kind](facts(kind, { language: texts.language }))
    for (const paragraph of [...before, ...after, texts.footer('Example & <Sons>')]) {
      expect(text).toContain(paragraph)
      expect(html).toContain(escaped(paragraph))
    }
  })

  it.each(KINDS)('%s: leads to its link and nowhere else, and there is a button for it', (kind) => {
    const { text, html } = composed(facts(kind, { language: texts.language }))
    const links = [...text.matchAll(/https?:\/\/\S+/g)].map(([link]) => link)
    expect(links).toEqual(WITH_LINK.includes(kind) ? [LINK] : [])
    const hrefs = [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)
    expect(hrefs).toEqual(WITH_LINK.includes(kind) ? [LINK.replaceAll('&', '&amp;')] : [])
    expect(texts.letters[kind](facts(kind)).action !== undefined).toBe(WITH_LINK.includes(kind))
  })

  it.each([
    'sign_in',
    'password_changed',
    'token_theft',
    'account_deleted',
    'email_changed',
    'email_requested',
  ] as const)('TH-11: %s says when in UTC, by what and from where', (kind) => {
    const { text } = composed(facts(kind, { language: texts.language }))
    expect(text).toMatch(/23:50.* UTC/)
    expect(text).toContain(`${texts.device}: Firefox, Linux`)
    expect(text).toContain(`${texts.address}: 2001:db8::1`)
    const unknown = composed(facts(kind, { language: texts.language, device: null, address: null })).text
    expect(unknown).toContain(`${texts.device}: ${texts.unknown}`)
  })

  it('says how long a link is good', () => {
    const said = (life: number) => composed(facts('reset', { language: texts.language, life })).text
    const [hour, days, minutes] =
      texts.language === 'de' ? ['einer Stunde', '3 Tagen', '90 Minuten'] : ['1 hour', '3 days', '90 minutes']
    expect(said(3_600_000)).toContain(hour)
    expect(said(3 * 86_400_000)).toContain(days)
    expect(said(90 * 60_000)).toContain(minutes)
  })
})

describe('the language of a message', () => {
  it.each([
    ['de', 'de'],
    ['de-AT, en;q=0.5', 'de'],
    ['en-GB,en;q=0.9,de;q=0.8', 'en'],
    ['en;q=0.2, de;q=0.3', 'de'],
    ['fr, de;q=0.1', 'de'],
    ['de;q=0', 'en'],
    ['fr', 'en'],
    ['*', 'en'],
    ['', 'en'],
    ['de;q=2', 'en'],
    [`${'x,'.repeat(5000)}de`, 'en'],
    ['de\r\nX: y', 'en'],
  ])('of %j is %s', (header, language) => {
    expect(languageOf(header)).toBe(language)
  })

  it('is the one to fall back to where nothing is said', () => {
    expect([languageOf(undefined), preferredLanguage(null, ['a', 'b'], 'b')]).toEqual(['en', 'b'])
  })
})

describe('links', () => {
  const base = new URL('https://app.example')

  it('RC-05: are made of the configured address', () => {
    expect(linkTo(linksOf(base, '/auth', {}), 'verify', 'tok-_en')).toBe(
      'https://app.example/auth/verify?token=tok-_en',
    )
    const links = { reset: 'https://www.example/pw?a=b' }
    expect(linkTo(linksOf(base, '/auth', { links }), 'reset', 'x')).toBe('https://www.example/pw?a=b&token=x')
  })

  it.each([
    'http://www.example/reset',
    'javascript:alert(1)',
    '/reset',
    'https://u:p@www.example/',
    'https://www.example/#x',
    'https://www.example/?token=1',
  ])('RC-05: do not start with %s', (reset) => {
    expect(() => linksOf(base, '/auth', { links: { reset } })).toThrow(/mail\.links\.reset is no address/)
  })
})
