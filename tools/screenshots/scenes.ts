import type { Page } from 'playwright-core'
import { MIRA } from './cast.ts'
import type { Stage } from './stage.ts'

/** One page as somebody comes to see it. A scene begins where the one before it left off. */
export type Scene = { readonly name: string; readonly play: (page: Page, stage: Stage) => Promise<void> }

const NEW = 'nine loud magpies at dawn'

/** The fields of a form by their names, whatever the language. */
async function write(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.locator(`main input[name="${name}"]`).fill(value)
}

/** The button of a form in the page, by what it does; the only one without a word. */
async function press(page: Page, word?: string): Promise<void> {
  const button = page.locator(word === undefined ? 'main form button' : `main button[value="${word}"]`)
  await button.first().click()
}

async function signIn(page: Page, { url }: Stage, path = '/sign-in'): Promise<void> {
  await page.goto(url + path)
  await write(page, { email: MIRA.email, password: MIRA.password })
  await press(page)
}

/** Every page there is. They want Mira `settled`. */
export const SCENES: readonly Scene[] = [
  {
    name: 'sign-in',
    play: async (page, { url }) => void (await page.goto(`${url}/sign-in`)),
  },
  {
    name: 'sign-in-failed',
    async play(page, { url }) {
      await page.goto(`${url}/sign-in`)
      await write(page, { email: MIRA.email, password: 'seven quiet herons at dawn' })
      await press(page)
    },
  },
  {
    name: 'sign-up',
    play: async (page, { url }) => void (await page.goto(`${url}/sign-up`)),
  },
  {
    name: 'sign-up-failed',
    async play(page) {
      await write(page, { email: 'theo@example', name: 'Theo', password: 'short' })
      await press(page)
    },
  },
  {
    name: 'home',
    play: (page, stage) => signIn(page, stage),
  },
  {
    name: 'account',
    play: async (page, { url }) => void (await page.goto(`${url}/account`)),
  },
  {
    name: 'account-ended',
    play: async (page) => void (await page.locator('summary').click()),
  },
  {
    name: 'account-failed',
    async play(page) {
      await write(page, { currentPassword: 'not the one', newPassword: NEW })
      await press(page, 'password')
    },
  },
  {
    name: 'account-strange',
    async play(page, { url }) {
      await page.goto(`${url}/account`)
      await page.locator('main button[value="strange"]').last().click()
    },
  },
  {
    name: 'confirm',
    async play(page, { url, clock }) {
      clock.step(11 * 60_000)
      await page.goto(`${url}/account`)
      await press(page, 'end-others')
    },
  },
  {
    name: 'remove',
    async play(page, { url }) {
      await page.goto(`${url}/account`)
      await press(page, 'remove')
    },
  },
  {
    name: 'expired',
    async play(page, { url, clock }) {
      clock.step(31 * 60_000)
      await page.goto(`${url}/expired?return=/billing`)
    },
  },
  {
    name: 'new-password',
    async play(page, stage) {
      const user = await stage.auth.users.findByEmail(MIRA.email)
      await stage.auth.users.requirePasswordChange(user?.id ?? '')
      await page.context().clearCookies({ name: 'sid' })
      await signIn(page, stage)
    },
  },
  {
    name: 'forgot',
    play: async (page, { url }) => void (await page.goto(`${url}/forgot`)),
  },
  {
    name: 'forgot-sent',
    async play(page) {
      await write(page, { email: MIRA.email })
      await press(page)
    },
  },
  {
    name: 'reset',
    async play(page, { url, token }) {
      await page.goto(`${url}/reset?token=${await token('reset', MIRA.email)}`)
    },
  },
  {
    name: 'link-used',
    async play(page, { url }) {
      await page.goto(`${url}/reset?token=${'A'.repeat(43)}`)
      await write(page, { newPassword: NEW })
      await press(page)
    },
  },
  {
    name: 'verify',
    play: async (page, { url }) => void (await page.goto(`${url}/verify?token=${'A'.repeat(43)}`)),
  },
  {
    name: 'objection',
    play: async (page, { url }) => void (await page.goto(`${url}/object?token=${'A'.repeat(43)}`)),
  },
  {
    name: 'setup',
    async play(page, { url, auth }) {
      await page.goto(`${url}/setup?token=${await auth.setup.invite()}`)
    },
  },
  {
    name: 'trouble',
    async play(page, { url }) {
      // A form of somebody else.
      await page.goto('about:blank')
      await page.setContent(`<form method="post" action="${url}/sign-in"><main><button>Win</button></main></form>`)
      await page.locator('button').click()
    },
  },
]
