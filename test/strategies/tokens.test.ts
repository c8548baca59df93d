import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { generateKey } from '../../src/crypto.ts'
import { role } from '../../src/guard.ts'
import type { ContextHook, StrategyFactory } from '../../src/options.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { BASE, type House, must, PASSWORD } from '../support/house.ts'
import { headerOf, jws, material, NOW, part, read, signatureOf, twin, withSignature } from '../support/signed.ts'
import { bearer, begin, codeOf, entered, headers, inCookie, key, spied, stranger, tokenIn } from './installation.ts'

const DAY = 86_400
const STRATEGIES: readonly (readonly [string, () => StrategyFactory])[] = [
  ['jwt', () => jwt()],
  ['hybrid', () => hybrid()],
]

describe.each(STRATEGIES)('%s: tokens that were not signed here', (_, strategy) => {
  it('JW-01: nothing of one reaches a store, a hook, a listener, the log or the answer', async () => {
    const { store, asked } = spied(memory())
    const told: unknown[] = []
    const tell = (...given: unknown[]) => void told.push(given)
    const log = { info: tell, warn: tell, error: tell }
    const onContextChange: ContextHook = (change) => {
      tell(change)
      return 'allow'
    }
    const one = await begin(strategy(), { store, log, onContextChange })
    const { payload, signedIn, carrier } = await entered(one, 'ada')
    const marked = {
      ...{ sub: 'marked-sub', sid: 'marked-sid', jti: 'marked-jti', client_id: 'marked-client' },
      ...{ roles: ['marked-role'], epo: 'marked-epoch', amr: ['marked-amr'] },
    }
    // Also one that names a session there is.
    const forged = [marked, { ...marked, sid: signedIn.session.id, sub: signedIn.user.id }].map((claims) =>
      jws(stranger, headerOf(key, { 'marked-member': 'marked-value' }), { ...payload, ...claims }),
    )
    asked.length = 0
    one.events.length = 0
    const answers: unknown[] = []
    for (const token of forged) {
      for (const evil of [bearer(token), inCookie(token)]) {
        answers.push(await one.auth.authenticate(evil, { source: '192.0.2.1', userAgent: 'Firefox' }))
        answers.push(await one.auth.authenticate(evil, { renewing: true }))
        expect(await one.auth.namedSession(evil)).toBeNull()
        await one.auth.signOut(evil)
      }
    }
    await one.clock.advance(2000)
    for (const answer of answers) {
      expect(answer).toEqual({ ok: false, refusal: { code: 'unauthenticated', presented: true } })
    }
    const said = [asked.join('\n'), inspect(told, { depth: 9 }), JSON.stringify(one.events)].join('\n')
    expect(said).not.toMatch(/marked/)
    expect(said).not.toContain(signedIn.session.id)
    expect(asked.filter((call) => /^(sessions|users|denials)\.(find|end)/.test(call))).toEqual([])
    const events = one.events.filter(({ type }) => type === 'token.forged')
    expect(events.length).toBeGreaterThan(0)
    for (const event of events)
      expect(event).toMatchObject({ subject: null, session: null, reason: 'signature', data: {} })
    expect(await codeOf(one.auth, carrier)).toBe('in')
  })

  it('JW-02, JW-03: by no algorithm but the key’s', async () => {
    const one = await begin(strategy())
    const { payload, token, resigned } = await entered(one, 'ada')
    expect(await codeOf(one.auth, bearer(resigned({ jti: 'another' })))).toBe('in')
    for (const alg of ['none', 'None', 'nOnE', 'none ', '', 'HS256', 'ES256', 'eddsa', null, ['EdDSA'], undefined]) {
      const input = `${part(headerOf(key, { alg }))}.${part(payload)}`
      for (const text of [`${input}.`, input, `${input}.${tokenIn(token).split('.')[2]}`, resigned({}, { alg })]) {
        expect(await codeOf(one.auth, bearer(text)), `${alg}`).toBe('unauthenticated')
        expect(await codeOf(one.auth, inCookie(text)), `${alg}`).toBe('unauthenticated')
      }
    }
  })

  it('JW-04, JW-05: by no key but one that is here, under its name; nothing is fetched or looked up', async () => {
    const network = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('nobody asks'))
    const { store, asked } = spied(memory())
    const one = await begin(strategy(), { store })
    const { resigned } = await entered(one, 'ada')
    asked.length = 0
    const hostile = ['../../etc/passwd', "' OR 1=1 --", '$(id)', '', 'k'.repeat(10_000), 1, {}, null]
    for (const kid of hostile) expect(await codeOf(one.auth, bearer(resigned({}, { kid })))).toBe('unauthenticated')
    for (const name of ['jwk', 'jku', 'x5u', 'x5c', 'x5t']) {
      expect(await codeOf(one.auth, bearer(resigned({}, { [name]: 'https://evil.example' })))).toBe('unauthenticated')
    }
    expect(asked.filter((call) => !call.startsWith('audit'))).toEqual([])
    expect(network).not.toHaveBeenCalled()
    expect(await codeOf(one.auth, bearer(resigned({}, { kid: '__proto__' })))).toBe('unauthenticated')
  })

  it('JW-07, JW-08, JW-18: under no header and with no claims that two could read differently', async () => {
    const one = await begin(strategy())
    const { payload, resigned } = await entered(one, 'ada')
    const text = JSON.stringify({ ...payload, jti: 'another' })
    const head = JSON.stringify(headerOf(key))
    const admit = (header: string, body: string | Buffer) => codeOf(one.auth, bearer(jws(key, header, body)))
    expect(await admit(head, text)).toBe('in')
    expect(await admit(head, text.replace('{', '{"roles":["admin"],'))).toBe('unauthenticated')
    expect(await admit(head, text.replace(/\}$/, ',"\\u0072oles":["admin"]}'))).toBe('unauthenticated')
    expect(await admit(head.replace('{', '{"alg":"none",'), text)).toBe('unauthenticated')
    expect(await admit(head, `\ufeff${text}`)).toBe('unauthenticated')
    expect(await admit(head, `[${text}]`)).toBe('unauthenticated')
    expect(await admit(head, `${text}x`)).toBe('unauthenticated')
    expect(await admit(head, Buffer.from(text, 'utf16le'))).toBe('unauthenticated')
    for (const crit of [['x'], [], ['b64'], 'x']) {
      expect(await codeOf(one.auth, bearer(resigned({}, { crit })))).toBe('unauthenticated')
    }
    expect(await codeOf(one.auth, bearer(resigned({}, { b64: false })))).toBe('unauthenticated')
  })

  it('JW-12, JW-13: for no one else, and of no one else', async () => {
    const one = await begin(strategy())
    const { resigned } = await entered(one, 'ada')
    for (const aud of [undefined, [], 'https://other.example', `${BASE}/`, BASE.toUpperCase(), [[BASE]], {}]) {
      expect(await codeOf(one.auth, bearer(resigned({ aud })))).toBe('unauthenticated')
    }
    for (const iss of [undefined, [BASE], `${BASE}/`, 'https://other.example']) {
      expect(await codeOf(one.auth, bearer(resigned({ iss })))).toBe('unauthenticated')
    }
    const elsewhere = await begin(strategy(), { baseUrl: 'https://other.example' })
    const other = await entered(elsewhere, 'bea')
    expect(await codeOf(one.auth, bearer(other.token))).toBe('unauthenticated')
    expect(await codeOf(elsewhere.auth, bearer(other.token))).toBe('in')
  })

  it('JW-22: claims reach no prototype, and roles are the user’s', async () => {
    const one = await begin(strategy())
    const { payload, resigned } = await entered(one, 'ada')
    const text = JSON.stringify({ ...payload, jti: 'another' })
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      const polluting = text.replace('{', `{"${name}":{"admin":true,"roles":["admin"],"prototype":{"admin":true}},`)
      const found = await one.auth.authenticate(bearer(jws(key, JSON.stringify(headerOf(key)), polluting)))
      if (found.ok) expect(found.value.user.roles).toEqual(['member'])
      expect(({} as Record<string, unknown>).admin).toBeUndefined()
      expect(Object.hasOwn(Object.prototype, 'roles')).toBe(false)
    }
    const who = must(await one.auth.authenticate(bearer(resigned({ roles: ['admin'] }))))
    expect(one.auth.guard(who, [role('admin')])).toMatchObject({ ok: false, refusal: { code: 'forbidden' } })
  })
})

describe.each(STRATEGIES)('%s: the time of a token', (name, strategy) => {
  const life = name === 'jwt' ? 900_000 : 300_000
  const over = name === 'jwt' ? 'session_expired_idle' : 'token_stale'
  /** Time passes, and the lease is renewed in the last of it. */
  const pass = async (one: House, ms: number) => {
    one.clock.step(ms - 3000)
    await one.clock.advance(3000)
  }

  it('JW-09: is over at the instant of its expiry, and there is no token without one', async () => {
    const one = await begin(strategy())
    const { carrier, resigned } = await entered(one, 'ada')
    for (const exp of [undefined, 0, -1, '1900000000', null, (NOW + life) * 1000, NOW / 1000]) {
      expect(await codeOf(one.auth, bearer(resigned({ exp })))).toBe('unauthenticated')
    }
    await pass(one, life - 1)
    expect(await codeOf(one.auth, carrier)).toBe('in')
    one.clock.step(1)
    expect(await codeOf(one.auth, carrier)).toBe(over)
  })

  it('JW-10: is not from the future, and lasts no longer than the policy whatever it says', async () => {
    const one = await begin(strategy())
    const { resigned } = await entered(one, 'ada')
    const seconds = NOW / 1000
    for (const claims of [
      { iat: seconds + DAY, exp: seconds + 2 * DAY },
      { nbf: seconds + DAY },
      { nbf: 'x' },
      { iat: null },
    ]) {
      expect(await codeOf(one.auth, bearer(resigned(claims)))).toBe('unauthenticated')
    }
    expect(await codeOf(one.auth, bearer(resigned({ iat: seconds + 300, exp: seconds + 300 })))).toBe('unauthenticated')
    expect(await codeOf(one.auth, bearer(resigned({ iat: seconds + 30 })))).toBe('in')
    expect(await codeOf(one.auth, bearer(resigned({ iat: seconds + 31 })))).toBe('unauthenticated')
    const endless = bearer(resigned({ exp: seconds + 3650 * DAY }))
    expect(await codeOf(one.auth, endless)).toBe('in')
    await pass(one, 30 * 60_000)
    expect(await codeOf(one.auth, endless)).toBe('session_expired_idle')
  })

  it('JW-11: with leeway is longer by exactly that, and no leeway is longer than a minute', async () => {
    const one = await begin(strategy(), { keys: { import: [material(key)], leeway: '60s' } })
    const { carrier } = await entered(one, 'ada')
    await pass(one, life + 59_000)
    expect(await codeOf(one.auth, carrier)).toBe('in')
    await pass(one, 3000)
    expect(await codeOf(one.auth, carrier)).toBe(over)
    await expect(begin(strategy(), { keys: { leeway: '61s' } })).rejects.toThrow(/^keys\.leeway is 61000 ms/)
  })
})

describe.each(STRATEGIES)('%s: what a token is', (_, strategy) => {
  it('JW-15, JW-16: has the claims of the profile and nobody’s address or name', async () => {
    const one = await begin(strategy())
    const given = {
      email: 'grace.hopper@example.com',
      name: 'Grace Hopper',
      password: PASSWORD,
      transport: 'bearer',
    } as const
    const context = { source: '192.0.2.9', userAgent: 'Mozilla/5.0 Firefox/130.0' }
    const signedIn = must(await one.auth.signUp(given, context))
    const token = signedIn.carried.tokens?.accessToken as string
    const { header, payload } = read(token)
    expect(header).toEqual({ typ: 'at+jwt', alg: 'EdDSA', kid: key.kid })
    const seconds = NOW / 1000
    expect(payload).toMatchObject({ iss: BASE, aud: BASE, sub: signedIn.user.id, client_id: 'app.example' })
    expect(payload).toMatchObject({ iat: seconds, auth_time: seconds, amr: ['pwd'], roles: ['member'] })
    expect(payload).toMatchObject({
      sid: signedIn.session.id,
      exp: seconds + (signedIn.carried.tokens?.expiresIn ?? 0),
    })
    expect(payload.jti).toMatch(/^[\w-]{22}$/)
    const text = JSON.stringify([header, payload])
    for (const personal of [/grace/i, /hopper/i, /@/, /192\.0/, /firefox/i, /mozilla/i])
      expect(text).not.toMatch(personal)
  })

  it.each(['EdDSA', 'ES256'] as const)('TE-09: ends with its session in every spelling: %s', async (alg) => {
    const own = alg === 'EdDSA' ? key : await generateKey(alg)
    const one = await begin(strategy(), {}, own)
    const { token, carrier, resigned } = await entered(one, 'ada', own)
    const again = alg === 'ES256' ? withSignature(token, twin(signatureOf(token))) : resigned({ jti: 'another' })
    expect(again).not.toBe(token)
    for (const text of [token, again]) expect(await codeOf(one.auth, bearer(text))).toBe('in')
    await one.patiently(one.auth.signOut(alg === 'ES256' ? bearer(again) : carrier))
    expect(await codeOf(one.auth, bearer(token))).toBe('signed_out')
    expect(await codeOf(one.auth, bearer(again))).toBe('signed_out')
    expect(await codeOf(one.auth, bearer(resigned({ jti: 'a-third' })))).toBe('signed_out')
    for (const text of [
      `${token}=`,
      `${token}==`,
      `${token}.`,
      token.slice(0, -1),
      `${token} `,
      token.replace('.', '%2E'),
    ]) {
      for (const spelt of [bearer(text), inCookie(text), headers({ authorization: `bearer  ${text}` })]) {
        expect(await codeOf(one.auth, spelt)).not.toBe('in')
      }
    }
  })

  it('JW-23: one credential a request, from its header or else its cookie, and from nowhere else', async () => {
    const one = await begin(strategy())
    const [ada, bob] = [await entered(one, 'ada'), await entered(one, 'bob')]
    const by = async (given: Readonly<Record<string, string>>) => {
      const found = await one.auth.authenticate(headers(given))
      return found.ok ? found.value.user.email : found.refusal.code
    }
    const [a, b] = [ada.token, bob.token]
    for (const good of [`Bearer ${a}`, `bearer ${a}`, `BEARER ${a}`, `BeArEr  ${a}`, `Bearer     ${a}`]) {
      expect(await by({ authorization: good }), good.slice(0, 12)).toBe('ada@example.com')
      // The header alone counts, whatever the cookie is.
      expect(await by({ authorization: good, cookie: bob.cookie })).toBe('ada@example.com')
    }
    const bad = [
      `Bearer ${a}, Bearer ${a}`,
      `Bearer ${a}, Bearer ${b}`,
      `Bearer ${a},${b}`,
      `Bearer ${a} ${b}`,
      `Bearer ${a} `,
    ]
    bad.push(
      ` Bearer ${a}`,
      `Bearer\t${a}`,
      `Bearer${a}`,
      `Basic ${a}`,
      `DPoP ${a}`,
      a,
      '',
      'Bearer',
      'Bearer ',
      `Bearer "${a}"`,
      `Bearer token=${a}`,
    )
    for (const authorization of bad) {
      expect(await by({ authorization }), authorization.slice(0, 12)).toBe('unauthenticated')
      expect(await by({ authorization, cookie: ada.cookie }), 'no way back to the cookie').toBe('unauthenticated')
    }
    expect(await by({ cookie: `${ada.cookie}; ${bob.cookie}` })).toBe('unauthenticated')
    expect(await by({ cookie: ada.cookie })).toBe('ada@example.com')
    const ask = (path: string, given: Record<string, string>) =>
      one.auth.handler(new Request(`${BASE}/auth/user${path}`, { headers: given }))
    expect((await ask('', { authorization: `Bearer ${a}` })).status).toBe(200)
    for (const name of ['access_token', 'token', 'authorization', '__Host-at', 'bearer_token']) {
      expect((await ask(`?${name}=${a}`, {})).status, name).toBe(401)
    }
    expect((await ask(`?access_token=${a}`, { authorization: 'Bearer nonsense' })).status).toBe(401)
  })
})
