import { expect, it } from 'vitest'
import { freePort } from '../server/free-port.ts'
import { program } from './program.ts'

const ENV = { SALLYPORT_STRATEGY: 'jwt', LOG_LEVEL: 'error' }
const OURS = { ...ENV, SALLYPORT_SECRET: 'first-secret-0123456789-abcdefghijklmnop' }
const FOREIGN = { ...ENV, SALLYPORT_SECRET: 'second-secret-0123456789-zyxwvutsrqponm' }

it('P3: a server whose secret opens no key does not start and says why; removing the keys is the way out', async () => {
  const { run, serve } = program()
  const list = async (env: typeof OURS) =>
    JSON.parse((await run(['keys', 'list', '--json'], { env })).stdout).keys as { kid: string; state: string }[]
  expect((await run(['keys', 'rotate'], { env: OURS })).code).toBe(0)
  const made = await list(OURS)
  expect(made.length).toBeGreaterThan(0)

  const refused = await run(['serve'], { env: { ...FOREIGN, PORT: String(await freePort()) } })
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('the master secret is not the one it was sealed with; list that one in secret too')
  expect(refused.stderr).not.toMatch(/[a-z]+-secret-/)
  expect(await list(FOREIGN)).toEqual(made)

  for (const { kid } of made) expect((await run(['keys', 'remove', kid], { env: FOREIGN })).code).toBe(0)
  const server = await serve(FOREIGN)
  expect((await (await fetch(new URL('/readyz', server.url))).json()).parts).toMatchObject({ keys: true })
  expect((await list(FOREIGN)).filter(({ state }) => state === 'signing')).toHaveLength(1)
  await server.stop()
})
