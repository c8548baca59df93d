import { afterEach, expect, it, vi } from 'vitest'
import { createAuth } from '../../src/create-auth.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { session } from '../../src/strategies/session.ts'
import { BASE, SECRET } from '../support/house.ts'
import { type Site, site } from './site.ts'

let s: Site
afterEach(() => s?.close())

it('is alive without asking anything', async () => {
  s = await site()
  const health = vi.spyOn(s.auth, 'health')
  expect(await s.get('/livez')).toMatchObject({ status: 200, body: { status: 'ok' } })
  expect(health).not.toHaveBeenCalled()
})

it('is ready when every part is up, each by name', async () => {
  s = await site()
  expect(await s.get('/readyz')).toMatchObject({
    status: 200,
    body: { status: 'ok', parts: { 'store memory': true, feed: true } },
  })
})

it('is not ready when one is down, and says which', async () => {
  const store = memory()
  s = await site({ store })
  vi.spyOn(store.users.source, 'ping').mockRejectedValue(new Error('gone'))
  const reply = await s.get('/readyz')
  expect(reply).toMatchObject({
    status: 503,
    body: { status: 'unavailable', parts: { 'store memory': false, feed: true } },
  })
  expect(reply.headers.get('retry-after')).toBe('1')
  expect(reply.text).not.toContain('gone')
})

it('becomes ready by being asked', async () => {
  const auth = createAuth({ store: memory(), strategy: session(), baseUrl: BASE, secret: SECRET })
  const response = await auth.handler(new Request(`${BASE}/readyz`))
  expect(response.status).toBe(200)
  await auth.close()
})
