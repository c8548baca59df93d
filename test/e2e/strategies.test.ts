import { createServer } from 'node:http'
import type { BrowserContext, Page } from 'playwright-core'
import { afterEach, describe, expect, it } from 'vitest'
import { type Program, program, type Server } from '../cli/program.ts'
import { freePort } from '../server/free-port.ts'
import { browserOfFile, CHROMIUM } from './chromium.ts'

const EMAIL = 'ann@example.com'
const PASSWORD = 'a long enough passphrase'
/** The shortest life a token may have, and a little more than that and than half of it, milliseconds. */
const [LIFE, OVER, HALF_OVER] = ['10s', 10_300, 5300] as const

const browser = browserOfFile()
const contexts = new Set<BrowserContext>()
afterEach(async () => {
  for (const context of contexts) await context.close()
  contexts.clear()
})

/** A browser window of its own, with scripts off. `went` is every address of ours it asked for. */
async function opened(): Promise<{ page: Page; went: string[] }> {
  const context = await browser.get().newContext({ javaScriptEnabled: false })
  contexts.add(context)
  const page = await context.newPage()
  const went: string[] = []
  page.on('request', (request) => went.push(new URL(request.url()).pathname))
  return { page, went }
}

async function signUp(page: Page, { url }: Server): Promise<void> {
  await page.goto(`${url}/sign-up`)
  await page.getByLabel('E-mail address').fill(EMAIL)
  await page.getByLabel('Name').fill('Ann')
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign up' }).click()
  expect(await heading(page)).toBe('Ann')
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).innerText()

async function cookiesOf(page: Page): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries((await page.context().cookies()).map(({ name, value }) => [name, value]))
}

/** A second browser with a copy of everything the first one holds, as a thief would have it. */
async function copied(page: Page): Promise<Page> {
  const thief = await opened()
  await thief.page.context().addCookies(await page.context().cookies())
  return thief.page
}

/** A page of another site with one link. */
async function elsewhere(link: string): Promise<{ url: string; close(): void }> {
  const port = await freePort()
  const server = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html').end(`<!doctype html><a href="${link}">There</a>`)
  }).listen(port, '127.0.0.1')
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() }
}

const under = (strategy: 'hybrid' | 'jwt'): Program => {
  const config = { strategy, hybrid: { accessTtl: LIFE }, jwt: { ttl: LIFE } }
  return program({ 'sallyport.config.mjs': `export default ${JSON.stringify(config)}` })
}

describe.skipIf(!CHROMIUM)('in a real browser without scripts, under hybrid', () => {
  it('RT-10: goes on past the life of the access token by a detour, and shows the refresh token to that alone', async () => {
    const server = await under('hybrid').serve()
    const { page, went } = await opened()
    const withRefresh: string[] = []
    page.on('request', async (request) => {
      const { cookie = '' } = await request.allHeaders()
      if (/(?:^|; )rt=/.test(cookie)) withRefresh.push(new URL(request.url()).pathname)
    })
    await signUp(page, server)
    const first = await page.context().cookies()
    expect(first.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      expect.objectContaining({ name: 'at', path: '/', httpOnly: true, sameSite: 'Lax', expires: -1 }),
      expect.objectContaining({ name: 'rt', path: '/auth', httpOnly: true, sameSite: 'Lax', expires: -1 }),
    ])
    const before = await cookiesOf(page)

    await page.reload()
    expect([await heading(page), await cookiesOf(page)]).toEqual(['Ann', before])
    await page.waitForTimeout(OVER)
    went.length = 0
    await page.reload()
    expect([await heading(page), page.url()]).toEqual(['Ann', `${server.url}/`])
    expect(went).toEqual(['/', '/auth/continue', '/'])
    const after = await cookiesOf(page)
    // A refresh this soon after the sign-in counts as a repeat of it, and spends nothing (see src/rotation.ts).
    expect([after.at === before.at, after.rt === before.rt]).toEqual([false, true])
    expect(withRefresh).toEqual(['/auth/continue'])

    const thief = await copied(page)
    await thief.goto(server.url)
    expect(await heading(thief)).toBe('Ann')
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    expect(await page.getByRole('status').innerText()).toBe('You are signed out.')
    expect(await page.context().cookies()).toEqual([])
    await thief.reload()
    expect(await heading(thief)).toBe('Sign in')
    await thief.goto(`${server.url}/auth/continue`)
    expect(thief.url()).toContain('/auth/sign-in')
    expect(await heading(thief)).toBe('Sign in')
  })

  it('CS-06: another site that leads here after that makes nothing happen by itself', async () => {
    const server = await under('hybrid').serve()
    const { page, went } = await opened()
    await signUp(page, server)
    const before = await cookiesOf(page)
    await page.waitForTimeout(OVER)
    const site = await elsewhere(server.url)
    try {
      await page.goto(site.url)
      await page.getByRole('link').click()
      expect(await heading(page)).toBe('Sign in')
      expect(await cookiesOf(page)).toEqual(before)
      const note = page.getByRole('status')
      expect(await note.innerText()).toBe('You were signed in here. Continue')
      went.length = 0
      await note.getByRole('link').click()
      expect([await heading(page), page.url()]).toEqual(['Ann', `${server.url}/`])
      expect(went).toEqual(['/auth/continue', '/'])
    } finally {
      site.close()
    }
  })
})

describe.skipIf(!CHROMIUM)('in a real browser without scripts, under jwt', () => {
  it('TE-02: renews the token on the way; neither it nor the one before outlives the sign-out', async () => {
    const server = await under('jwt').serve()
    const { page, went } = await opened()
    await signUp(page, server)
    const before = await cookiesOf(page)
    expect(Object.keys(before)).toEqual(['at'])
    const earlier = await copied(page)

    const began = performance.now()
    while (performance.now() - began < OVER) {
      await page.waitForTimeout(HALF_OVER)
      went.length = 0
      await page.reload()
      expect([await heading(page), page.url()]).toEqual(['Ann', `${server.url}/`])
      expect(went).toEqual(['/'])
    }
    expect((await cookiesOf(page)).at).not.toBe(before.at)

    const latest = await copied(page)
    await latest.goto(server.url)
    expect(await heading(latest)).toBe('Ann')
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    expect(await page.getByRole('status').innerText()).toBe('You are signed out.')
    expect(await page.context().cookies()).toEqual([])
    for (const thief of [latest, earlier]) {
      await thief.goto(server.url)
      expect(await heading(thief)).toBe('Sign in')
    }
    await page.goBack()
    expect(await heading(page)).toBe('Sign in')
  })

  it('TO-01: is signed out when nothing happened for as long as the token lasts', async () => {
    const server = await under('jwt').serve()
    const { page } = await opened()
    await signUp(page, server)
    await page.waitForTimeout(OVER)
    await page.reload()
    expect(await heading(page)).toBe('Sign in')
    expect(await page.getByRole('alert').innerText()).toContain('nothing happened for a while')
  })
})
