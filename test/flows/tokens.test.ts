import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../src/crypto.ts'
import { sqlite } from '../../src/sqlite.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { sessionToken } from '../../src/wire/token.ts'
import { cookieOf, type House, holding, house, must, PASSWORD, SECRET } from '../support/house.ts'

let reads = 0
let one: House
beforeEach(async () => {
  const real = memory()
  const spied = {
    ...real.sessions,
    find: (...given: Parameters<typeof real.sessions.find>) => {
      reads += 1
      return real.sessions.find(...given)
    },
  }
  one = await house({ store: { ...real, sessions: spied } })
  reads = 0
})
afterEach(() => one.close())

const codeOf = (result: Awaited<ReturnType<House['auth']['authenticate']>>) => (result.ok ? 'in' : result.refusal.code)

describe('session tokens', () => {
  it('SI-01 KM-09: 256 random secret bits, never twice, whatever Math.random does', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const id = 'A'.repeat(22) as never
    const seen = new Set<string>()
    const ones = new Array<number>(256).fill(0)
    const rounds = 20_000
    for (let n = 0; n < rounds; n++) {
      const token = sessionToken(id)
      expect(token).toHaveLength(64)
      seen.add(token)
      const secret = Buffer.from(token, 'base64url').subarray(16)
      for (let bit = 0; bit < 256; bit++) ones[bit] = (ones[bit] ?? 0) + (((secret[bit >> 3] ?? 0) >> (bit & 7)) & 1)
    }
    expect(seen.size).toBe(rounds)
    // Six standard deviations of a fair coin: about one false alarm in two million runs.
    const bound = 6 * Math.sqrt(rounds / 4)
    for (const count of ones) expect(Math.abs(count - rounds / 2)).toBeLessThan(bound)
  })

  it('SI-04: the public handle of a session opens nothing, as cookie or bearer', async () => {
    const { signedIn } = await one.enter('ann')
    const { id } = signedIn.session
    expect(codeOf(await one.auth.authenticate(holding({ cookie: `__Host-sid=${id}` })))).toBe('unauthenticated')
    expect(codeOf(await one.auth.authenticate(holding({ bearer: id })))).toBe('unauthenticated')
  })

  it('SI-06: malformed tokens are refused by their form, before any question to the store', async () => {
    const hostile = [
      '',
      'x',
      'A'.repeat(63),
      'A'.repeat(65),
      'A'.repeat(10_000),
      `${'A'.repeat(63)}\0`,
      `${'A'.repeat(63)}é`,
    ]
    hostile.push('__proto__', '{"$ne":1}', '../../etc/passwd', '[]', `${'A'.repeat(60)}%41%41`, `"${'A'.repeat(62)}"`)
    for (const value of hostile) {
      expect(codeOf(await one.auth.authenticate(holding({ cookie: `__Host-sid=${value}` })))).toBe('unauthenticated')
      expect(codeOf(await one.auth.authenticate(holding({ bearer: value })))).toBe('unauthenticated')
    }
    expect(reads).toBe(0)
  })

  it('CK-07: the cookie twice is a conflict in any order, before any question to the store, and an event', async () => {
    const { cookie } = await one.enter('bea')
    const evil = `__Host-sid=${'B'.repeat(64)}`
    for (const header of [`${cookie}; ${evil}`, `${evil}; ${cookie}`, `${cookie};${cookie}`]) {
      expect(codeOf(await one.auth.authenticate(holding({ cookie: header })))).toBe('unauthenticated')
    }
    expect(reads).toBe(0)
    expect(one.events.filter((event) => event.type === 'cookie.conflict')).toHaveLength(3)
  })

  it('CS-11: a bad Authorization header never falls back to the cookie', async () => {
    const { cookie } = await one.enter('cy')
    for (const authorization of ['', 'Basic abc', 'Bearer nonsense', 'Bearer a, Bearer b']) {
      const carrier = {
        get: (name: string) => (name === 'cookie' ? cookie : name === 'authorization' ? authorization : null),
      }
      expect(codeOf(await one.auth.authenticate(carrier))).toBe('unauthenticated')
    }
  })

  it('ER-04: an expired, ended, unknown or malformed token looks the same to who never held it', async () => {
    const { signedIn, carrier } = await one.enter('dee')
    await one.auth.signOut(carrier)
    const forged = sessionToken(signedIn.session.id)
    const strangers = await Promise.all([
      one.auth.authenticate(holding({ bearer: forged })),
      one.auth.authenticate(holding({ bearer: 'C'.repeat(64) })),
      one.auth.authenticate(holding({ bearer: 'short' })),
    ])
    for (const answer of strangers) {
      expect(answer).toEqual({ ok: false, refusal: { code: 'unauthenticated', presented: true } })
    }
    expect(codeOf(await one.auth.authenticate(carrier))).toBe('signed_out')
  })

  it('SI-07: a burst of unknown tokens is an event and a limit; sessions in memory, also of that source, go on', async () => {
    const { carrier } = await one.enter('eve')
    const source = '192.0.2.5'
    must(await one.auth.authenticate(carrier, { source }))
    const answers: string[] = []
    for (let n = 0; n < 300; n++) {
      const bearer = sessionToken(`${String(n).padStart(21, '0')}A` as never)
      answers.push(codeOf(await one.auth.authenticate(holding({ bearer }), { source })))
    }
    expect(answers.at(-1)).toBe('throttled')
    expect(reads).toBeLessThan(150)
    expect(one.events.filter((event) => event.type === 'token.guessing')).toHaveLength(1)
    expect(codeOf(await one.auth.authenticate(carrier, { source }))).toBe('in')
    const elsewhere = await one.enter('flo', { source: '198.51.100.1' })
    expect(codeOf(await one.auth.authenticate(elsewhere.carrier, { source: '198.51.100.1' }))).toBe('in')
    one.clock.suspend(60_000)
    expect(codeOf(await one.auth.authenticate(holding({ bearer: 'D'.repeat(64) }), { source }))).toBe('unauthenticated')
  })

  it('SL-05: five thousand interleaved requests of fifty users, each answered as its own', async () => {
    const first = await one.enter('user0')
    const carriers: { userId: string; carrier: typeof first.carrier }[] = []
    for (let n = 0; n < 50; n++) {
      const id = `${String(n).padStart(21, '0')}A` as typeof first.signedIn.session.id
      const userId = `u${n}`.padEnd(22, '-') as typeof first.signedIn.user.id
      const token = sessionToken(id)
      await one.store.users.create(
        { ...first.signedIn.user, id: userId, email: `n${n}@example.com` },
        `n${n}@example.com`,
      )
      const { session: opened } = first.signedIn
      const atStart = { previousDigest: null, counter: 0, rotatedAt: opened.createdAt, seenAt: null }
      const session = { ...opened, id, userId, digest: sha256(token), ...atStart }
      await one.store.sessions.start(session, null, one.clock.now())
      carriers.push({ userId, carrier: holding({ bearer: token }) })
    }
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 48271) % 2147483647
      return seed % below
    }
    const wrong: string[] = []
    await Promise.all(
      Array.from({ length: 5000 }, async () => {
        const { userId, carrier } = carriers[random(50)] as (typeof carriers)[number]
        for (let turns = random(8); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve))
        const who = must(await one.auth.authenticate(carrier))
        if (who.user.id !== userId || who.session.userId !== userId) wrong.push(userId)
      }),
    )
    expect(wrong).toEqual([])
  })
})

describe('what is at rest and what is said', () => {
  it('P6 SI-03 KM-08: a copy of the SQLite files has no token, password or secret in it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'at-rest-'))
    const made = await house({ store: sqlite(join(folder, 'auth.db')) })
    const { signedIn, cookie, carrier } = await made.enter('gus')
    const token = cookie.split('=')[1] as string
    const who = must(await made.auth.authenticate(carrier))
    const again = must(await made.auth.reauthenticate(who, PASSWORD))
    const bearer = must(await made.auth.signIn({ email: 'gus@example.com', password: PASSWORD, transport: 'bearer' }))
    if (bearer.status !== 'signed_in') throw new Error(bearer.status)
    await made.close()
    const files = readdirSync(folder)
    expect(files.length).toBeGreaterThan(0)
    const dump = Buffer.concat(files.map((file) => readFileSync(join(folder, file)))).toString('latin1')
    expect(dump).toContain(signedIn.session.id)
    const secrets = [
      token,
      cookieOf(again).split('=')[1],
      bearer.carried.tokens?.accessToken,
      PASSWORD,
      SECRET,
    ] as string[]
    for (const secret of secrets) {
      const raw = Buffer.from(secret, 'base64url').subarray(16).toString('latin1')
      for (const form of [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex'), raw]) {
        if (form.length >= 8) expect(dump.includes(form)).toBe(false)
      }
    }
    rmSync(folder, { recursive: true })
  })

  it('LG-03 KM-08: no secret in any event, refusal, result or inspection of a whole life', async () => {
    const { carrier, cookie, signedIn } = await one.enter('hal', { source: '192.0.2.1', requestId: 'r1' })
    const who = must(await one.auth.authenticate(carrier, { source: '192.0.2.1' }))
    const refusals: unknown[] = [await one.auth.reauthenticate(who, 'wrong wrong wrong wrong')]
    const again = must(await one.auth.reauthenticate(who, PASSWORD))
    refusals.push(await one.auth.authenticate(carrier))
    must(
      await one.auth.changePassword(must(await one.auth.authenticate(holding({ cookie: cookieOf(again) }))), {
        currentPassword: PASSWORD,
        newPassword: 'something else entirely',
      }),
    )
    await one.auth.signOut(holding({ cookie: cookieOf(again) }))
    const audit = await one.auth.audit({}, null, 1000)
    const said = [
      JSON.stringify(audit),
      JSON.stringify(one.events),
      JSON.stringify(refusals),
      JSON.stringify(who),
      inspect(who, { depth: 10 }),
      inspect(one.auth, { depth: 4 }),
    ].join('\n')
    const token = cookie.split('=')[1] as string
    for (const secret of [
      token,
      cookieOf(again).split('=')[1] as string,
      PASSWORD,
      'something else',
      'wrong wrong',
      SECRET,
      sha256(token),
    ]) {
      expect(said).not.toContain(secret)
    }
    // Events name the session by a reference, not by its id.
    expect(JSON.stringify(audit)).not.toContain(signedIn.session.id)
  })

  it('KM-09: what one purpose seals opens nothing of another', async () => {
    const { signedIn, carrier } = await one.enter('ivy')
    const csrf = one.auth.csrfToken(signedIn.session.id)
    const reference = (await one.auth.audit({}, null, 10)).items.find((event) => event.session)?.session as string
    expect(csrf.startsWith(reference)).toBe(false)
    expect(codeOf(await one.auth.authenticate(holding({ bearer: csrf })))).toBe('unauthenticated')
    expect(one.auth.csrfTokenFits(signedIn.session.id, reference)).toBe(false)
    expect((await one.auth.resetPassword({ token: csrf, newPassword: 'a third long passphrase' })).ok).toBe(false)
    expect(codeOf(await one.auth.authenticate(carrier))).toBe('in')
  })

  it('CS-04: a CSRF token fits its own session only, under the newest and the older secret', async () => {
    const older = 'older-secret-0123456789-abcdefghijklmno'
    const before = await house({ secret: older })
    const { signedIn } = await before.enter('jo')
    const token = before.auth.csrfToken(signedIn.session.id)
    const after = await house({ secret: [SECRET, older] })
    expect(after.auth.csrfTokenFits(signedIn.session.id, token)).toBe(true)
    expect(after.auth.csrfTokenFits('another', token)).toBe(false)
    for (const bad of ['', null, undefined, token.slice(0, -1), `${token}A`, token.toUpperCase()]) {
      expect(after.auth.csrfTokenFits(signedIn.session.id, bad)).toBe(false)
    }
    await before.close()
    await after.close()
  })
})
