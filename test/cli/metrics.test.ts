import { expect, it } from 'vitest'
import { freePort } from '../server/free-port.ts'
import { program } from './program.ts'

const METRICS_TOKEN = 'a-token-that-nobody-guesses'
const authorization = `Bearer ${METRICS_TOKEN}`

it('LG-03: /metrics is nowhere unless asked for, on the public port for the token only, and on a port of its own', async () => {
  const at = program()
  const without = await at.serve()
  expect((await fetch(`${without.url}/metrics`)).status).toBe(404)
  await without.stop()

  const withToken = await at.serve({ METRICS_TOKEN })
  expect((await fetch(`${withToken.url}/metrics`)).status).toBe(401)
  await fetch(`${withToken.url}/auth/sessions/AAAAAAAAAAAAAAAAAAAAAA?x=secret`, { method: 'DELETE' })
  const text = await (await fetch(`${withToken.url}/metrics`, { headers: { authorization } })).text()
  expect(text).toMatch(
    /sallyport_http_requests_total\{method="DELETE",route="\/auth\/sessions\/\{id\}",status="401"\} 1/,
  )
  expect(text).toContain('sallyport_lease_held 1')
  await withToken.stop()
  expect(withToken.output.stdout + withToken.output.stderr).not.toContain(METRICS_TOKEN)

  const port = await freePort()
  const apart = await at.serve({ METRICS_PORT: String(port) })
  expect((await fetch(`${apart.url}/metrics`)).status).toBe(404)
  expect((await fetch(`${apart.url}/metrics`, { headers: { authorization } })).status).toBe(404)
  const own = await fetch(`http://127.0.0.1:${port}/metrics`)
  expect([own.status, await own.text()]).toEqual([200, expect.stringContaining('sallyport_sign_ins_total')])
  expect((await fetch(`http://127.0.0.1:${port}/auth/session`)).status).toBe(404)
  expect(await apart.stop()).toBe(0)

  const taken = await at.run(['serve', '--port', String(port)], { env: { METRICS_PORT: String(port) } })
  expect(taken).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('METRICS_PORT is the port of the server itself'),
  })
})
