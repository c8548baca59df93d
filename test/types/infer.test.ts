import { afterAll, describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { createAuth, type InferSession, type InferUser, memory, session } from '../../src/index.ts'
import { manualClock } from '../../src/testing/clock.ts'
import { BASE, holding, must, PASSWORD, SECRET } from '../support/house.ts'

const auth = createAuth({
  store: memory(),
  strategy: session(),
  baseUrl: BASE,
  secret: SECRET,
  clock: manualClock(),
  fields: {
    user: z.strictObject({ locale: z.enum(['en', 'de']).default('en'), plan: z.string().max(20).optional() }),
    session: z.strictObject({ cart: z.array(z.string()).default([]) }),
  },
})
afterAll(() => auth.close())

describe('declared fields', () => {
  it('give users and sessions their types', () => {
    type User = InferUser<typeof auth>
    type Session = InferSession<typeof auth>
    expectTypeOf<User['fields']>().toEqualTypeOf<{ locale: 'en' | 'de'; plan?: string | undefined }>()
    expectTypeOf<Session['fields']>().toEqualTypeOf<{ cart: string[] }>()
    expectTypeOf<User['roles']>().toEqualTypeOf<readonly string[]>()
    expectTypeOf<User['id']>().toExtend<string>()
    // @ts-expect-error a session's id is not a user's
    expectTypeOf<User['id']>().toEqualTypeOf<Session['id']>()
  })

  it('are checked and completed by the schema, and come back typed', async () => {
    const wrong = await auth.signUp({ email: 'ann@example.com', password: PASSWORD, fields: { locale: 'xx' } })
    expect(wrong).toMatchObject({
      ok: false,
      refusal: { code: 'invalid_request', errors: [{ path: 'fields.locale' }] },
    })
    const signedIn = must(await auth.signUp({ email: 'ann@example.com', password: PASSWORD, fields: { plan: 'free' } }))
    const cookie = signedIn.carried.cookies[0]?.split(';')[0] ?? ''
    const who = must(await auth.authenticate(holding({ cookie })))
    expectTypeOf(who.user.fields.locale).toEqualTypeOf<'en' | 'de'>()
    expect(who.user.fields).toEqual({ locale: 'en', plan: 'free' })
    expect(who.session.fields).toEqual({ cart: [] })

    const edited = must(await auth.users.edit(who.user.id, { fields: { locale: 'de' } }))
    expect(edited.fields).toEqual({ locale: 'de', plan: 'free' })
    const refused = await auth.users.edit(who.user.id, { fields: { isAdmin: true } })
    expect(refused.ok).toBe(false)

    must(await auth.setSessionFields(who.session.id, { cart: ['apple'] }))
    expect(must(await auth.authenticate(holding({ cookie }))).session.fields).toEqual({ cart: ['apple'] })
    expect((await auth.setSessionFields('nobody', { cart: [] })).ok).toBe(false)
  })

  it('without a schema there are none to give', async () => {
    const plain = createAuth({
      store: memory(),
      strategy: session(),
      baseUrl: BASE,
      secret: SECRET,
      clock: manualClock(),
    })
    const refused = await plain.signUp({ email: 'bea@example.com', password: PASSWORD, fields: { admin: true } })
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'invalid_request' } })
    await plain.close()
  })
})
