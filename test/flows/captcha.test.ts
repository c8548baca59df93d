import { afterEach, describe, expect, it } from 'vitest'
import type { CaptchaOptions } from '../../src/checks.ts'
import { type House, house, must, PASSWORD } from '../support/house.ts'

let open: House | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

type Asked = { readonly token: string; readonly action: string; readonly source?: string | undefined }

async function begin(options: Partial<CaptchaOptions> = {}) {
  const asked: Asked[] = []
  open = await house({
    captcha: {
      async verify(token, about) {
        asked.push({ token, ...about })
        return token === 'solved'
      },
      ...options,
    },
    throttle: { free: 100 },
  })
  return { ...open, asked }
}

const codeOf = (result: { ok: boolean; refusal?: { code: string } }) => (result.ok ? 'ok' : result.refusal?.code)
const ANN = { email: 'ann@example.com', password: PASSWORD }

describe('captcha', () => {
  it('TH-02: sign-up asks always: none, an empty, a wrong and an endless token get one answer, a solved one goes on', async () => {
    const { auth, asked, events } = await begin()
    for (const captcha of [undefined, '', 'wrong', 'x'.repeat(100_000)]) {
      const given = captcha === undefined ? ANN : { ...ANN, captcha }
      expect(codeOf(await auth.signUp(given, { source: '192.0.2.1' }))).toBe('captcha_required')
    }
    must(await auth.signUp({ ...ANN, captcha: 'solved' }, { source: '192.0.2.1' }))
    expect(asked).toEqual(['wrong', 'solved'].map((token) => ({ token, action: 'sign-up', source: '192.0.2.1' })))
    expect(events.filter(({ type }) => type === 'captcha.refused').map(({ reason }) => reason)).toEqual([
      'missing',
      'missing',
      'wrong',
      'missing',
    ])
    expect(JSON.stringify(events)).not.toMatch(/solved|"wrong"[^}]*token/)
  })

  it('TH-02 TH-08: sign-in asks after failures, alike for addresses that nobody has, and no password is checked until then', async () => {
    const { auth } = await begin({ when: { signUp: 'never', signIn: { failures: 3 } } })
    must(await auth.signUp(ANN))
    for (const email of ['ann@example.com', 'nobody@example.com']) {
      const wrong = { email, password: 'quite another passphrase' }
      for (let i = 0; i < 3; i++) expect(codeOf(await auth.signIn(wrong))).toBe('invalid_credentials')
      expect(codeOf(await auth.signIn(wrong))).toBe('captcha_required')
      expect(codeOf(await auth.signIn({ ...wrong, captcha: 'solved' }))).toBe('invalid_credentials')
    }
    expect(codeOf(await auth.signIn(ANN))).toBe('captcha_required')
    must(await auth.signIn({ ...ANN, captcha: 'solved' }))
    must(await auth.signIn(ANN))
  })

  it('TH-05: a source that tries many accounts is asked too', async () => {
    const { auth } = await begin({ when: { signUp: 'never', signIn: { failures: 50, fromSource: 4 } } })
    const from = (source: string, i: number) =>
      auth.signIn({ email: `person-${i}@example.com`, password: 'quite another passphrase' }, { source })
    for (let i = 0; i < 4; i++) expect(codeOf(await from('192.0.2.1', i))).toBe('invalid_credentials')
    expect(codeOf(await from('192.0.2.1', 5))).toBe('captcha_required')
    expect(codeOf(await from('192.0.2.2', 6))).toBe('invalid_credentials')
  })

  it('being asked counts as no guess', async () => {
    const { auth } = await begin({ when: { signUp: 'never', signIn: 'always' } })
    for (let i = 0; i < 120; i++) expect(codeOf(await auth.signIn(ANN))).toBe('captcha_required')
    must(await auth.signUp(ANN))
    must(await auth.signIn({ ...ANN, captcha: 'solved' }))
  })

  it('ER-02: whoever verifies may fail, throw or hang: refused by default, passed over where that is configured', async () => {
    const failing: CaptchaOptions['verify'][] = [
      () => Promise.reject(new Error('down')),
      () => {
        throw new Error('at once')
      },
      () => new Promise(() => {}),
    ]
    for (const verify of failing) {
      for (const [onFault, expected] of [
        ['refuse', 'unavailable'],
        ['allow', 'ok'],
      ] as const) {
        const { auth, events, patiently, close } = await begin({ verify, onFault })
        expect(codeOf(await patiently(auth.signUp({ ...ANN, captcha: 'solved' })))).toBe(expected)
        expect(events.filter(({ type }) => type === 'captcha.unchecked')).toMatchObject([
          { severity: 'warning', reason: onFault },
        ])
        await close()
      }
    }
  })

  it('what is no plain true is no solved task', async () => {
    const { auth } = await begin({ verify: async () => 'yes' as unknown as boolean })
    expect(codeOf(await auth.signUp({ ...ANN, captcha: 'solved' }))).toBe('captcha_required')
  })

  it('pages are told when they have to ask, and by what', async () => {
    const widget = { siteKey: 'k', script: 's', className: 'c', field: 'f', origins: [] }
    const { auth } = await begin({ widget, when: { signIn: 'always' } })
    expect(auth.setting.captcha).toEqual({ widget, signUp: 'always', signIn: 'always', forgot: 'always' })
    await open?.close()
    open = await house()
    expect(open.auth.setting.captcha).toBe(null)
  })

  it('says what to write instead', async () => {
    for (const [captcha, message] of [
      [{}, /captcha.verify is missing/],
      [{ verify: async () => true, onFault: 'maybe' }, /captcha.onFault is 'maybe'/],
      [{ verify: async () => true, when: { signUp: { failures: 3 } } }, /captcha.when.signUp/],
      [{ verify: async () => true, when: { signIn: { failures: 0 } } }, /captcha.when.signIn/],
      [{ verify: async () => true, when: { signIn: 'often' } }, /captcha.when.signIn is "often"/],
    ] as const) {
      await expect(house({ captcha: captcha as never })).rejects.toThrow(message)
    }
  })
})
