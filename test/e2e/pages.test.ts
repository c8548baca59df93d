import { readFile } from 'node:fs/promises'
import type { BrowserContext, Page } from 'playwright-core'
import { afterEach, describe, expect, it } from 'vitest'
import { AGENTS, MIRA, settled } from '../../tools/screenshots/cast.ts'
import { SCENES } from '../../tools/screenshots/scenes.ts'
import { type Stage, stage } from '../../tools/screenshots/stage.ts'
import { browserOfFile, CHROMIUM } from './chromium.ts'
import { axeSource, complaintsOf, sticking } from './clean.ts'

const MINUTE = 60_000
const ANN = { email: 'ann@example.com', password: 'a long enough passphrase' }
const NEXT = 'another long passphrase'

const browser = browserOfFile()
const open = new Set<{ close(): Promise<void> }>()
afterEach(async () => {
  for (const one of open) await one.close()
  open.clear()
})

type Window = { readonly page: Page; readonly context: BrowserContext; readonly complaints: string[] }

/** A browser window of its own, which notes what its pages complain of and what they load from elsewhere. */
async function opened(
  url: string,
  options: Parameters<ReturnType<typeof browser.get>['newContext']>[0],
): Promise<Window> {
  const context = await browser.get().newContext({ userAgent: AGENTS.mac, ...options })
  open.add(context)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of [45]\d\d/.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(data|about):/.test(request.url())) complaints.push(request.url())
  })
  return { page, context, complaints }
}

async function staged(...given: Parameters<typeof stage>): Promise<Stage> {
  const set = await stage(...given)
  open.add(set)
  return set
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).innerText()
const field = (page: Page, name: string) => page.locator(`main input[name="${name}"]`)
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const note = (page: Page) => page.getByRole('status').innerText()

describe.skipIf(!CHROMIUM)('every page', () => {
  it.each([
    ['en', 'light', 1280],
    ['de', 'dark', 360],
  ] as const)(
    'is clean for eyes, ears and keyboards, and fits 360 px: %s, %s',
    async (lang, colorScheme, width) => {
      const axe = await axeSource()
      const set = await staged('session')
      await settled(set)
      const { page, complaints } = await opened(set.url, {
        locale: lang,
        colorScheme,
        viewport: { width, height: 800 },
      })
      for (const { name, play } of SCENES) {
        await play(page, set)
        expect([name, await page.locator('html').getAttribute('lang')]).toEqual([name, lang])
        expect([name, await complaintsOf(page, axe)]).toEqual([name, []])
        for (const narrow of [360, 320]) {
          await page.setViewportSize({ width: narrow, height: 740 })
          expect([name, narrow, await sticking(page)]).toEqual([name, narrow, []])
        }
        await page.setViewportSize({ width, height: 800 })
      }
      expect(complaints).toEqual([])
    },
    60_000,
  )

  it('works from right to left: nothing sticks out, and what begins a line is on the right', async () => {
    const texts = { ar: { name: 'العربية', dir: 'rtl', pages: { signIn: { title: 'تسجيل الدخول' } } } } as const
    const set = await staged('session', { brand: { name: 'Harbour', texts } })
    await settled(set)
    const { page } = await opened(set.url, { locale: 'ar', viewport: { width: 360, height: 800 } })
    for (const { name, play } of SCENES.slice(0, 7)) {
      await play(page, set)
      expect([name, await page.locator('html').getAttribute('dir'), await sticking(page)]).toEqual([name, 'rtl', []])
    }
    const [label, heading] = await page.evaluate(() =>
      ['label', 'h1'].map((one) => getComputedStyle(document.querySelector(one) as Element).direction),
    )
    expect([label, heading]).toEqual(['rtl', 'rtl'])
    const [brand, out] = await Promise.all(['.brand', '.top form'].map((one) => page.locator(one).boundingBox()))
    expect(brand?.x).toBeGreaterThan(out?.x ?? 0)
  })
})

describe.skipIf(!CHROMIUM).each(['session', 'hybrid', 'jwt'] as const)('without scripts, under %s', (strategy) => {
  it('the account: name, password, other devices, export, deletion', async () => {
    const set = await staged(strategy)
    const { page, complaints } = await opened(set.url, { javaScriptEnabled: false })
    await page.goto(`${set.url}/account`)
    expect(await heading(page)).toBe('Sign in')
    await page.getByRole('link', { name: 'Sign up' }).click()
    await field(page, 'email').fill(ANN.email)
    await field(page, 'password').fill(ANN.password)
    await press(page, 'Sign up')
    expect([page.url(), await heading(page)]).toEqual([`${set.url}/account`, 'Your account'])

    const { page: other } = await opened(set.url, { javaScriptEnabled: false })
    await signIn(other, set)
    // Long after the page was loaded, what was written into it counts all the same.
    await page.reload()
    await field(page, 'name').fill('Ann')
    set.clock.step(6 * MINUTE)
    await press(page, 'Save the name')
    expect(await note(page)).toBe('Your name is saved.')
    expect(await field(page, 'name').inputValue()).toBe('Ann')

    set.clock.step(5 * MINUTE)
    await press(page, 'Sign out everywhere else')
    expect(await heading(page)).toBe('Confirm that it is you')
    await field(page, 'password').fill('not this one at all')
    await press(page, 'Confirm')
    expect(await page.getByRole('alert').innerText()).toBe('This is not your current password.')
    await field(page, 'password').fill(ANN.password)
    await press(page, 'Confirm')
    expect(await note(page)).toBe('You are signed out everywhere else.')
    await other.reload()
    expect(await heading(other)).toBe('Sign in')

    await field(page, 'currentPassword').fill(ANN.password)
    await field(page, 'newPassword').fill(NEXT)
    await press(page, 'Change the password')
    expect(await note(page)).toContain('Your password is changed')

    const [file] = await Promise.all([page.waitForEvent('download'), press(page, 'Export my data')])
    expect(file.suggestedFilename()).toBe('account.json')
    expect(JSON.parse(await readFile(await file.path(), 'utf8')).user).toMatchObject({ email: ANN.email, name: 'Ann' })

    await page.getByRole('button', { name: 'Delete my account …' }).click()
    expect(await heading(page)).toBe('Delete your account?')
    await field(page, 'password').fill(NEXT)
    await press(page, 'Delete my account')
    expect(await note(page)).toBe('Your account is deleted.')
    expect(await page.context().cookies()).toEqual([])
    expect(await set.auth.users.findByEmail(ANN.email)).toBeNull()
    expect(complaints).toEqual([])
  }, 60_000)

  it('RC-04 RC-07: the ways by mail: sign-up, forgotten password, change of address and objection', async () => {
    const set = await staged(strategy, { verifyEmail: true })
    const { page, context, complaints } = await opened(set.url, { javaScriptEnabled: false, locale: 'en' })
    await page.goto(`${set.url}/sign-up`)
    await field(page, 'email').fill(ANN.email)
    await field(page, 'password').fill(ANN.password)
    await press(page, 'Sign up')
    expect(await heading(page)).toBe('Look into your mailbox')
    const confirming = `${set.url}/auth/verify?token=${await set.token('verification', ANN.email)}`
    // A scanner looks first.
    for (let time = 0; time < 2; time += 1) expect((await fetch(confirming)).status).toBe(200)
    await page.goto(confirming)
    await press(page, 'Confirm the address')
    expect(await heading(page)).toBe('Your address is confirmed')
    await page.goto(confirming)
    await press(page, 'Confirm the address')
    expect(await heading(page)).toBe('This link works no more')
    await signIn(page, set)
    expect(await heading(page)).toBe(ANN.email)

    const { page: elsewhere } = await opened(set.url, { javaScriptEnabled: false })
    await elsewhere.goto(`${set.url}/sign-in`)
    await elsewhere.getByRole('link', { name: 'Forgot your password?' }).click()
    await field(elsewhere, 'email').fill(ANN.email)
    await press(elsewhere, 'Send the link')
    expect(await elsewhere.getByText('If there is an account for').innerText()).toContain(ANN.email)
    await elsewhere.goto(`${set.url}/auth/reset?token=${await set.token('reset', ANN.email)}`)
    await field(elsewhere, 'newPassword').fill('short')
    await press(elsewhere, 'Set the password')
    expect(await elsewhere.getByRole('alert').innerText()).toContain('Use at least 15 characters.')
    await field(elsewhere, 'newPassword').fill(NEXT)
    await press(elsewhere, 'Set the password')
    expect(await note(elsewhere)).toBe('The new password is set. Sign in with it.')
    expect(await elsewhere.context().cookies()).toEqual([])
    await page.reload()
    expect(await heading(page)).toBe('Sign in')

    await signIn(page, set, { ...ANN, password: NEXT })
    await page.goto(`${set.url}/account`)
    await field(page, 'email').fill('ann@new.example')
    await field(page, 'password').fill(ANN.password)
    await press(page, 'Change the address')
    expect(await page.getByRole('alert').innerText()).toContain('This is not your current password.')
    expect(await field(page, 'email').inputValue()).toBe('ann@new.example')
    await field(page, 'password').fill(NEXT)
    await press(page, 'Change the address')
    expect(await note(page)).toContain('the change counts once you open the link')
    expect(await page.getByText(ANN.email, { exact: true }).count()).toBeGreaterThan(0)
    await page.goto(`${set.url}/auth/verify?token=${await set.token('email_confirmation', 'ann@new.example')}`)
    await press(page, 'Confirm the address')
    await page.getByRole('link', { name: 'Your account' }).click()
    expect(await page.getByText('ann@new.example').count()).toBeGreaterThan(0)

    await elsewhere.goto(`${set.url}/auth/object?token=${await set.token('email_changed', ANN.email)}`)
    await press(elsewhere, 'Stop the change')
    expect(await heading(elsewhere)).toBe('The change is stopped')
    await page.reload()
    expect(await heading(page)).toBe('Sign in')
    expect((await set.auth.users.findByEmail(ANN.email))?.email).toBe(ANN.email)
    await elsewhere.goto(`${set.url}/auth/reset?token=${await set.token('email_restored', ANN.email)}`)
    await field(elsewhere, 'newPassword').fill('a third long passphrase')
    await press(elsewhere, 'Set the password')
    await signIn(elsewhere, set, { ...ANN, password: 'a third long passphrase' })
    expect(await heading(elsewhere)).toBe(ANN.email)
    await context.clearCookies()
    expect(complaints).toEqual([])
  }, 60_000)
})

async function signIn(page: Page, { url }: Stage, { email, password } = ANN): Promise<void> {
  await page.goto(`${url}/sign-in`)
  await field(page, 'email').fill(email)
  await field(page, 'password').fill(password)
  await press(page, 'Sign in')
}

describe.skipIf(!CHROMIUM)('with a keyboard', () => {
  it('what is wrong is where the focus goes, and the way to it from the top', async () => {
    const set = await staged('session')
    const { page } = await opened(set.url, {})
    await page.goto(`${set.url}/sign-up`)
    await field(page, 'email').fill(MIRA.email)
    await field(page, 'password').fill('short')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    expect(await page.title()).toBe('Sign-up failed – Harbour')
    // The cursor is put there when the page is painted, which is later than it can be read.
    await page.locator('#password:focus').waitFor()
    const described = await field(page, 'password').getAttribute('aria-describedby')
    expect(described).toBe('password-wrong password-hint')
    await page.getByRole('alert').getByRole('link').focus()
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('password')
    await page.keyboard.type(MIRA.password)
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Manage your account' }).waitFor()
  })
})
