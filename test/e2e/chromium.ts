import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { service } from '../support/services.ts'

/** Where Chromium is, or null: `describe.skipIf(!CHROMIUM)`. */
export const CHROMIUM = service('chromium')

const ARGUMENTS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
]

/** One browser for the tests of a file. */
export function browserOfFile(): { get(): Browser } {
  let browser: Browser | null = null
  beforeAll(async () => {
    if (CHROMIUM) browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS })
  }, 60_000)
  afterAll(() => browser?.close())
  return {
    get() {
      if (!browser) throw new Error('the browser has not been started')
      return browser
    },
  }
}
