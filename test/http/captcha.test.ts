import { afterEach, expect, it } from 'vitest'
import { PASSWORD, type Site, site } from './site.ts'

let s: Site
afterEach(() => s.close())

it('TH-02: sign-up and sign-in ask for a solved task with 403, and take it in the body', async () => {
  s = await site({ captcha: { verify: async (token) => token === 'solved', when: { signIn: 'always' } } })
  const ann = { email: 'ann@example.com', password: PASSWORD }
  for (const [path, status] of [
    ['/auth/sign-up', 201],
    ['/auth/sign-in', 200],
  ] as const) {
    const asked = await s.post(path, ann)
    expect([asked.status, asked.code, asked.cookies]).toEqual([403, 'captcha_required', []])
    expect((await s.post(path, { ...ann, captcha: 'wrong' })).code).toBe('captcha_required')
    expect((await s.post(path, { ...ann, captcha: 'solved' })).status).toBe(status)
    expect((await s.post(path, { ...ann, captcha: ['solved'] })).status).toBe(400)
  }
})
