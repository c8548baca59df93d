import { describe, expect, it } from 'vitest'
import { haveIBeenPwned, hcaptcha, turnstile } from '../../src/providers.ts'
import { type Answering, receiver } from '../support/receiver.ts'

describe('haveIBeenPwned', () => {
  it('PW-07: sends the prefix, asks for padding, and nothing else', async () => {
    const there = await receiver(() => ({ status: 200, body: `${'A'.repeat(35)}:1` }))
    expect(await haveIBeenPwned({ url: `${there.url}/range/` })('ABCDE')).toBe(`${'A'.repeat(35)}:1`)
    expect(there.received).toMatchObject([
      { method: 'GET', path: '/range/ABCDE', body: '', headers: { 'add-padding': 'true', 'user-agent': 'sallyport' } },
    ])
  })

  it('PW-07: anything but a plain 200 is a fault, redirects too, and so is no answer', async () => {
    const elsewhere = await receiver(() => ({ status: 200, body: '' }))
    const answers: Answering[] = [
      { status: 500 },
      { status: 429 },
      { status: 302, headers: { location: elsewhere.url } },
      { status: 200, body: 'x'.repeat(200_001) },
    ]
    for (const answer of answers) {
      const there = await receiver(() => answer)
      await expect(haveIBeenPwned({ url: `${there.url}/` })('ABCDE')).rejects.toThrow()
    }
    expect(elsewhere.received).toEqual([])
    await elsewhere.stop()
    await expect(haveIBeenPwned({ url: `${elsewhere.url}/` })('ABCDE')).rejects.toThrow()
  })
})

describe.each([
  ['turnstile', turnstile],
  ['hcaptcha', hcaptcha],
])('%s', (_, adapter) => {
  const about = { action: 'sign-in', source: '192.0.2.1' } as const
  const asking = async (answer: Answering, hostnames?: readonly string[]) => {
    const there = await receiver(() => answer)
    const options = { siteKey: 'site', secret: 's&ecret', url: `${there.url}/siteverify` }
    return { there, captcha: adapter(hostnames ? { ...options, hostnames } : options) }
  }

  it('asks by a form, and takes the word of the service', async () => {
    const { there, captcha } = await asking({ status: 200, body: '{"success":true}' })
    expect(await captcha.verify('token+', about)).toBe(true)
    const [request] = there.received
    expect(request).toMatchObject({ method: 'POST', path: '/siteverify' })
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      secret: 's&ecret',
      response: 'token+',
      remoteip: '192.0.2.1',
    })
    expect(captcha.widget).toMatchObject({ siteKey: 'site', script: expect.stringMatching(/^https:/) })
    expect(JSON.stringify(captcha)).not.toContain('ecret"')
  })

  it('a token it does not take is wrong, also with 400; one too long is not sent', async () => {
    for (const status of [200, 400]) {
      const { captcha, there } = await asking({ status, body: '{"success":false,"error-codes":["x"]}' })
      expect(await captcha.verify('token', about)).toBe(false)
      expect(await captcha.verify('x'.repeat(5000), about)).toBe(false)
      expect(there.received).toHaveLength(1)
    }
  })

  it('a task that was solved on another host is wrong where hosts are named', async () => {
    const { captcha } = await asking({ status: 200, body: '{"success":true,"hostname":"evil.example"}' }, [
      'app.example',
    ])
    expect(await captcha.verify('token', about)).toBe(false)
    const own = await asking({ status: 200, body: '{"success":true,"hostname":"app.example"}' }, ['app.example'])
    expect(await own.captcha.verify('token', about)).toBe(true)
  })

  it('what is no answer of the service is a fault', async () => {
    const answers: Answering[] = [
      { status: 500 },
      { status: 200, body: 'null' },
      { status: 200, body: '{"success":"true"}' },
    ]
    for (const answer of [...answers, { status: 307, headers: { location: 'http://127.0.0.1:1' } }]) {
      const { captcha } = await asking(answer)
      await expect(captcha.verify('token', about)).rejects.toThrow()
    }
  })
})
