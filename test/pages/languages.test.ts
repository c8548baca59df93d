import { afterEach, describe, expect, it } from 'vitest'
import { PASSWORD } from '../support/house.ts'
import { type Pages, site } from './visitor.ts'

let open: Pages | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

const GERMAN = { 'accept-language': 'de-CH, de;q=0.9, en;q=0.5' }

describe('the language of a page', () => {
  it('is what the browser prefers, and said in the document', async () => {
    open = await site()
    const { text, headers } = await open.visitor().get('/sign-in', GERMAN)
    expect(text).toContain('<html lang="de" dir="ltr">')
    expect(text).toContain('Ohne Aktivität bleiben Sie 30 Minuten angemeldet, insgesamt höchstens 12 Stunden.')
    expect(headers.get('content-language')).toBe('de')
    expect((await open.visitor().get('/sign-in', { 'accept-language': 'fr' })).text).toContain('<html lang="en"')
  })

  it('can be chosen, which the browser alone remembers', async () => {
    open = await site()
    const before = JSON.stringify(await open.auth.audit({}, null, 100))
    const bea = open.visitor()
    const chosen = await bea.get('/sign-up?return=/billing&lang=de')
    expect(chosen.text).toContain('<h1>Registrieren</h1>')
    expect(chosen.text).toContain('href="/sign-up?return=%2Fbilling&amp;lang=en"')
    expect(chosen.cookies).toEqual(['__Host-language=de; Max-Age=31536000; Path=/; Secure; HttpOnly; SameSite=Lax'])
    expect((await bea.get('/sign-in')).text).toContain('<h1>Anmelden</h1>')
    expect(JSON.stringify(await open.auth.audit({}, null, 100))).toBe(before)
    bea.cookie = '__Host-language=nonsense'
    expect((await bea.get('/sign-in')).text).toContain('<h1>Sign in</h1>')
    expect((await bea.get('/sign-in?lang=xx')).cookies).toEqual([])
  })

  it('is kept for what is wrong with a form, which cannot be switched without losing it', async () => {
    open = await site()
    const fields = { email: 'bea@example.com', password: 'short' }
    const { text } = await open.visitor().post('/sign-up', fields, { headers: GERMAN })
    expect(text).toContain('Verwenden Sie mindestens 15 Zeichen.')
    expect(text).toContain('<title>Registrierung fehlgeschlagen –')
    expect(text).not.toContain('<nav')
  })

  it('may be one of the own, from right to left too', async () => {
    const texts = {
      he: { name: 'עברית', dir: 'rtl', pages: { signIn: { title: 'כניסה' } } },
      de: { pages: { signIn: { title: 'Herein' } } },
    } as const
    open = await site({ brand: { texts } })
    const hebrew = await open.visitor().get('/sign-in', { 'accept-language': 'he' })
    expect(hebrew.text).toContain('<html lang="he" dir="rtl">')
    expect(hebrew.text).toContain('<h1>כניסה</h1>')
    expect(hebrew.text).toMatch(/type="email"[^>]* dir="ltr"/)
    expect(hebrew.text).toContain('<a href="/sign-in?lang=en" lang="en" dir="ltr" hreflang="en">English</a>')
    expect((await open.visitor().get('/sign-in', GERMAN)).text).toContain('<h1>Herein</h1>')
  })

  it('is offered as configured, and not at all when there is one', async () => {
    open = await site({ brand: { languages: ['de'] } })
    const { text } = await open.visitor().get('/sign-in', { 'accept-language': 'en' })
    expect([text.includes('<html lang="de"'), text.includes('<nav')]).toEqual([true, false])
  })

  it('leaves no name unfilled, in either language', async () => {
    open = await site()
    for (const lang of ['en', 'de']) {
      const headers = { 'accept-language': lang }
      const ann = open.visitor()
      const email = `ann-${lang}@example.com`
      await ann.post('/sign-up', { email, password: PASSWORD })
      for (const path of ['/', '/account', '/sign-in', '/sign-up', '/expired', '/setup?token=x']) {
        const { text } = await ann.get(path, headers)
        const body = text.replace(/<style>[\s\S]*?<\/style>/g, '')
        expect([path, body.match(/\{\w*\}|undefined|\[object/)]).toEqual([path, null])
      }
    }
  })
})
