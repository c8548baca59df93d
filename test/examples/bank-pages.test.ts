import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { browserOfFile, CHROMIUM } from '../e2e/chromium.ts'
import { axeSource, complaintsOf, sticking } from '../e2e/clean.ts'
import { PASSWORD } from '../support/house.ts'
import { endedWithFile, type Started, started } from './started.ts'

const browser = browserOfFile()
endedWithFile()

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const follow = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).first().click()
const heading = (page: Page) => page.getByRole('heading', { level: 1 }).innerText()

async function signUp(page: Page, { origin }: Started, email: string): Promise<void> {
  await page.goto(origin)
  await follow(page, 'Open an account')
  await page.locator('main input[name="email"]').fill(email)
  await page.locator('main input[name="password"]').fill(PASSWORD)
  await press(page, 'Sign up')
}

describe.skipIf(!CHROMIUM)('examples/bank in a browser', () => {
  let at: Started
  beforeAll(async () => {
    at = await started('bank')
  })

  it('works without a script: an account, a transfer, the way out', async () => {
    const context = await browser.get().newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await signUp(page, at, 'ann@example.com')
    expect([page.url(), await heading(page)]).toEqual([`${at.origin}/`, '€3,460.54'])
    await follow(page, 'Transfer')
    await page.getByLabel('Amount in euros').fill('60.54')
    await press(page, 'Send')
    expect(await page.getByRole('status').innerText()).toBe('Your transfer has been carried out.')
    expect(await heading(page)).toBe('€3,400.00')
    await page.reload()
    expect(await heading(page)).toBe('€3,400.00')
    await press(page, 'Sign out')
    expect(page.url()).toBe(`${at.origin}/auth/sign-in?done=signed-out`)
    await page.goto(`${at.origin}/transfer`)
    expect(page.url()).toBe(`${at.origin}/auth/sign-in?return=%2Ftransfer`)
    await context.close()
  })

  it('is clean for eyes, ears and keyboards, loads nothing from elsewhere, and fits 320 px', async () => {
    const axe = await axeSource()
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.get().newContext({ colorScheme, bypassCSP: true })
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('request', (request) => {
        if (!request.url().startsWith(at.origin)) complaints.push(request.url())
      })
      await page.goto(at.origin)
      expect(await complaintsOf(page, axe)).toEqual([])
      await signUp(page, at, `${colorScheme}@example.com`)
      for (const path of ['/', '/transfer', '/cards', '/confirm', '/admin', '/nothing']) {
        await page.goto(`${at.origin}${path}`)
        expect([path, await complaintsOf(page, axe)]).toEqual([path, []])
        for (const width of [1280, 360, 320]) {
          await page.setViewportSize({ width, height: 740 })
          expect([path, width, await sticking(page)]).toEqual([path, width, []])
        }
      }
      expect(complaints).toEqual([])
      await context.close()
    }
  })

  it('keeps to a policy in which nothing can run', async () => {
    const context = await browser.get().newContext()
    const page = await context.newPage()
    const answer = await page.goto(at.origin)
    expect(answer?.headers()['content-security-policy']).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    expect(await page.evaluate(() => getComputedStyle(document.querySelector('.card') as Element).borderTopWidth)).toBe(
      '1px',
    )
    await context.close()
  })
})
