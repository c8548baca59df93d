import { afterEach, describe, expect, it } from 'vitest'
import type { ImportedUser } from '../../src/flows/import-users.ts'
import type { Options } from '../../src/options.ts'
import type { Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { session } from '../../src/strategies/session.ts'
import { DJANGO, FIREBASE, LARAVEL, PASSWORD } from '../credentials/password/foreign-samples.ts'
import { cookieOf, type House, holding, house, must } from '../support/house.ts'

const ADA = { email: 'Ada@Example.com', password: LARAVEL } as const

/** In one database, and with the credentials in another. */
const STORES = { together: memory, apart: (): Store => ({ ...memory(), credentials: memory().credentials }) }

const open: House[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function made(options: Partial<Options> = {}): Promise<House> {
  const one = await house(options)
  open.push(one)
  return one
}

const outcomes = async (one: House, users: readonly ImportedUser[]) =>
  (await one.auth.users.import(users)).map(({ outcome }) => outcome)

describe.each(Object.entries(STORES))('users.import, users and credentials %s', (_, store) => {
  it('PW-12: makes accounts whose owners sign in with the password they had, and are carried over', async () => {
    const one = await made({ store: store() })
    const firebase = { email: 'eve@example.com', password: { firebase: FIREBASE } }
    const given = [ADA, { email: 'bob@example.com', password: DJANGO }, firebase, { email: 'nopass@example.com' }]
    const answer = await one.auth.users.import(given, { context: { actor: 'cli' } })
    expect(answer.map((each) => ('kind' in each ? [each.outcome, each.kind] : each))).toEqual([
      ['made', '$2y$04'],
      ['made', '$pbkdf2-sha256$i=20000'],
      ['made', '$firebase-scrypt$ln=14,r=8,p=1'],
      ['made', null],
    ])
    const signIn = (email: string, password: string) => one.auth.signIn({ email, password })
    for (const [email, password] of [
      ['ada@example.com', PASSWORD],
      ['bob@example.com', PASSWORD],
      ['eve@example.com', 'user1password'],
    ] as const) {
      expect((await signIn(email, `${password}x`)).ok).toBe(false)
      for (const upgrades of [1, 0]) {
        const before = one.events.length
        must(await signIn(email, password))
        const upgraded = one.events.slice(before).filter(({ type }) => type === 'password.upgraded')
        expect(upgraded).toHaveLength(upgrades)
      }
    }
    expect((await signIn('nopass@example.com', PASSWORD)).ok).toBe(false)
  })

  it('keeps what it is told of an account, and gives the rest its usual value', async () => {
    const one = await made({ store: store(), roles: ['baker', 'miller'] })
    const all = {
      ...{
        id: 'auth0_5f7c',
        email: ' Ann@Example.com ',
        name: ' Ann ',
        roles: ['admin', 'baker'],
        status: 'locked' as const,
      },
      ...{ emailVerified: true, createdAt: 1_500_000_000_000, passwordChangeRequired: true },
    } as const satisfies ImportedUser
    await one.auth.users.import([all, { email: 'bob@example.com' }])
    expect(await one.auth.users.find('auth0_5f7c')).toMatchObject({ ...all, email: 'Ann@Example.com', name: 'Ann' })
    expect(await one.auth.users.findByEmail('BOB@example.com')).toMatchObject({
      ...{ email: 'bob@example.com', name: '', roles: ['baker'], status: 'active', emailVerified: false, fields: {} },
      ...{ createdAt: one.clock.now(), passwordChangeRequired: false, id: expect.stringMatching(/^[\w-]{22}$/) },
    })
  })

  it('can be repeated: who is there stays as they are, an account of the same id is known again', async () => {
    const one = await made({ store: store() })
    const again = [ADA, { id: 'own', email: 'own@example.com', password: LARAVEL }]
    expect(await outcomes(one, again)).toEqual(['made', 'made'])
    const ada = await one.auth.users.findByEmail(ADA.email)
    must(await one.auth.signIn({ email: ADA.email, password: PASSWORD }))
    must(await one.auth.signIn({ email: 'own@example.com', password: PASSWORD }))
    const other = { ...again[1], password: DJANGO, name: 'Other' } as ImportedUser
    expect(await outcomes(one, [ADA, other, { ...other, email: 'else@example.com' }])).toEqual([
      'taken',
      'present',
      'taken',
    ])
    expect(await one.auth.users.findByEmail(ADA.email)).toEqual(ada)
    expect((await one.auth.users.find('own'))?.name).toBe('')
    must(await one.auth.signIn({ email: 'own@example.com', password: PASSWORD }))
  })

  it('of two with one address in one call the first is made', async () => {
    const one = await made({ store: store() })
    expect(await outcomes(one, [ADA, { ...ADA, email: 'ADA@example.com', name: 'second' }])).toEqual(['made', 'taken'])
    expect((await one.auth.users.findByEmail(ADA.email))?.name).toBe('')
  })

  it('makes nobody when it is only asked what it would do', async () => {
    const one = await made({ store: store() })
    await one.auth.users.import([ADA])
    const wanted = [ADA, { email: 'bob@example.com' }, { email: 'BOB@example.com' }, { email: 'nobody' }]
    const answer = await one.auth.users.import(wanted, { dryRun: true })
    expect(answer.map(({ outcome }) => outcome)).toEqual(['taken', 'made', 'taken', 'refused'])
    expect(await one.auth.users.findByEmail('bob@example.com')).toBeNull()
    expect(one.events.filter(({ type }) => type === 'users.imported')).toHaveLength(1)
  })

  it('LG-01: tells of each account, and of all of them, and of no hash', async () => {
    const one = await made({ store: store() })
    await one.auth.users.import([ADA, ADA, { email: 'nobody' }], { context: { actor: 'cli' } })
    const { items } = await one.auth.audit({}, null, 10)
    const told = items.filter(({ actor }) => actor === 'cli').map(({ type, actor, data }) => ({ type, actor, data }))
    expect(told).toHaveLength(2)
    expect(told).toContainEqual({ type: 'user.created', actor: 'cli', data: { roles: 'member', imported: '$2y$04' } })
    expect(told).toContainEqual({
      ...{ type: 'users.imported', actor: 'cli' },
      data: { made: 1, present: 0, taken: 1, refused: 1 },
    })
    expect(JSON.stringify(items)).not.toContain(LARAVEL.slice(10))
  })
})

describe('users.import', () => {
  it('AZ-01: refuses what no account can have, each with its reason, and makes the others', async () => {
    const one = await made()
    const wrong: readonly (readonly [Partial<ImportedUser>, string])[] = [
      [{ email: 'nobody' }, 'email_invalid'],
      [{ name: 'a\u202eb' }, 'invalid_request'],
      [{ roles: ['emperor'] }, 'role_unknown'],
      [{ id: 'a b' }, 'invalid_request'],
      [{ id: 'A'.repeat(22) }, 'invalid_request'],
      [{ createdAt: one.clock.now() + 1 }, 'invalid_request'],
      [{ createdAt: 1.5 }, 'invalid_request'],
      [{ status: 'asleep' as 'locked' }, 'invalid_request'],
      [{ password: 'a password in clear' }, 'invalid_request'],
      [{ fields: { rank: 1 } }, 'invalid_request'],
    ]
    const answer = await one.auth.users.import([...wrong.map(([each]) => ({ email: 'x@example.com', ...each })), ADA])
    expect(answer.map((each) => ('refusal' in each ? each.refusal.code : each.outcome))).toEqual([
      ...wrong.map(([, code]) => code),
      'made',
    ])
    expect(JSON.stringify(answer)).not.toContain('a password in clear')
    expect((await one.auth.users.list({}, null, 10)).items).toHaveLength(1)
  })

  it('P7: an account that gets the id of one that was removed revives nothing of it', async () => {
    for (const strategy of [session(), jwt()]) {
      const one = await made({ strategy })
      const enter = async () => {
        const signedIn = must(await one.auth.signIn({ email: ADA.email, password: PASSWORD }))
        if (signedIn.status !== 'signed_in') throw new Error(signedIn.status)
        return holding({ cookie: cookieOf(signedIn) })
      }
      await one.auth.users.import([{ ...ADA, id: 'ada' }])
      const before = await enter()
      expect((await one.auth.authenticate(before)).ok).toBe(true)
      must(await one.patiently(one.auth.users.remove('ada')))
      await one.clock.advance(2000)
      expect(await outcomes(one, [{ ...ADA, id: 'ada' }])).toEqual(['made'])
      expect((await one.auth.authenticate(before)).ok).toBe(false)
      expect(must(await one.auth.authenticate(await enter())).user.id).toBe('ada')
    }
  })
})
