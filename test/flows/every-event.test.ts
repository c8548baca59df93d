import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { afterEach, describe, expect, it } from 'vitest'
import { type AuthEvent, EVENTS } from '../../src/events.ts'
import { eventShape } from '../../src/http/shapes.ts'
import { hybrid } from '../../src/strategies/hybrid.ts'
import { eventsTold } from '../../tools/reference/events.ts'
import { type House, holding, house, must, PASSWORD } from '../support/house.ts'

let open: House | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

const OTHER = 'quite another passphrase'
const CONTEXT = { source: '192.0.2.1', requestId: 'request-1', userAgent: 'Firefox/145' }
const bearer = (token: string | undefined) => holding({ bearer: token ?? '' })

/** One life with most that can happen in it, good and bad. Answers the secrets that were in use. */
async function life({ auth, patiently, clock }: House): Promise<readonly string[]> {
  const secrets: string[] = [PASSWORD, OTHER]
  const ann = { email: 'ann@example.com', password: PASSWORD, transport: 'bearer' as const }
  const entered = must(await auth.signUp(ann, CONTEXT))
  if (entered.status !== 'signed_in') throw new Error('she is signed in')
  const { accessToken, refreshToken } = entered.carried.tokens ?? {}
  secrets.push(accessToken ?? '', refreshToken ?? '', entered.session.id)
  await auth.signIn({ ...ann, password: OTHER }, CONTEXT)
  await auth.signIn({ ...ann, email: 'a password typed as an address' }, CONTEXT)
  secrets.push('a password typed as an address')
  const who = must(await auth.authenticate(bearer(accessToken), CONTEXT))
  await auth.reauthenticate(who, OTHER, CONTEXT)
  must(await auth.renew(who, CONTEXT))
  await clock.advance(31_000)
  const first = must(await auth.refresh(bearer(accessToken), refreshToken ?? '', CONTEXT))
  must(await auth.authenticate(bearer(first.carried.tokens?.accessToken), CONTEXT))
  await clock.advance(31_000)
  const next = must(await auth.refresh(bearer(accessToken), first.carried.tokens?.refreshToken ?? '', CONTEXT))
  for (const { carried } of [first, next])
    secrets.push(carried.tokens?.accessToken ?? '', carried.tokens?.refreshToken ?? '')
  await clock.advance(31_000)
  await auth.authenticate(bearer(next.carried.tokens?.accessToken), CONTEXT)
  await clock.advance(31_000)
  await patiently(auth.refresh(bearer(accessToken), refreshToken ?? '', CONTEXT))
  await auth.authenticate(bearer(next.carried.tokens?.accessToken), CONTEXT)
  await auth.authenticate(bearer(`${accessToken?.slice(0, -8)}AAAAAAAA`), CONTEXT)
  const again = must(await auth.signIn(ann, CONTEXT))
  if (again.status !== 'signed_in') throw new Error('she is signed in')
  const back = must(await auth.authenticate(bearer(again.carried.tokens?.accessToken), CONTEXT))
  const changed = must(
    await patiently(auth.changePassword(back, { currentPassword: PASSWORD, newPassword: OTHER }, CONTEXT)),
  )
  secrets.push(again.carried.tokens?.accessToken ?? '', changed.carried.tokens?.accessToken ?? '')
  auth.report({ type: 'csrf.rejected', who: back, reason: 'foreign_origin' }, CONTEXT)
  auth.guard(back, [() => ({ code: 'forbidden' })], CONTEXT)
  await patiently(auth.users.requirePasswordChange(back.user.id, { ...CONTEXT, actor: 'cli' }))
  const asked = must(await auth.signIn({ ...ann, password: OTHER }, CONTEXT))
  if (asked.status !== 'password_change_required') throw new Error('a change is required')
  must(await patiently(auth.resetPassword({ token: asked.token, newPassword: PASSWORD }, CONTEXT)))
  secrets.push(asked.token)
  const service = must(await auth.services.create('billing', CONTEXT))
  secrets.push(service.secret)
  await auth.service(`Bearer ${service.id}.${OTHER}`, CONTEXT)
  await auth.keys.rotate(CONTEXT)
  must(await patiently(auth.setRoles(back.user.id, ['auditor'], CONTEXT)))
  must(await patiently(auth.lock(back.user.id, CONTEXT)))
  must(await auth.unlock(back.user.id, CONTEXT))
  await patiently(auth.endEveryone({ context: CONTEXT }))
  must(await patiently(auth.users.remove(back.user.id, CONTEXT)))
  return secrets.filter((secret) => secret !== '')
}

async function lived() {
  const lines: string[] = []
  const write = (fields: object, message: string) => void lines.push(JSON.stringify([fields, message]))
  open = await house({ strategy: hybrid(), log: { info: write, warn: write, error: write } })
  const secrets = await life(open)
  const { items } = await open.auth.audit({}, null, 1000)
  return { secrets, events: open.events, items, lines }
}

/** A secret as it might turn up. */
function forms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  const plain = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]
  // Base64 of a text in the midst of another begins at one of three places.
  const inner = [0, 1, 2].map((at) => bytes.subarray(at, at + Math.floor((bytes.length - at) / 3) * 3))
  return [
    ...plain,
    ...inner.flatMap((part) => [part.toString('base64'), part.toString('base64url')]),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
  ].filter((form) => form.length >= 8)
}

describe('everything that happens in a life', () => {
  it('LG-02: has time, actor or source, outcome, severity, reason where it failed; and is in the log as it was told', async () => {
    const { events, items } = await lived()
    expect(new Set(events.map(({ type }) => type)).size).toBeGreaterThanOrEqual(24)
    for (const event of events) {
      expect(eventShape.safeParse(event).error?.issues, event.type).toBe(undefined)
      expect(event.severity).toBe(EVENTS[event.type])
      if (event.outcome === 'failure') expect([event.type, event.reason]).toEqual([event.type, expect.any(String)])
      const isOwn = event.actor === 'system' || event.type.startsWith('key.')
      if (!isOwn) expect([event.type, event.source, event.requestId]).toEqual([event.type, '192.0.2.1', 'request-1'])
      if (event.type.startsWith('session.'))
        expect([event.type, event.session]).toEqual([event.type, expect.any(String)])
    }
    // Where she was is taken out of the log with her account; the rest stays.
    const byId = (some: readonly AuthEvent[]) =>
      some.map(({ source: _, ...rest }) => rest).sort((a, b) => (a.id < b.id ? -1 : 1))
    expect(byId(items)).toEqual(byId(events))
  })

  it('holds in its data nothing but what the reference says of it', async () => {
    const told = eventsTold({
      file: (path) => ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true),
    })
    expect(told.size).toBe(Object.keys(EVENTS).length)
    const { events } = await lived()
    const untold = events.flatMap(({ type, data }) =>
      Object.keys(data)
        .filter((name) => !told.get(type)?.data.includes(name))
        .map((name) => `${type}: ${name}`),
    )
    expect(untold).toEqual([])
  })

  it('LG-01: every authentication, good or bad, says by which factor', async () => {
    const { events } = await lived()
    const authentications = new Set([
      ...['sign_in.succeeded', 'sign_in.failed', 'session.reauthenticated', 'session.reauthentication_failed'],
      ...['session.created', 'password.change_failed', 'password.changed', 'token.refreshed', 'token.reused'],
    ])
    const found = events.filter(({ type }) => authentications.has(type))
    expect(new Set(found.map(({ type }) => type)).size).toBeGreaterThanOrEqual(7)
    for (const { type, data } of found) {
      expect([type, data.factor]).toEqual([type, type.startsWith('token.') ? 'refresh_token' : 'pwd'])
    }
  })

  it('LG-05: each turn of tokens, keys and sessions is exactly one event', async () => {
    const { events } = await lived()
    const count = (...types: readonly string[]) => types.map((type) => events.filter((one) => one.type === type).length)
    expect(count('token.refreshed', 'token.reused', 'session.used_after_end')).toEqual([2, 1, 1])
    expect(count('session.created', 'session.renewed', 'password.changed')).toEqual([2, 1, 2])
    expect(count('user.locked', 'user.unlocked', 'user.roles_changed', 'user.removed')).toEqual([1, 1, 1, 1])
    const ended = events.filter(({ type }) => type === 'session.ended')
    expect(ended.map(({ reason }) => reason)).toEqual(['token_reused', 'session_revoked'])
    expect(new Set(ended.map(({ session }) => session)).size).toBe(2)
    const keys = events.filter(({ type }) => type === 'key.added').map(({ data }) => data.kid)
    expect([keys.length, new Set(keys).size]).toEqual([2, 2])
  })

  it('LG-06: what is refused for security’s sake is an event, with its severity', async () => {
    const { events } = await lived()
    const warned = ['csrf.rejected', 'token.forged', 'token.reused', 'session.used_after_end', 'service.rejected']
    for (const type of warned) {
      expect(
        events.filter((one) => one.type === type),
        type,
      ).toEqual([expect.objectContaining({ severity: 'warning', outcome: 'failure', source: '192.0.2.1' })])
    }
    expect(events.filter(({ type }) => type === 'access.denied')).toEqual([
      expect.objectContaining({ severity: 'notice', outcome: 'failure', reason: 'forbidden' }),
    ])
    await open?.close()
    open = await house()
    const { cookie } = await open.enter('bea', CONTEXT)
    for (let i = 0; i < 6; i += 1) await open.auth.signIn({ email: 'bea@example.com', password: OTHER }, CONTEXT)
    await open.auth.authenticate(holding({ cookie: `${cookie}; ${cookie}` }), CONTEXT)
    for (const type of ['sign_in.throttled', 'cookie.conflict']) {
      expect(
        open.events.filter((one) => one.type === type),
        type,
      ).toEqual([expect.objectContaining({ severity: 'warning', outcome: 'failure', source: '192.0.2.1' })])
    }
  })

  it('LG-03: in no event and no line of the log is any secret that was used, plain or encoded', async () => {
    const { secrets, events, items, lines } = await lived()
    expect(secrets.length).toBeGreaterThan(12)
    const told = JSON.stringify([events, items, lines])
    for (const secret of secrets) {
      for (const form of forms(secret)) expect(told.includes(form), form.slice(0, 6)).toBe(false)
    }
  })
})
