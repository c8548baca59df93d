import { mkdir, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { chromium, type Page } from 'playwright-core'
import { AGENTS, settled } from './screenshots/cast.ts'
import { SCENES } from './screenshots/scenes.ts'
import { stage } from './screenshots/stage.ts'

/*
 * `npm run screenshots`: every hosted page at three widths, light and dark, into docs/screenshots. Names, times and devices are
 * the same each time, so a file changes when the page does, or the browser or fonts of this machine.
 */

const WIDTHS = [360, 768, 1440] as const
const SCHEMES = ['light', 'dark'] as const

const { values } = parseArgs({
  options: {
    to: { type: 'string', default: 'docs/screenshots' },
    lang: { type: 'string', default: 'en' },
    only: { type: 'string' },
    png: { type: 'boolean', default: false },
  },
})

/** The whole page. WebP is a tenth of what PNG takes. */
async function shot(page: Page, path: string): Promise<void> {
  if (values.png) {
    await page.screenshot({ path: `${path}.png`, fullPage: true, animations: 'disabled' })
    return
  }
  const { height, width } = await page.evaluate(() => ({
    width: document.documentElement.clientWidth,
    height: document.documentElement.scrollHeight,
  }))
  const session = await page.context().newCDPSession(page)
  const { data } = await session.send('Page.captureScreenshot', {
    ...{ format: 'webp', quality: 74, captureBeyondViewport: true },
    clip: { x: 0, y: 0, width, height, scale: 1 },
  })
  await session.detach()
  await writeFile(`${path}.webp`, Buffer.from(data, 'base64'))
}

await mkdir(values.to, { recursive: true })
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--force-color-profile=srgb',
    '--font-render-hinting=none',
    '--hide-scrollbars',
  ],
})
const set = await stage('session')
try {
  await settled(set)
  const context = await browser.newContext({ userAgent: AGENTS.mac, locale: values.lang, reducedMotion: 'reduce' })
  const page = await context.newPage()
  for (const { name, play } of SCENES) {
    await play(page, set)
    if (values.only !== undefined && !name.includes(values.only)) continue
    // A caret that blinks would be in every other picture.
    await page.evaluate(() => document.documentElement.style.setProperty('caret-color', 'transparent'))
    for (const scheme of SCHEMES) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: width === 360 ? 740 : 900 })
        await shot(page, `${values.to}/${name}-${width}-${scheme}`)
      }
    }
  }
} finally {
  await browser.close()
  await set.close()
}
