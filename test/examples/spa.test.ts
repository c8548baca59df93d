import type { Page } from 'playwright-core'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ask } from '../adapters/client.ts'
import { browserOfFile, CHROMIUM } from '../e2e/chromium.ts'
import { axeSource, complaintsOf, sticking } from '../e2e/clean.ts'
import { freePort } from '../server/free-port.ts'
import { PASSWORD } from '../support/house.ts'
import { asking } from './people.ts'
import { endedWithFile, type Started, started, until } from './started.ts'

const browser = browserOfFile()
endedWithFile()

let api: Started
let site = ''
beforeAll(async () => {
  const port = await freePort()
  site = `http://localhost:${port}`
  api = await started('spa', { env: { SITE_PORT: String(port), ACCESS_TTL: '10s' } })
})

describe('the API of examples/spa', () => {
  it('is for pages of its one origin, and sets no cookie', async () => {
    const json = { email: 'header@example.com', password: PASSWORD, transport: 'bearer' }
    const signedUp = await ask(api.port, '/auth/sign-up', { method: 'POST', json, headers: { origin: site } })
    expect(signedUp).toMatchObject({ status: 201, cookies: [], headers: { 'access-control-allow-origin': site } })
    const { accessToken: bearer } = (signedUp.body as { tokens: { accessToken: string } }).tokens
    const own = await ask(api.port, '/api/notes', { bearer, headers: { origin: site } })
    expect(own).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': site, vary: 'Origin' } })
    for (const path of ['/api/notes', '/auth/session']) {
      const foreign = await ask(api.port, path, { bearer, headers: { origin: 'https://evil.example' } })
      expect(foreign.headers['access-control-allow-origin'], path).toBeUndefined()
      const preflight = { origin: 'https://evil.example', 'access-control-request-method': 'GET' }
      const asked = await ask(api.port, path, { method: 'OPTIONS', headers: preflight })
      expect(asked.headers['access-control-allow-origin'], path).toBeUndefined()
    }
    const refused = await ask(api.port, '/api/notes', { headers: { origin: site } })
    expect(refused).toMatchObject({ status: 401, headers: { 'access-control-allow-origin': site } })
  })
})

describe.skipIf(!CHROMIUM)('the page of examples/spa', () => {
  let page: Page
  let complaints: string[]
  beforeEach(async () => {
    page = await browser.get().newPage()
    complaints = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of [45]\d\d/.test(message.text())) complaints.push(message.text())
    })
    await page.goto(site)
  })
  afterEach(async () => {
    expect(complaints).toEqual([])
    await page.context().close()
  })

  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
  const note = () => page.getByRole('status').innerText()

  async function enter(way: 'Sign in' | 'Sign up', email: string, password = PASSWORD): Promise<void> {
    await page.getByLabel('E-mail').fill(email)
    await page.getByLabel('Password').fill(password)
    await press(way)
  }

  async function write(text: string): Promise<void> {
    await page.getByLabel('A note').fill(text)
    await press('Add')
    await page.getByText(text, { exact: true }).waitFor()
  }

  it('signs up, in and out, and keeps tokens in no storage', async () => {
    await enter('Sign up', 'ann@example.com')
    await write('<b>milk</b>')
    const stored = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])
    expect([stored, await page.context().cookies()]).toEqual([[0, 0, ''], []])
    await press('Sign out')
    await page.getByText('You are signed out.').waitFor()
    expect(await page.locator('#notes li').count()).toBe(0)
    await enter('Sign in', 'ann@example.com', 'not this one at all')
    await page.getByText('E-mail or password is wrong').waitFor()
    await enter('Sign in', 'ann@example.com')
    await page.getByText('<b>milk</b>', { exact: true }).waitFor()
    await page.reload()
    expect(await page.getByRole('button', { name: 'Sign in', exact: true }).isVisible()).toBe(true)
  })

  it('refreshes when the token is over, once for all that is under way, and goes on', async () => {
    const refreshes: number[] = []
    page.on('response', (response) => {
      if (response.url().endsWith('/auth/refresh')) refreshes.push(response.status())
    })
    await enter('Sign up', 'bea@example.com')
    let n = 0
    await until(async () => {
      n += 1
      await write(`note ${n}`)
      return refreshes.length > 0
    })
    expect(refreshes).toEqual([200])
    expect(await page.locator('#notes li').count()).toBe(n)
  })

  it('shows at once that the session was ended elsewhere, and why', async () => {
    const { post } = asking(api)
    await enter('Sign up', 'cleo@example.com')
    await write('here')
    const json = { email: 'cleo@example.com', password: PASSWORD }
    const { jar: cookie } = await post('/auth/sign-in', { json })
    const ended = await post('/auth/sessions?scope=others', { method: 'DELETE', cookie })
    expect(ended.body).toEqual({ ended: 1 })
    await page.getByText('Your session was ended elsewhere.').waitFor()
    expect(await page.getByText('here', { exact: true }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Sign in', exact: true }).isVisible()).toBe(true)
  })

  it('learns of the end from what it asks, where nothing told it', async () => {
    await page.route('**/auth/session/events', (route) => route.abort())
    await enter('Sign up', 'dora@example.com')
    await write('here')
    const { post } = asking(api)
    const { jar: cookie } = await post('/auth/sign-in', { json: { email: 'dora@example.com', password: PASSWORD } })
    await post('/auth/sessions?scope=others', { method: 'DELETE', cookie })
    await page.getByLabel('A note').fill('too late')
    await press('Add')
    await page.getByText('Your session was ended elsewhere.').waitFor()
    expect(complaints.splice(0).every((one) => one.includes('ERR_FAILED'))).toBe(true)
  })

  it('signs nobody out while the API is away', async () => {
    await enter('Sign up', 'eve@example.com')
    await write('before')
    await page.route('**/api/notes', (route) => route.abort())
    await page.getByLabel('A note').fill('meanwhile')
    await press('Add')
    await page.getByText('The server does not answer.').waitFor()
    await page.unroute('**/api/notes')
    await press('Add')
    await page.getByText('meanwhile', { exact: true }).waitFor()
    expect(await note()).toBe('')
    complaints.splice(0)
  })

  it('is clean for eyes, ears and keyboards, and fits 320 px', async () => {
    const axe = await axeSource()
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.get().newContext({ colorScheme, bypassCSP: true })
      page = await context.newPage()
      await page.goto(site)
      expect(await complaintsOf(page, axe)).toEqual([])
      await enter('Sign up', `${colorScheme}@example.com`)
      await write('a note of some length, to be broken where there is not enough room for it on one line')
      expect(await complaintsOf(page, axe)).toEqual([])
      for (const width of [1280, 320]) {
        await page.setViewportSize({ width, height: 740 })
        expect([width, await sticking(page)]).toEqual([width, []])
      }
      await context.close()
    }
  })
})
