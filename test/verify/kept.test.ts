import { afterEach, expect, it } from 'vitest'
import { hybrid, jwt, session } from '../../src/index.ts'
import { holding, must } from '../support/house.ts'
import { code, type Installation, installation } from './service.ts'

const MINUTE = 60_000

let one: Installation
afterEach(() => one?.close())

it.each([
  ['session', session()],
  ['hybrid', hybrid({ accessTtl: '10h' })],
  ['jwt', jwt({ ttl: '10h' })],
] as const)('P1 TO-10: a shorter policy is true here too when it has returned (%s)', async (_, strategy) => {
  one = await installation({ strategy, timeouts: { idle: '11h' } })
  const service = await one.service()
  const { carrier } = await one.warm(service)
  await one.clock.advance(20 * MINUTE)
  expect(service.authenticate(carrier, { passive: true })).toMatchObject({ ok: true })
  const { version, timeouts } = await one.auth.policy.read()
  const shorter = { ...timeouts, idle: 10 * MINUTE, absolute: 15 * MINUTE, warn: MINUTE }
  must(await one.patiently(one.auth.policy.change({ timeouts: shorter, sessionLimit: null }, version)))
  expect(await code(service, carrier)).not.toBe('in')
})

it('what a newer server tells of, and this one does not know, ends what is kept', async () => {
  one = await installation({ strategy: session() })
  one.way.instead = async (request) => {
    const answer = await one.auth.handler(request)
    const body = await answer.text()
    return new Response(body.replaceAll('"kind":"session"', '"kind":"something new"'), answer)
  }
  const service = await one.service()
  const { carrier } = await one.warm(service)
  const other = await one.person('bob')
  must(await one.patiently(one.auth.setSessionFields(other.sid, {})))
  await one.clock.advance(1000)
  expect(service.authenticate(carrier)).toBeInstanceOf(Promise)
})

it('KM-02: what a removed key has signed is not good beside the next token of its session, whatever was missed of the removal', async () => {
  one = await installation({ strategy: hybrid() })
  const service = await one.service()
  const { carrier, refreshToken } = await one.warm(service)
  let lost = false
  one.way.instead = ({ url, method }) => {
    if (!url.includes('/feed')) return null
    // Cut off from the feed alone, until the place at which it was is none any more.
    if (!lost) return new Response(null, { status: 503 })
    return method === 'GET' && url.includes('place=') ? Response.json({}, { status: 400 }) : null
  }
  await one.clock.advance(MINUTE)
  const [key] = await one.auth.keys.list()
  must(await one.patiently(one.auth.keys.remove(key?.kid as string)))
  const next = must(await one.auth.refresh({ get: () => null }, refreshToken))
  const renewed = holding({ bearer: next.carried.tokens?.accessToken as string })
  lost = true
  await one.clock.advance(2000)
  one.way.instead = null
  await one.settle()
  await one.settle()
  expect(await code(service, renewed)).toBe('in')
  await one.settle()
  expect(service.authenticate(renewed)).toMatchObject({ ok: true })
  expect(await code(service, carrier)).toBe('unauthenticated')
})
