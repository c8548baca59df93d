import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { CreatedService } from '../../src/flows/services.ts'
import { sqlite } from '../../src/stores/sql/sqlite.ts'
import { newFile } from '../stores/sqlite-fixture.ts'
import { type House, house, must } from '../support/house.ts'

const open: House[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function begin(options: Parameters<typeof house>[0] = {}): Promise<House> {
  const one = await house(options)
  open.push(one)
  return one
}

const basic = ({ id, secret }: Pick<CreatedService, 'id' | 'secret'>) =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
const bearer = ({ id, secret }: Pick<CreatedService, 'id' | 'secret'>) => `Bearer ${id}.${secret}`
const OTHER_ID = 'A'.repeat(22)
const OTHER_SECRET = 'A'.repeat(43)

describe('services', () => {
  it('are made, listed and known by both ways to show who one is', async () => {
    const { auth, clock } = await begin()
    const billing = must(await auth.services.create('  billing '))
    expect(billing).toEqual({
      id: expect.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/),
      secret: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      name: 'billing',
      createdAt: clock.now(),
    })
    await clock.advance(1)
    const search = must(await auth.services.create('billing'))
    expect(search.id).not.toBe(billing.id)
    const { secret: _, ...info } = billing
    expect(await auth.services.list()).toEqual([info, { id: search.id, name: 'billing', createdAt: clock.now() }])
    for (const header of [basic(billing), bearer(billing)]) {
      expect(await auth.service(header)).toEqual({ ok: true, value: info })
    }
  })

  it.each(['', '  ', 'a\u0000b', 'x'.repeat(201)])('refuse the name %j', async (name) => {
    const { auth } = await begin()
    expect(await auth.services.create(name)).toMatchObject({
      refusal: { code: 'invalid_request', errors: [{ path: 'name' }] },
    })
    expect(await auth.services.list()).toEqual([])
  })

  it('TP-11, ER-04: whatever is wrong with the credentials, a stranger hears the same', async () => {
    const { auth, events } = await begin()
    const one = must(await auth.services.create('one'))
    const two = must(await auth.services.create('two'))
    const wrong = [
      basic({ id: one.id, secret: OTHER_SECRET }),
      basic({ id: one.id, secret: two.secret }),
      basic({ id: OTHER_ID, secret: one.secret }),
      bearer({ id: one.id, secret: two.secret }),
      `Bearer ${one.secret}`,
      `Bearer ${one.id}.${one.secret}.`,
      `Basic ${one.id}:${one.secret}`,
      `${basic(one)}, ${basic(one)}`,
      basic(one).replace('Basic', 'Digest'),
      basic({ id: one.id, secret: `${one.secret} ` }),
      '',
    ]
    const said = []
    for (const header of wrong) said.push(await auth.service(header))
    expect(new Set(said.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify({ ok: false, refusal: { code: 'unauthenticated', presented: true } })]),
    )
    // Whoever shows nothing has not tried anything.
    expect(await auth.service(null)).toEqual({ ok: false, refusal: { code: 'unauthenticated' } })
    await auth.audit({}, null, 1)
    const rejected = events.filter(({ type }) => type === 'service.rejected')
    expect(rejected).toHaveLength(wrong.length)
    expect(rejected[0]).toMatchObject({ severity: 'warning', reason: 'wrong_secret', data: { service: one.id } })
    expect(rejected[2]).toMatchObject({ reason: 'unknown_service', data: {} })
    expect(rejected[4]).toMatchObject({ reason: 'malformed', data: {} })
  })

  it('LG-05: making and removing one are events, with who did it', async () => {
    const { auth, events } = await begin()
    const { id } = must(await auth.services.create('billing', { actor: 'cli' }))
    must(await auth.services.remove(id, { actor: 'cli' }))
    expect(await auth.services.remove(id)).toMatchObject({ refusal: { code: 'not_found' } })
    await auth.audit({}, null, 1)
    const told = events.filter(({ type }) => type.startsWith('service.'))
    expect(told.map(({ type, actor, data }) => ({ type, actor, data }))).toEqual([
      { type: 'service.created', actor: 'cli', data: { service: id, name: 'billing' } },
      { type: 'service.removed', actor: 'cli', data: { service: id } },
    ])
  })

  it('are nobody from when their removal has returned, on every node', async () => {
    const { auth, nodes } = await begin({ nodes: 2 })
    const made = must(await auth.services.create('billing'))
    for (const node of nodes) must(await node.service(basic(made)))
    must(await auth.services.remove(made.id))
    for (const node of nodes) {
      expect(await node.service(basic(made))).toMatchObject({ refusal: { code: 'unauthenticated' } })
    }
    expect(await auth.services.list()).toEqual([])
  })

  it('LG-03: no file of the store and no event has a secret in it', async () => {
    const file = newFile()
    const { auth, events } = await begin({ store: sqlite(file) })
    const made = must(await auth.services.create('billing'))
    must(await auth.service(basic(made)))
    await auth.service(basic({ id: made.id, secret: OTHER_SECRET }))
    await auth.service(bearer({ id: OTHER_ID, secret: made.secret }))
    const told = JSON.stringify([events, await auth.audit({}, null, 100), await auth.services.list()])
    const folder = dirname(file)
    const kept = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'latin1'))
      .join('')
    expect(kept).toContain(made.id)
    const secret = Buffer.from(made.secret, 'base64url')
    const forms = [
      made.secret,
      secret.toString('hex'),
      secret.toString('latin1'),
      secret.toString('base64'),
      OTHER_SECRET,
    ]
    for (const form of forms) for (const place of [kept, told]) expect(place).not.toContain(form)
  })

  it('SI-07: guessing is counted by source, and shuts out nobody who was known there before', async () => {
    const { auth, clock, events } = await begin()
    const [known, fresh] = [must(await auth.services.create('known')), must(await auth.services.create('fresh'))]
    const context = { source: '192.0.2.7' }
    must(await auth.service(basic(known), context))
    for (let i = 0; i < 150; i += 1) await auth.service(basic({ id: known.id, secret: OTHER_SECRET }), context)
    expect(await auth.service(basic(fresh), context)).toEqual({
      ok: false,
      refusal: { code: 'throttled', retryAfter: 60 },
    })
    must(await auth.service(basic(known), context))
    must(await auth.service(basic(fresh), { source: '192.0.2.8' }))
    // Removed is removed, remembered or not.
    must(await auth.services.remove(known.id))
    expect(await auth.service(basic(known), context)).toMatchObject({ refusal: { code: 'unauthenticated' } })
    expect(await auth.service(basic(known), context)).toMatchObject({ refusal: { code: 'throttled' } })
    await auth.audit({}, null, 1)
    expect(events.filter(({ type }) => type === 'service.rejected')).toHaveLength(99)
    expect(events.filter(({ type }) => type === 'token.guessing')).toHaveLength(1)
    clock.step(60_000)
    must(await auth.service(basic(fresh), context))
  })
})
