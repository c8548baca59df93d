import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { chromium, type Page } from 'playwright-core'
import { AGENTS, settled } from './screenshots/cast.ts'
import { SCENES } from './screenshots/scenes.ts'
import { stage } from './screenshots/stage.ts'

const HELP = `npm run screenshots -- [options]

Every hosted page at three widths, light and dark. Names, times and devices are the same each time, so a file changes when the page
does, or the browser or fonts of this machine. Needs Chromium (CHROMIUM_PATH).

  --to <folder>   docs/screenshots
  --lang <tag>    the language of the pages: en
  --only <name>   one scene
  --png           PNG, which is ten times as large as WebP
  -h, --help      print this help`

const WIDTHS = [360, 768, 1440] as const
const SCHEMES = ['light', 'dark'] as const

const { values } = parseArgs({
  options: {
    to: { type: 'string', default: 'docs/screenshots' },
    lang: { type: 'string', default: 'en' },
    only: { type: 'string' },
    png: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h' },
  },
})
if (values.help) {
  console.log(HELP)
  process.exit()
}

/** Whether nobody would see a difference: edges come out a shade different from time to time. */
function isSame(before: string, after: string): Promise<boolean> {
  return beside.evaluate(
    async (images) => {
      const [a, b] = await Promise.all(
        images.map(async (data) => {
          const image = await createImageBitmap(await (await fetch(`data:image/webp;base64,${data}`)).blob())
          const canvas = new OffscreenCanvas(image.width, image.height)
          const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
          context.drawImage(image, 0, 0)
          return context.getImageData(0, 0, image.width, image.height)
        }),
      )
      if (!a || !b || a.width !== b.width || a.height !== b.height) return false
      return a.data.filter((value, at) => Math.abs(value - (b.data[at] ?? 0)) > 40).length < 200
    },
    [before, after],
  )
}

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
  const before = await readFile(`${path}.webp`, 'base64').catch(() => null)
  if (before === null || !(await isSame(before, data))) await writeFile(`${path}.webp`, Buffer.from(data, 'base64'))
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
/** Where pictures are compared. */
const beside = await browser.newPage()
const set = await stage('session')
try {
  await settled(set)
  const context = await browser.newContext({ userAgent: AGENTS.mac, locale: values.lang, reducedMotion: 'reduce' })
  const page = await context.newPage()
  for (const { name, play } of SCENES) {
    await play(page, set)
    if (values.only !== undefined && !name.includes(values.only)) continue
    // A caret that blinks would be in every other picture.
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet()
      sheet.replaceSync('* { caret-color: transparent !important; transition: none !important; }')
      document.adoptedStyleSheets = [sheet]
    })
    for (const scheme of SCHEMES) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: width === 360 ? 740 : 900 })
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
        await shot(page, `${values.to}/${name}-${width}-${scheme}`)
      }
    }
  }
} finally {
  await browser.close()
  await set.close()
}
