import { createServer } from 'node:http'
import type { BrowserContext, Page } from 'playwright-core'
import { afterEach, describe, expect, it } from 'vitest'
import { type Program, program, type Server } from '../cli/program.ts'
import { freePort } from '../server/free-port.ts'
import { browserOfFile, CHROMIUM } from './chromium.ts'

const EMAIL = 'ann@example.com'
const PASSWORD = 'a long enough passphrase'

const browser = browserOfFile()
const contexts = new Set<BrowserContext>()
afterEach(async () => {
  for (const context of contexts) await context.close()
  contexts.clear()
})

/** A browser window of its own, which notes what its pages complain of. */
async function opened(javaScriptEnabled: boolean, width = 1024): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.get().newContext({ javaScriptEnabled, viewport: { width, height: 740 } })
  contexts.add(context)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { page, complaints }
}

async function signUp(page: Page, { url }: Server): Promise<void> {
  await page.goto(`${url}/sign-up`)
  await page.getByLabel('E-mail address').fill(EMAIL)
  await page.getByLabel('Name').fill('Ann')
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign up' }).click()
}

async function signIn(page: Page, { url }: Server, password = PASSWORD): Promise<void> {
  await page.goto(`${url}/sign-in`)
  await page.getByLabel('E-mail address').fill(EMAIL)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).innerText()

/** A second browser with a copy of everything the first one holds, as a thief would have it. */
async function copied(page: Page, url: string): Promise<Page> {
  const thief = await opened(true)
  await thief.page.context().addCookies(await page.context().cookies())
  await thief.page.goto(url)
  return thief.page
}

describe.skipIf(!CHROMIUM)('in a real browser', () => {
  it.each([
    ['with scripts off', false],
    ['with scripts on', true],
  ])('goes the whole way: sign-up, who I am, sign-out, sign-in, %s', async (_, scripts) => {
    const server = await program().serve()
    const { page, complaints } = await opened(scripts)
    await page.goto(server.url)
    expect(await heading(page)).toBe('Sign in')
    await signUp(page, server)
    expect([page.url(), await heading(page)]).toEqual([`${server.url}/`, 'Ann'])
    expect(await page.getByText(EMAIL).count()).toBe(1)
    await page.getByRole('link', { name: 'Manage your account' }).click()
    expect(await page.getByText('This device').count()).toBe(1)
    const [cookie] = await page.context().cookies()
    expect(cookie).toMatchObject({ name: 'sid', httpOnly: true, sameSite: 'Lax', expires: -1 })
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    expect(await page.getByRole('status').innerText()).toBe('You are signed out.')
    expect(await page.context().cookies()).toEqual([])
    await page.goBack()
    expect(await heading(page)).toBe('Sign in')

    await signIn(page, server, 'not this one at all')
    expect(await page.getByRole('alert').innerText()).toBe('E-mail or password is wrong.')
    expect(await page.getByLabel('E-mail address').inputValue()).toBe(EMAIL)
    // Browsers put the cursor there when they first paint the page, which is later than its text can be read.
    await page.locator('input[type=password]:focus').waitFor()
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press('Enter')
    await page.waitForURL(`${server.url}/`)
    expect(await heading(page)).toBe('Ann')
    expect(complaints).toEqual([])
  })

  it('TE-01 TE-06 TE-07: a copied cookie is refused after sign-out, password change and lock', async () => {
    const at: Program = program()
    const server = await at.serve()
    const { page } = await opened(false)
    await signUp(page, server)

    const first = await copied(page, server.url)
    expect(await heading(first)).toBe('Ann')
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await first.reload()
    expect(await heading(first)).toBe('Sign in')

    await signIn(page, server)
    const elsewhere = await copied(page, server.url)
    expect(await heading(elsewhere)).toBe('Ann')
    const { page: changing } = await opened(true)
    await signIn(changing, server)
    const change = { currentPassword: PASSWORD, newPassword: 'another long passphrase' }
    const request = { headers: { origin: server.url }, data: change }
    const changed = await changing.context().request.post(`${server.url}/auth/password`, request)
    expect(changed.status()).toBe(200)
    await elsewhere.reload()
    expect(await elsewhere.getByRole('alert').innerText()).toContain('Your session was ended')
    await changing.reload()
    expect(await heading(changing)).toBe('Ann')

    const last = await copied(changing, server.url)
    expect(await heading(last)).toBe('Ann')
    expect((await at.run(['users', 'lock', EMAIL])).code).toBe(0)
    for (const holder of [last, changing]) {
      await holder.reload()
      expect(await holder.getByRole('alert').innerText()).toContain('the account is locked')
    }
  })

  it('ends the other sessions from the page', async () => {
    const server = await program().serve()
    const [{ page }, { page: other }] = [await opened(false), await opened(false)]
    await signUp(page, server)
    await signIn(other, server)
    await page.goto(`${server.url}/account`)
    await page.getByRole('button', { name: 'Sign out everywhere else' }).click()
    expect(await page.getByRole('status').innerText()).toBe('You are signed out everywhere else.')
    await other.reload()
    expect(await other.getByRole('alert').innerText()).toContain('Your session was ended')
  })

  it('TO-01: says why it signed someone out', async () => {
    const server = await program().serve({ SALLYPORT_IDLE: '1s' })
    const { page } = await opened(false)
    await signUp(page, server)
    await page.waitForTimeout(1100)
    await page.reload()
    expect(await page.getByRole('alert').innerText()).toContain('nothing happened for a while')
  })

  it('SL-07: a form on another site signs nobody in', async () => {
    const server = await program().serve()
    const { page } = await opened(true)
    await signUp(page, server)
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    const port = await freePort()
    const form = `<form method="post" action="${server.url}/sign-in"><input name="email" value="${EMAIL}"><input name="password" value="${PASSWORD}"><button>Win</button></form>`
    const evil = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(form)).listen(
      port,
      '127.0.0.1',
    )
    try {
      await page.goto(`http://127.0.0.1:${port}/`)
      await page.getByRole('button', { name: 'Win' }).click()
      expect(await heading(page)).toBe('The request does not prove where it comes from')
      expect(await page.context().cookies()).toEqual([])
    } finally {
      evil.close()
    }
  })

  it('fits the narrowest screens, and can be used by keyboard alone', async () => {
    const server = await program().serve()
    const { page } = await opened(true, 320)
    await signUp(page, server)
    for (const path of ['/', '/account', '/sign-in', '/sign-up']) {
      await page.goto(server.url + path)
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      expect([path, overflow]).toEqual([path, 0])
    }
    await page.goto(`${server.url}/account`)
    // Where there is no room beside the name of the device, what is said of it stands below, in line with it.
    const [below, indent] = await page.evaluate(() => {
      const tag = document.querySelector<HTMLElement>('.tag')
      const device = tag?.parentElement
      if (!tag || !device) return []
      device.style.width = '9rem'
      const [inner, outer] = [tag.getBoundingClientRect(), device.getBoundingClientRect()]
      return [inner.top > outer.top + inner.height / 2, inner.left - outer.left]
    })
    expect([below, indent]).toEqual([true, 0])
    await page.goto(`${server.url}/sign-in`)
    const order: string[] = []
    for (let step = 0; step < 6; step += 1) {
      order.push(
        await page.evaluate(
          () => document.activeElement?.getAttribute('name') ?? document.activeElement?.textContent ?? '',
        ),
      )
      await page.keyboard.press('Tab')
    }
    expect(order).toEqual(['email', 'password', 'remember', 'Sign in', 'Forgot your password?', 'Sign up'])
  })
})
