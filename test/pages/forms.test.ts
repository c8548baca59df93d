import { describe, expect, it } from 'vitest'
import { hiddenIn, site, type Visitor } from './visitor.ts'

const [EMAIL, PASSWORD] = ['ann@example.com', 'a long enough passphrase']
const EVIL = '"><script>alert(1)</script>'
const ESCAPED = '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;'

async function begin(options: Parameters<typeof site>[0] = {}) {
  const pages = await site(options)
  const ann = pages.visitor()
  await ann.submit('/sign-up', { email: EMAIL, password: PASSWORD, name: 'Ann' })
  return { ...pages, ann }
}

async function signIn(visitor: Visitor): Promise<void> {
  await visitor.submit('/sign-in', { email: EMAIL, password: PASSWORD })
}

const formsIn = (text: string) => text.match(/<form[\s\S]*?<\/form>/g) ?? []

describe('forms of whoever is signed in', () => {
  it('CS-04: each carries the token of the session, so that it counts without a word of where it comes from', async () => {
    const { ann, visitor } = await begin({ mailer: { send: async () => {} } })
    await signIn(visitor())
    for (const [path, least] of [
      ['/', 1],
      ['/account', 8],
    ] as const) {
      const forms = formsIn((await ann.get(path)).text)
      expect(forms.length).toBeGreaterThanOrEqual(least)
      const tokens = new Set(forms.map((form) => hiddenIn(form, 'csrf')))
      expect([...tokens]).toEqual([expect.stringMatching(/^[\w-]{20,}/)])
      for (const form of forms) expect(form).toMatch(/^<form[^>]* method="post" action="\//)
    }
  })

  it('CS-04: the question for the password keeps it', async () => {
    const { ann, clock } = await begin()
    const csrf = hiddenIn((await ann.get('/account')).text, 'csrf')
    clock.step(11 * 60_000)
    const asked = await ann.post('/account', { do: 'export', csrf }, { from: null })
    expect([asked.status, hiddenIn(asked.text, 'csrf')]).toEqual([401, csrf])
    const given = await ann.post('/account', { do: 'export', csrf, password: PASSWORD }, { from: null })
    expect([given.status, given.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
  })

  it('work without a script: every button says by its name what it does, and none needs another', async () => {
    const { ann, visitor } = await begin()
    await signIn(visitor())
    for (const path of ['/', '/account']) {
      const { text } = await ann.get(path)
      const buttons = text.match(/<button[^>]*>/g) ?? []
      expect(buttons.length).toBeGreaterThan(0)
      for (const button of buttons) expect(button).toMatch(/ name="do" value="[a-z-]+"/)
      expect(
        formsIn(text)
          .join('')
          .match(/<button[^>]*>/g),
      ).toEqual(buttons)
    }
  })
})

describe('what was written into a form', () => {
  it('comes back but for passwords', async () => {
    const { ann, visitor } = await begin()
    const bob = visitor()
    const short = 'too-short-99'
    const answers = [
      await bob.post('/sign-in', { email: EMAIL, password: short }),
      await bob.post('/sign-up', { email: 'bob@example.com', name: 'Bob', password: short }),
      await bob.post('/reset', { token: 'A'.repeat(43), newPassword: short }),
      await ann.post('/account', { do: 'password', currentPassword: PASSWORD, newPassword: short }),
    ]
    for (const { status, text } of answers) {
      expect(status).toBeGreaterThanOrEqual(400)
      expect(text).not.toContain(short)
      expect(text).not.toContain(PASSWORD)
    }
    expect(answers[1]?.text).toContain('value="bob@example.com"')
  })

  it('ER-07: is text wherever it comes back', async () => {
    const { ann, visitor } = await begin()
    const bob = visitor()
    const answers = [
      await bob.post('/sign-up', { email: EVIL, name: 'Bob', password: PASSWORD }),
      await bob.get(`/reset?token=${encodeURIComponent(EVIL)}`),
      await bob.get(`/verify?token=${encodeURIComponent(EVIL)}`),
      await bob.get(`/object?token=${encodeURIComponent(EVIL)}`),
      await ann.post('/account', { do: 'remove', more: EVIL }),
    ]
    for (const { text } of answers) {
      expect(text).toContain(ESCAPED)
      expect(text).not.toContain('<script')
    }
  })

  it('ER-07: a brand is text too', async () => {
    const { visitor } = await begin({ brand: { name: 'A <b> & co' } })
    const { text } = await visitor().get('/sign-in')
    expect(text).toMatch(/<title>[^<]*A &lt;b&gt; &amp; co<\/title>/)
    expect(text).toContain('>A &lt;b&gt; &amp; co</a>')
  })
})

describe('the return target', () => {
  it('CS-10: a bad return target is in no address of a page, also on the way over a new password', async () => {
    const { auth, visitor } = await begin()
    await auth.users.requirePasswordChange((await auth.users.findByEmail(EMAIL))?.id ?? '')
    const path = '/sign-in?return=//evil.example'
    expect((await visitor().get(path)).text).not.toContain('evil.example')
    const token = hiddenIn((await visitor().post(path, { email: EMAIL, password: PASSWORD })).text, 'token')
    const done = await visitor().post(path, { token, newPassword: 'quite another passphrase' })
    expect(done.headers.get('location')).toBe('/sign-in?done=new-password')
  })
})

describe('the way by a link', () => {
  it.each([['/reset'], ['/verify'], ['/object']])(
    'CS-06: %s asks for a button, and is a form by itself',
    async (path) => {
      const { visitor } = await begin()
      const token = 'B'.repeat(43)
      const { status, text } = await visitor().get(`${path}?token=${token}`)
      const forms = formsIn(text)
      expect([status, forms.length, hiddenIn(forms[0] ?? '', 'token')]).toEqual([200, 1, token])
      expect(forms[0]).toContain(`method="post" action="${path}"`)
    },
  )

  it('RC-04: a new password by a link signs nobody in', async () => {
    const { auth, visitor } = await begin()
    const bob = await auth.users.create({ email: 'bob@example.com', password: PASSWORD })
    if (!bob.ok) throw new Error('bob is there')
    await auth.users.requirePasswordChange(bob.value.id)
    const browser = visitor()
    const asked = await browser.post('/sign-in', { email: 'bob@example.com', password: PASSWORD })
    const token = hiddenIn(asked.text, 'token')
    const done = await browser.post('/reset', { token, newPassword: 'quite another passphrase' })
    expect([done.status, done.headers.get('location'), done.cookies]).toEqual([303, '/sign-in?done=new-password', []])
  })
})
