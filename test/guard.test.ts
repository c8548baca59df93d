import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigurationError } from '../src/errors.ts'
import { type Authenticated, check, fresh, type Guard, role, section } from '../src/guard.ts'
import { policy, type TimeoutOptions } from '../src/policy.ts'
import { MINUTE, sampleSession, sampleUser, T0 } from '../src/testing/samples.ts'
import { fixed } from './support/property.ts'

const CATALOGUE = ['member', 'editor', 'admin', 'auditor']

type Given = { roles?: readonly string[]; session?: Parameters<typeof sampleSession>[1]; timeouts?: TimeoutOptions }

function who({ roles = ['member'], session = {}, timeouts = {} }: Given = {}): Authenticated {
  return {
    user: sampleUser('u', { roles }),
    session: sampleSession('s', session),
    via: { strategy: 'session', transport: 'cookie' },
    tokenExpiresAt: null,
    policy: policy(timeouts, CATALOGUE),
    roles: CATALOGUE,
  }
}

describe('role', () => {
  it('lets in whoever has one of the roles, and nobody else', () => {
    const guard = role('admin', 'editor')
    expect(guard(who({ roles: ['editor', 'member'] }), T0)).toBeNull()
    expect(guard(who({ roles: ['admin'] }), T0)).toBeNull()
    expect(guard(who({ roles: ['member', 'auditor'] }), T0)).toEqual({ code: 'forbidden' })
    expect(guard(who({ roles: [] }), T0)).toEqual({ code: 'forbidden' })
  })

  it('AZ-01: a rule that names no role is an error when it is written', () => {
    expect(() => role()).toThrow(ConfigurationError)
  })

  it('AZ-01: a role outside the catalogue is a fault, also for those who pass by another', () => {
    const guard = role('member', 'amdin')
    expect(() => guard(who({ roles: ['member'] }), T0)).toThrow(ConfigurationError)
    expect(() => guard(who(), T0)).toThrow("role('amdin') is not in the catalogue (member, editor, admin, auditor)")
  })

  it('AZ-01: names are compared whole and as written', () => {
    for (const roles of [['Admin'], ['admin '], ['administrator'], ['admi'], ['']]) {
      expect(role('admin')(who({ roles }), T0)).toEqual({ code: 'forbidden' })
    }
    expect(() => role('constructor')(who({ roles: [] }), T0)).toThrow(ConfigurationError)
  })

  it('AZ-01: lets in exactly those who share a role with the rule', () => {
    const some = fc.subarray(CATALOGUE)
    fc.assert(
      fc.property(fc.subarray(CATALOGUE, { minLength: 1 }), some, (wanted, held) => {
        const passes = role(...wanted)(who({ roles: held }), T0) === null
        expect(passes).toBe(wanted.some((name) => held.includes(name)))
      }),
      fixed(),
    )
  })
})

describe('fresh', () => {
  it.each([
    [-1, null],
    [0, { code: 'reauth_required', maxAge: 600 }],
    [1, { code: 'reauth_required', maxAge: 600 }],
  ])('RA-01, RA-02: %d ms from the age asked for it answers %j', (offset, answer) => {
    const session = { authenticatedAt: T0 + MINUTE, lastActiveAt: T0 + 11 * MINUTE }
    expect(fresh('10m')(who({ session }), T0 + 11 * MINUTE + offset)).toEqual(answer)
  })

  it('RA-04: being active is not proving who one is', () => {
    const session = { authenticatedAt: T0, lastActiveAt: T0 + 20 * MINUTE }
    expect(fresh('10m')(who({ session }), T0 + 20 * MINUTE)).toMatchObject({ code: 'reauth_required' })
  })

  it('SL-09: a remembered session gets no longer than another', () => {
    const session = { remember: true, authenticatedAt: T0, lastActiveAt: T0 + 10 * MINUTE }
    expect(fresh('10m')(who({ session }), T0 + 10 * MINUTE)).toMatchObject({ code: 'reauth_required' })
  })

  it('refuses an age that is none when it is written', () => {
    expect(() => fresh('soon' as '1m')).toThrow('fresh() is "soon"')
    expect(() => fresh(0)).toThrow(ConfigurationError)
  })
})

describe('section', () => {
  const timeouts: TimeoutOptions = {
    sections: [
      { path: '/billing', idle: '5m', reauthenticate: '1h' },
      { path: '/old', reauthenticate: '1h' },
    ],
  }
  const ask = (path: string, session: NonNullable<Given['session']>, after: number) =>
    section(path)(who({ session, timeouts }), T0 + after)

  it.each([
    [-1, null],
    [0, { code: 'reauth_required', maxAge: 300 }],
    [1, { code: 'reauth_required', maxAge: 300 }],
  ])('TO-10: %d ms from its idle limit it answers %j', (offset, answer) => {
    expect(ask('/billing/x', {}, 5 * MINUTE + offset)).toEqual(answer)
  })

  it.each([
    [-1, null],
    [0, { code: 'reauth_required', maxAge: 3600 }],
    [1, { code: 'reauth_required', maxAge: 3600 }],
  ])('RA-02: %d ms from its age of authentication it answers %j', (offset, answer) => {
    const after = 60 * MINUTE + offset
    expect(ask('/billing', { lastActiveAt: T0 + after }, after)).toEqual(answer)
  })

  it('TO-10: a pause that is over still counts, until one has authenticated again', () => {
    const paused = { longestIdle: 5 * MINUTE, lastActiveAt: T0 + 20 * MINUTE }
    expect(ask('/billing', paused, 20 * MINUTE)).toEqual({ code: 'reauth_required', maxAge: 300 })
    expect(ask('/billing', { ...paused, longestIdle: 5 * MINUTE - 1 }, 20 * MINUTE)).toBeNull()
    expect(ask('/billing', { ...paused, longestIdle: 0, authenticatedAt: T0 + 20 * MINUTE }, 20 * MINUTE)).toBeNull()
  })

  it('asks nothing outside, nor of limits that are not set', () => {
    const long = { longestIdle: 29 * MINUTE, lastActiveAt: T0 + 50 * MINUTE }
    expect(ask('/billings', long, 59 * MINUTE)).toBeNull()
    expect(ask('/', long, 300 * MINUTE)).toBeNull()
    expect(ask('/old', long, 59 * MINUTE)).toBeNull()
    expect(ask('/old', long, 60 * MINUTE)).toEqual({ code: 'reauth_required', maxAge: 3600 })
  })
})

describe('check', () => {
  const refuse =
    (code: 'forbidden' | 'not_found'): Guard =>
    () => ({ code })

  it('lets through when every guard does, and when there is none', () => {
    expect(check(who(), [], T0)).toBeNull()
    expect(check(who(), [role('member'), fresh('1m')], T0)).toBeNull()
  })

  it('answers with the first refusal, and asks no further', () => {
    const never: Guard = () => {
      throw new Error('asked')
    }
    expect(check(who(), [role('member'), refuse('forbidden'), refuse('not_found')], T0)).toEqual({ code: 'forbidden' })
    expect(check(who(), [refuse('not_found'), never], T0)).toEqual({ code: 'not_found' })
  })

  it('ER-02: a guard that fails lets nobody through', () => {
    const broken: Guard = () => {
      throw new Error('broken')
    }
    expect(() => check(who(), [broken], T0)).toThrow('broken')
  })
})
