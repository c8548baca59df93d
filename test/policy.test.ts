import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Duration } from '../src/duration.ts'
import { ConfigurationError } from '../src/errors.ts'
import { deadlines, expiry, limits, type Policy, policy, sectionOf, type TimeoutOptions } from '../src/policy.ts'
import { PRESETS, type Preset } from '../src/presets.ts'
import { HOUR, MINUTE, sampleSession, T0 } from '../src/testing/samples.ts'
import { fixed } from './support/property.ts'

const DAY = 24 * HOUR
const ROLES = ['member', 'admin', 'auditor']
const rules = (options: TimeoutOptions = {}) => policy(options, ROLES)
const session = (over: Parameters<typeof sampleSession>[1] = {}) => sampleSession('s', over)

describe('limits and their defaults', () => {
  it('are 30 minutes idle and 12 hours in all, 14 and 30 days when remembered, with 2 minutes of warning', () => {
    const given = rules()
    expect(given.standard).toEqual({ idle: 30 * MINUTE, absolute: 12 * HOUR })
    expect(given.remember).toEqual({ idle: 14 * DAY, absolute: 30 * DAY })
    expect(given.warn).toBe(2 * MINUTE)
    expect(limits(given, ['member'], false)).toEqual(given.standard)
    expect(limits(given, ['member'], true)).toEqual(given.remember)
  })

  it('know no remembering where it is not offered', () => {
    const given = rules({ remember: false })
    expect(given.remember).toBeNull()
    expect(limits(given, [], true)).toEqual(given.standard)
  })

  it('warn halfway when the idle limit leaves no room for 2 minutes', () => {
    expect(rules({ idle: '3m' }).warn).toBe(1.5 * MINUTE)
    expect(rules({ idle: '4m' }).warn).toBe(2 * MINUTE)
  })
})

describe('expiry', () => {
  const given = rules()

  it.each([
    [-1, null],
    [0, 'session_expired_idle'],
    [1, 'session_expired_idle'],
  ])('TO-01, TO-08: %d ms from the idle limit it is %s', (offset, reason) => {
    const lastActiveAt = T0 + HOUR
    expect(expiry(given, session({ lastActiveAt }), ['member'], lastActiveAt + 30 * MINUTE + offset)).toBe(reason)
  })

  it.each([
    [-1, null],
    [0, 'session_expired_absolute'],
    [1, 'session_expired_absolute'],
  ])('TO-02, TO-08: %d ms from the absolute limit it is %s, however active', (offset, reason) => {
    const now = T0 + 12 * HOUR + offset
    expect(expiry(given, session({ lastActiveAt: now - 1 }), ['member'], now)).toBe(reason)
  })

  it('TO-02: activity every minute ends at the absolute limit, not a minute later', () => {
    let now = T0
    while (now < T0 + DAY && expiry(given, session({ lastActiveAt: now - MINUTE }), [], now) === null) now += MINUTE
    expect(now).toBe(T0 + 12 * HOUR)
  })

  it('TO-02: authenticating again moves nothing', () => {
    const later = session({ authenticatedAt: T0 + 11 * HOUR, lastActiveAt: T0 + 12 * HOUR - 1 })
    expect(deadlines(given, later, []).expiresAt).toBe(T0 + 12 * HOUR)
    expect(deadlines(rules({ absolute: '1h' }), later, []).expiresAt).toBe(T0 + HOUR)
  })

  it('P5: a use that this node knows of counts before the record has it', () => {
    expect(expiry(given, session(), [], T0 + 30 * MINUTE, T0 + 1)).toBeNull()
    expect(expiry(given, session(), [], T0 + 30 * MINUTE + 1, T0 + 1)).toBe('session_expired_idle')
    expect(expiry(given, session(), [], T0 + 12 * HOUR, T0 + 12 * HOUR)).toBe('session_expired_absolute')
  })

  it('names the limit that was reached first, the absolute one when both were at once', () => {
    expect(expiry(given, session({ lastActiveAt: T0 + 11.5 * HOUR }), [], T0 + 12 * HOUR)).toBe(
      'session_expired_absolute',
    )
    expect(expiry(given, session(), [], T0 + 20 * DAY)).toBe('session_expired_idle')
    expect(expiry(given, session({ lastActiveAt: T0 + 11.9 * HOUR }), [], T0 + 20 * DAY)).toBe(
      'session_expired_absolute',
    )
  })

  it('TO-08: a clock that stepped back ends nothing and moves no deadline', () => {
    const active = session({ lastActiveAt: T0 + HOUR })
    expect(expiry(given, active, [], T0 - DAY)).toBeNull()
    expect(expiry(given, active, [], T0 + HOUR + 30 * MINUTE)).toBe('session_expired_idle')
  })

  it('remembered sessions last 14 days without use, and 30 in all', () => {
    const kept = { remember: true, idleTimeout: 14 * DAY, expiresAt: T0 + 30 * DAY }
    expect(expiry(given, session(kept), [], T0 + 14 * DAY - 1)).toBeNull()
    expect(expiry(given, session(kept), [], T0 + 14 * DAY)).toBe('session_expired_idle')
    expect(expiry(given, session({ ...kept, lastActiveAt: T0 + 29 * DAY }), [], T0 + 30 * DAY)).toBe(
      'session_expired_absolute',
    )
  })
})

describe('warning', () => {
  it('TO-07: what is announced is what holds', () => {
    const given = rules({ roles: { admin: { idle: '10m', absolute: '1h' } } })
    const time = fc.integer({ min: 0, max: 2 * DAY })
    const idle = fc.integer({ min: 1, max: 2 * HOUR })
    fc.assert(
      fc.property(time, time, idle, time, fc.subarray(ROLES), (active, end, idleTimeout, after, roles) => {
        const one = session({ lastActiveAt: T0 + active, expiresAt: T0 + end, idleTimeout })
        const { idleExpiresAt, expiresAt, warnAt } = deadlines(given, one, roles)
        const first = Math.min(idleExpiresAt, expiresAt)
        expect(expiry(given, one, roles, T0 + after) !== null).toBe(T0 + after >= first)
        expect([expiry(given, one, roles, first - 1), expiry(given, one, roles, first)]).toEqual([
          null,
          expect.any(String),
        ])
        expect(warnAt).toBe(first - given.warn)
      }),
      fixed(),
    )
  })

  it('TO-07: comes its lead before whichever limit is nearer', () => {
    const given = rules({ warn: '5m' })
    expect(deadlines(given, session(), []).warnAt).toBe(T0 + 25 * MINUTE)
    expect(deadlines(given, session({ lastActiveAt: T0 + 11.9 * HOUR }), []).warnAt).toBe(T0 + 12 * HOUR - 5 * MINUTE)
  })
})

describe('roles', () => {
  const given = rules({ roles: { admin: { idle: '10m' }, auditor: { idle: '20m', absolute: '2h' } } })

  it('TO-10: the strictest of a user’s roles counts, limit by limit', () => {
    expect(limits(given, ['member'], false)).toEqual({ idle: 30 * MINUTE, absolute: 12 * HOUR })
    expect(limits(given, ['admin'], false)).toEqual({ idle: 10 * MINUTE, absolute: 12 * HOUR })
    expect(limits(given, ['auditor', 'admin'], false)).toEqual({ idle: 10 * MINUTE, absolute: 2 * HOUR })
    expect(limits(given, ['admin'], true)).toEqual({ idle: 10 * MINUTE, absolute: 12 * HOUR })
  })

  it('TO-10: a looser limit of a role loosens nothing', () => {
    const loose = rules({ roles: { admin: { idle: '2h', absolute: '20d' } }, warn: '1m' })
    expect(limits(loose, ['admin'], false)).toEqual(loose.standard)
  })

  it('TO-10: a session that is open already is judged by the shortened policy, on both limits', () => {
    const open = session({ lastActiveAt: T0 + HOUR })
    expect(expiry(given, open, ['admin'], T0 + HOUR + 10 * MINUTE - 1)).toBeNull()
    expect(expiry(given, open, ['admin'], T0 + HOUR + 10 * MINUTE)).toBe('session_expired_idle')
    const busy = session({ lastActiveAt: T0 + 2 * HOUR - 1 })
    expect(expiry(given, busy, ['auditor'], T0 + 2 * HOUR - 1)).toBeNull()
    expect(expiry(given, busy, ['auditor'], T0 + 2 * HOUR)).toBe('session_expired_absolute')
  })

  it('TO-10: a lengthened policy does not lengthen what is open', () => {
    const longer = rules({ idle: '5h', absolute: '5d' })
    expect(expiry(longer, session(), [], T0 + 30 * MINUTE)).toBe('session_expired_idle')
    expect(expiry(longer, session({ lastActiveAt: T0 + 11.9 * HOUR }), [], T0 + 12 * HOUR)).toBe(
      'session_expired_absolute',
    )
  })

  it('TO-10: the strictest role wins, whatever the order and whatever else one has', () => {
    const minutes = fc.integer({ min: 3, max: 5000 })
    const spans = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.record({ idle: minutes, absolute: minutes }))
    fc.assert(
      fc.property(spans, fc.shuffledSubarray(['a', 'b', 'c', 'd', 'none']), fc.boolean(), (table, held, remember) => {
        const roles = Object.fromEntries(
          Object.entries(table).map(([name, { idle, absolute }]) => [
            name,
            { idle: idle * MINUTE, absolute: absolute * MINUTE },
          ]),
        )
        const all = policy({ roles, warn: '1m' }, ['a', 'b', 'c', 'd', 'none'])
        const own = held.flatMap((name) => roles[name] ?? [])
        const base = remember && all.remember ? all.remember : all.standard
        const strictest = (limit: 'idle' | 'absolute') => Math.min(base[limit], ...own.map((span) => span[limit]))
        expect(limits(all, held, remember)).toEqual({ idle: strictest('idle'), absolute: strictest('absolute') })
        expect(limits(all, [...held].reverse(), remember)).toEqual(limits(all, held, remember))
      }),
      fixed(),
    )
  })

  it('P5: no session outlives either of its limits, whatever its times', () => {
    const time = fc.integer({ min: 0, max: 40 * DAY })
    fc.assert(
      fc.property(time, time, time, fc.subarray(ROLES), fc.boolean(), (active, end, after, roles, remember) => {
        const one = session({ lastActiveAt: T0 + active, expiresAt: T0 + end, remember })
        const now = T0 + after
        const alive = expiry(given, one, roles, now) === null
        const span = limits(given, roles, remember)
        const idle = Math.min(span.idle, one.idleTimeout)
        expect(alive).toBe(now < T0 + end && now < T0 + span.absolute && now < one.lastActiveAt + idle)
      }),
      fixed(2000),
    )
  })
})

describe('presets', () => {
  it('TO-03: are the limits of NIST SP 800-63B-4', () => {
    expect(PRESETS).toEqual({
      aal1: { idle: 30 * DAY, absolute: 30 * DAY, secondFactor: false },
      aal2: { idle: HOUR, absolute: 24 * HOUR, secondFactor: true },
      aal3: { idle: 15 * MINUTE, absolute: 12 * HOUR, secondFactor: true },
    })
  })

  it('TO-03: aal1 ends a session after 30 days, to the millisecond', () => {
    const given = rules({ preset: 'aal1' })
    const one = session({ idleTimeout: 30 * DAY, expiresAt: T0 + 30 * DAY, lastActiveAt: T0 + 29 * DAY })
    expect(expiry(given, one, [], T0 + 30 * DAY - 1)).toBeNull()
    expect(expiry(given, one, [], T0 + 30 * DAY)).toBe('session_expired_absolute')
    expect(given.remember).toBeNull()
  })

  it('TO-03: single values shorten a preset', () => {
    expect(rules({ preset: 'aal1', idle: '1d' }).standard).toEqual({ idle: DAY, absolute: 30 * DAY })
  })

  it.each<[TimeoutOptions, string]>([
    [{ preset: 'aal1', absolute: '31d' }, 'looser than preset'],
    [{ preset: 'aal1', absolute: 30 * DAY + 1 }, 'looser than preset'],
    [{ preset: 'aal1', remember: { idle: '30d', absolute: '90d' } }, 'looser than preset'],
    [{ preset: 'aal2' }, 'needs a second factor'],
    [{ preset: 'aal3', idle: '1m' }, 'needs a second factor'],
    [{ preset: 'aal4' as Preset }, 'write one of aal1, aal2, aal3'],
  ])('TO-03: %j does not start', (options, message) => {
    expect(() => rules(options)).toThrow(ConfigurationError)
    expect(() => rules(options)).toThrow(message)
  })
})

describe('sections', () => {
  const given = rules({
    sections: [
      { path: '/billing', idle: '5m', reauthenticate: '10m' },
      { path: '/billing/cards', idle: '1m' },
    ],
  })
  const found = (path: string) => sectionOf(given, path)?.path ?? null

  it.each([
    ['/billing', '/billing'],
    ['/billing/', '/billing'],
    ['/billing/invoices', '/billing'],
    ['/billing/cards', '/billing/cards'],
    ['/billing/cards/1', '/billing/cards'],
    ['/billing/cardsharps', '/billing'],
    ['/billings', null],
    ['/billing-old', null],
    ['/bill', null],
    ['/', null],
    ['', null],
    ['billing', null],
    ['/a/billing', null],
  ])('TO-10: %j is in %j, by whole segments', (path, section) => {
    expect(found(path)).toBe(section)
  })

  it('may be everything', () => {
    const all = rules({ sections: [{ path: '/', idle: '5m' }] })
    expect(sectionOf(all, '/')?.path).toBe('/')
    expect(sectionOf(all, '/x/y')?.path).toBe('/')
  })

  it('are found whatever their order', () => {
    const names = ['/', '/a', '/a/b', '/a/b/c', '/ab']
    fc.assert(
      fc.property(
        fc.shuffledSubarray(names, { minLength: 1 }),
        fc.constantFrom(...names, '/a/b/x', '/x'),
        (paths, path) => {
          const some = rules({ sections: paths.map((one) => ({ path: one, idle: '5m' as Duration })) })
          const covering = paths.filter((one) => one === '/' || path === one || path.startsWith(`${one}/`))
          const longest = covering.sort((a, b) => b.length - a.length)[0] ?? null
          expect(sectionOf(some, path)?.path ?? null).toBe(longest)
        },
      ),
      fixed(),
    )
  })
})

describe('writing activity', () => {
  it.each<[TimeoutOptions, number]>([
    [{}, MINUTE],
    [{ idle: '5m' }, 30_000],
    [{ roles: { admin: { idle: '3m' } } }, 18_000],
    [{ sections: [{ path: '/a', idle: '1m' }] }, 6000],
    [{ sections: [{ path: '/a', reauthenticate: '1m' }] }, MINUTE],
    [{ remember: { idle: '2m', absolute: '1h' } }, 12_000],
    [{ idle: 5, warn: 1 }, 1],
  ])(
    'under %j happens every %d ms at most: a tenth of the tightest idle limit, never over a minute',
    (options, step) => {
      expect(rules(options).touchStep).toBe(step)
    },
  )
})

describe('nonsense does not start, and the message says what to write', () => {
  it.each<[TimeoutOptions, string]>([
    [{ idle: '13h' }, 'timeouts.idle (46800000 ms) is longer than timeouts.absolute (43200000 ms)'],
    [{ remember: { idle: '2d', absolute: '1d' } }, 'timeouts.remember.idle (172800000 ms) is longer'],
    [{ idle: 'soon' as Duration }, 'timeouts.idle is "soon": write a duration'],
    [{ absolute: 0 }, 'timeouts.absolute is 0'],
    [{ warn: -1 }, 'timeouts.warn is -1'],
    [{ warn: '30m' }, 'write a warning lead below the shortest limit'],
    [{ warn: '2m', roles: { admin: { idle: '2m' } } }, 'write a warning lead below the shortest limit'],
    [
      { roles: { amdin: { idle: '5m' } } },
      "timeouts.roles names 'amdin', which is not in the catalogue (member, admin, auditor)",
    ],
    [{ roles: { admin: { idle: '5 m' as Duration } } }, 'timeouts.roles.admin.idle is "5 m"'],
    [{ sections: [{ path: 'billing', idle: '5m' }] }, "write it as '/billing', without a final slash"],
    [{ sections: [{ path: '/billing/', idle: '5m' }] }, "write it as '/billing', without a final slash"],
    [{ sections: [{ path: '/billing' }] }, "timeouts.sections '/billing' sets no limit"],
    [{ sections: [{ path: '/billing', idle: 0 }] }, "timeouts.sections '/billing' idle is 0"],
  ])('%j', (options, message) => {
    expect(() => rules(options)).toThrow(ConfigurationError)
    expect(() => rules(options)).toThrow(message)
  })

  it('AZ-01: a role nobody can have is an error also when its name is that of a property', () => {
    for (const name of ['constructor', 'toString', '__proto__x']) {
      expect(() => rules({ roles: { [name]: { idle: '5m' } } })).toThrow('not in the catalogue')
      expect(() => rules({ preset: name as Preset })).toThrow(ConfigurationError)
    }
  })

  it('is data that nothing changes afterwards', () => {
    const options = { idle: 5 * MINUTE, roles: { admin: { idle: 4 * MINUTE } } }
    const before: Policy = rules(options)
    options.idle = DAY
    options.roles.admin.idle = DAY
    expect(limits(before, ['admin'], false).idle).toBe(4 * MINUTE)
    expect(before.standard.idle).toBe(5 * MINUTE)
  })
})
