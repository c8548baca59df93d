import { afterEach, describe, expect, it } from 'vitest'
import { EVENTS } from '../../src/events.ts'
import type { Notice } from '../../src/flows/watch.ts'
import { role } from '../../src/guard.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { cookieOf, type House, holding, house, must, PASSWORD } from '../support/house.ts'

const MINUTE = 60_000

let open: House | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

async function begin(options: Parameters<typeof house>[0] = {}) {
  open = await house(options)
  return open
}

describe('events', () => {
  it('LG-01 LG-05: each step of a life is exactly one event of its kind', async () => {
    const { auth, enter, events, patiently } = await begin()
    const { carrier, signedIn } = await enter('ann')
    const who = must(await auth.authenticate(carrier))
    must(await auth.renew(who))
    const again = must(await auth.reauthenticate(who, PASSWORD))
    const { id } = signedIn.user
    must(await auth.setRoles(id, ['admin']))
    await auth.signOut(holding({ cookie: cookieOf(again) }))
    await auth.authenticate(holding({ cookie: cookieOf(again) }))
    must(await auth.lock(id))
    must(await auth.unlock(id))
    must(await auth.users.remove(id))
    await patiently(Promise.resolve())
    expect(events.map((event) => event.type).filter((type) => type !== 'view.leased')).toEqual([
      'user.created',
      'session.created',
      'session.renewed',
      'session.reauthenticated',
      'user.roles_changed',
      'session.ended',
      'session.used_after_end',
      'user.locked',
      'user.unlocked',
      'user.removed',
      'user.erased',
    ])
  })

  it('LG-02: every event has time, outcome, actor or source, and a known kind; stored as told, newest first', async () => {
    const { auth, enter, events, clock } = await begin()
    await enter('bea', { source: '192.0.2.3', requestId: 'request-1' })
    await auth.signIn({ email: 'bea@example.com', password: 'not this one at all' }, { source: '192.0.2.3' })
    const stored = await auth.audit({}, null, 100)
    expect([...stored.items].sort((a, b) => a.id.localeCompare(b.id))).toEqual(
      [...events].sort((a, b) => a.id.localeCompare(b.id)),
    )
    for (const event of stored.items) {
      expect(EVENTS).toHaveProperty([event.type])
      expect(event.severity).toBe(EVENTS[event.type])
      expect(event.at).toBe(clock.now())
      expect(['success', 'failure']).toContain(event.outcome)
      if (event.type !== 'view.leased') expect(event.source).toBe('192.0.2.3')
      expect(event.id).toMatch(/^[\w-]{22}$/)
    }
  })

  it('LG-04: hostile text cannot break or forge a record, and is bounded', async () => {
    const { auth, events } = await begin()
    const hostile = `evil\r\n{"type":"user.created"}\u001b[31m\u2028\u202E"${'x'.repeat(1_000_000)}`
    await auth.signIn({ email: 'nobody@example.com', password: PASSWORD }, { source: hostile, requestId: hostile })
    const told = JSON.stringify(events)
    expect(told.length).toBeLessThan(3000)
    const bad = [...told].filter((c) => c < ' ' || ['\u2028', '\u2029', '\u202E', '\u001b'].includes(c))
    expect(bad).toEqual([])
    expect(told).not.toContain('\\r\\n')
    expect(told).not.toContain('\\u001b')
  })

  it('LG-06: what a guard refuses is recorded', async () => {
    const { auth, enter, events } = await begin()
    const { carrier } = await enter('cy')
    const refused = auth.guard(must(await auth.authenticate(carrier)), [role('admin')], { requestId: 'r' })
    expect(refused.ok).toBe(false)
    await Promise.resolve()
    const denied = events.filter((event) => event.type === 'access.denied')
    expect(denied).toMatchObject([{ outcome: 'failure', reason: 'forbidden', requestId: 'r' }])
  })

  it('LG-07: a listener that throws or hangs, and an audit log that fails, change nothing', async () => {
    const faults: string[] = []
    const told: string[] = []
    const store = memory()
    let down = true
    const { auth, enter, clock } = await begin({
      store: {
        ...store,
        audit: {
          ...store.audit,
          append: (events) => (down ? Promise.reject(new Error('full disk')) : store.audit.append(events)),
        },
      },
      on: ({ id }) => {
        told.push(id)
        throw new Error('a listener with a secret message')
      },
      log: {
        info() {},
        warn() {},
        error: (fields, message) => void faults.push(`${message} ${JSON.stringify(fields)}`),
      },
    })
    auth.on(() => new Promise(() => {}))
    const { carrier } = await enter('dee')
    expect((await auth.authenticate(carrier)).ok).toBe(true)
    await clock.advance(10)
    expect(faults.some((fault) => fault.startsWith('a listener failed'))).toBe(true)
    expect(faults.some((fault) => fault.startsWith('the audit log cannot be written'))).toBe(true)
    expect(faults.join()).not.toContain('secret message')
    down = false
    await clock.advance(1000)
    const { items } = await auth.audit({}, null, 100)
    expect(items.map(({ id }) => id).sort()).toEqual(told.sort())
    expect(items.map(({ type }) => type)).toContain('user.created')
  })

  it('LG-07: a fault that every request meets is told once a second, with how many there were', async () => {
    const told: unknown[] = []
    const { auth, clock } = await begin({
      log: { info() {}, warn() {}, error: (fields, message) => void told.push({ ...fields, message }) },
    })
    const down = Object.assign(new Error('the database at 10.0.0.1'), { code: 'ECONNREFUSED' })
    for (let i = 0; i < 50; i++) auth.fault(down, 'authenticate')
    auth.fault(down, 'sweeping')
    await clock.advance(1000)
    auth.fault(down, 'authenticate')
    auth.fault(down, 'authenticate')
    await clock.advance(1000)
    auth.fault(down, 'authenticate')
    const message = 'a part failed'
    const fault = 'Error ECONNREFUSED'
    expect(told).toEqual([
      { fault, doing: 'authenticate', message },
      { fault, doing: 'sweeping', message },
      { fault, doing: 'authenticate', more: 49, message },
      { fault, doing: 'authenticate', more: 1, message },
    ])
  })

  it('SL-10: a session used from elsewhere is asked about, and "end" ends it', async () => {
    const asked: unknown[] = []
    let verdict: 'allow' | 'end' | 'reauthenticate' = 'allow'
    const { auth, enter, events } = await begin({
      onContextChange: (change) => {
        asked.push(change)
        return verdict
      },
    })
    const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'
    const { carrier } = await enter('eve', { source: '192.0.2.1', userAgent: firefox })
    expect((await auth.authenticate(carrier, { source: '192.0.2.1', userAgent: firefox })).ok).toBe(true)
    expect(asked).toHaveLength(0)
    expect((await auth.authenticate(carrier, { source: '203.0.113.7', userAgent: firefox })).ok).toBe(true)
    expect(asked).toMatchObject([{ before: { ip: '192.0.2.1' }, after: { ip: '203.0.113.7' } }])
    verdict = 'reauthenticate'
    const stepUp = await auth.authenticate(carrier, { source: '203.0.113.8', userAgent: firefox })
    expect(stepUp.ok ? null : stepUp.refusal.code).toBe('reauth_required')
    verdict = 'end'
    const ended = await auth.authenticate(carrier, { source: '203.0.113.9', userAgent: 'curl/8' })
    expect(ended.ok ? null : ended.refusal.code).toBe('session_revoked')
    expect((await auth.authenticate(carrier, { source: '192.0.2.1', userAgent: firefox })).ok).toBe(false)
    expect(events.filter((event) => event.type === 'session.context_changed')).toHaveLength(3)
  })
})

describe('watching a session', () => {
  async function watching(options: Parameters<typeof house>[0] = {}) {
    const made = await begin(options)
    const { carrier, signedIn } = await made.enter('ann')
    const [here, there] = [made.auth, made.nodes.at(-1) as House['auth']]
    const who = must(await there.authenticate(carrier))
    const notices: Notice[] = []
    const cancel = there.watch(who, (notice) => notices.push(notice))
    await made.clock.advance(5)
    return { ...made, here, there, carrier, signedIn, notices, cancel, who }
  }
  const kinds = (notices: readonly Notice[]) => notices.map((notice) => notice.type)

  it('P8 TO-07: warns once ahead of the end, by server time, and watching keeps nothing alive', async () => {
    const { clock, notices, signedIn } = await watching()
    await clock.advance(28 * MINUTE - 10)
    expect(kinds(notices)).toEqual(['policy'])
    await clock.advance(1010)
    expect(kinds(notices)).toEqual(['policy', 'warning'])
    const began = signedIn.session.createdAt
    expect(notices[1]).toMatchObject({ idleExpiresAt: began + 30 * MINUTE, warnAt: began + 28 * MINUTE })
    await clock.advance(2 * MINUTE)
    expect(kinds(notices)).toEqual(['policy', 'warning', 'ended'])
    expect(notices[2]).toEqual({ type: 'ended', reason: 'session_expired_idle' })
  })

  it('P8 TO-07: an extension on another node is told, and the next warning comes in its time', async () => {
    const { clock, notices, here, carrier } = await watching({ nodes: 2 })
    await clock.advance(29 * MINUTE)
    must(await here.renew(must(await here.authenticate(carrier))))
    const at = clock.now()
    await clock.advance(2000)
    expect(kinds(notices)).toEqual(['policy', 'warning', 'extended'])
    expect(notices[2]).toMatchObject({ idleExpiresAt: at + 30 * MINUTE })
    await clock.advance(29 * MINUTE)
    expect(kinds(notices)).toEqual(['policy', 'warning', 'extended', 'warning'])
  })

  it('TE-11: tells the end and its reason at once, whichever node it happened on', async () => {
    const { notices, here, carrier, patiently } = await watching({ nodes: 2 })
    await patiently(here.signOut(carrier))
    await patiently(Promise.resolve())
    expect(notices.at(-1)).toEqual({ type: 'ended', reason: 'signed_out' })
  })

  it('TE-11: a lock, a removal, signing everyone out', async () => {
    for (const ending of ['lock', 'remove', 'everyone'] as const) {
      const { notices, here, signedIn, patiently, close, clock } = await watching({ nodes: 2 })
      const { id } = signedIn.user
      if (ending === 'lock') await patiently(here.lock(id))
      else if (ending === 'remove') await patiently(here.users.remove(id))
      else await patiently(here.endEveryone())
      await clock.advance(10)
      expect(kinds(notices).at(-1)).toBe('ended')
      await close()
    }
  })

  it('tells of changed roles, and nothing after it is cancelled', async () => {
    const { notices, here, signedIn, patiently, clock, cancel, carrier } = await watching({ nodes: 2 })
    must(await patiently(here.setRoles(signedIn.user.id, ['auditor'])))
    await clock.advance(10)
    expect(notices.at(-1)).toEqual({ type: 'changed', roles: ['auditor'] })
    cancel()
    const count = notices.length
    await patiently(here.signOut(carrier))
    await clock.advance(60 * MINUTE)
    expect(notices).toHaveLength(count)
  })

  it('tells at once of a session that ended before it was watched', async () => {
    const { auth, who, carrier, patiently, clock } = await watching()
    await patiently(auth.signOut(carrier))
    const late: Notice[] = []
    auth.watch(who, (notice) => late.push(notice))
    await clock.advance(10)
    expect(late.at(-1)).toEqual({ type: 'ended', reason: 'signed_out' })
  })
})
