import { afterEach, expect, it } from 'vitest'
import type { CaptchaOptions } from '../../src/checks.ts'
import { PASSWORD } from '../support/house.ts'
import { type Pages, site } from './visitor.ts'

const ORIGIN = 'https://tasks.example'
const captcha: CaptchaOptions = {
  verify: async (token) => token === 'solved',
  when: { signIn: { failures: 1 } },
  widget: {
    siteKey: 'key"1',
    script: `${ORIGIN}/api.js`,
    className: 'task',
    field: 'task-response',
    origins: [ORIGIN],
  },
}
const ANN = { email: 'ann@example.com', password: PASSWORD }

let open: Pages | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

it('CS-09: a form that asks for a task loads what shows it, and no other page loads anything', async () => {
  open = await site({ captcha, mailer: { send: async () => {} } })
  const bea = open.visitor()
  for (const path of ['/sign-up', '/forgot']) {
    const { text, headers } = await bea.get(path)
    expect(text).toContain('<div class="task" data-sitekey="key&quot;1">')
    expect(text).toContain(`<script src="${ORIGIN}/api.js" async defer></script>`)
    expect(headers.get('content-security-policy')).toContain(
      `script-src ${ORIGIN}; frame-src ${ORIGIN}; connect-src ${ORIGIN};`,
    )
  }
  const plain = await bea.get('/sign-in')
  expect(plain.headers.get('content-security-policy')).not.toContain('script-src')
  expect(plain.text).not.toContain('<script')
})

it('TH-02: what was solved goes along; sign-in asks once there were failures', async () => {
  open = await site({ captcha })
  const bea = open.visitor()
  const without = await bea.post('/sign-up', ANN)
  expect([without.status, without.text.includes('Show that you are not a program')]).toEqual([403, true])
  expect((await bea.post('/sign-up', { ...ANN, 'task-response': 'solved' })).status).toBe(303)
  const cy = open.visitor()
  expect((await cy.post('/sign-in', { ...ANN, password: 'wrong' })).text).not.toContain('class="task"')
  const asked = await cy.post('/sign-in', ANN)
  expect([asked.status, asked.text.includes('class="task"')]).toEqual([403, true])
  expect((await cy.post('/sign-in', { ...ANN, 'task-response': 'solved' })).status).toBe(303)
})
