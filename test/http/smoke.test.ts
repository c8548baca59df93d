import { expect, it } from 'vitest'
import { site, PASSWORD } from './site.ts'
it('smoke', async () => {
  const s = await site()
  console.log((await s.get('/readyz')).body)
  const up = await s.post('/auth/sign-up', { email: 'a@example.com', password: PASSWORD })
  console.log(up.status, up.body, up.cookies, Object.fromEntries(up.headers))
  const { cookie } = up
  console.log((await s.get('/auth/session', { cookie })).body)
  console.log((await s.get('/auth/sessions', { cookie })).body)
  console.log((await s.post('/auth/reauthenticate', { password: PASSWORD }, { cookie })).body)
  console.log((await s.post('/auth/sign-out', undefined, { cookie })).status)
  console.log(JSON.stringify((await s.get('/openapi.json')).body, null, 1).slice(0, 6000))
  console.log(await (await s.send('GET', '/auth/session')).text())
})
