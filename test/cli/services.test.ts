import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { program } from './program.ts'

const PASSWORD = 'a long enough passphrase'

type Made = { readonly id: string; readonly secret: string; readonly name: string; readonly createdAt: number }

describe('services', () => {
  it('LG-03: are made with a secret that is shown once, listed without it, and removed', async () => {
    const at = program()
    const made = await at.run(['services', 'create', 'billing'])
    expect([made.code, made.stderr]).toEqual([0, ''])
    const lines = made.stdout.trimEnd().split('\n')
    expect(lines).toEqual([
      'made billing',
      expect.stringMatching(/^id {6}[\w-]{22}$/),
      expect.stringMatching(/^secret {2}[\w-]{43}$/),
      'The secret is shown this once: only its digest is kept.',
    ])
    const [id = '', secret = ''] = lines.slice(1, 3).map((line) => line.split(/ +/)[1])
    const listed = await at.run(['services', 'list'])
    expect(listed.stdout).toMatch(new RegExp(`^ID .*\\n${id}  billing  \\d{4}-`))
    const kept = readdirSync(join(at.folder, '.data')).map((name) =>
      readFileSync(join(at.folder, '.data', name), 'latin1'),
    )
    for (const text of [listed.stdout, ...kept]) expect(text).not.toContain(secret)

    expect(await at.run(['services', 'remove', id])).toMatchObject({
      code: 0,
      stdout: `${id} is removed, and its secret opens nothing any more\n`,
    })
    expect((await at.run(['services', 'list'])).stdout).toBe('no services\n')
    const again = await at.run(['services', 'remove', id])
    expect(again).toEqual({ code: 1, stdout: '', stderr: `sallyport: there is no service ${id}\n` })
  })

  it.each([[['services']], [['services', 'create']], [['services', 'remove']]])('exits with 2 on %j', async (args) => {
    expect(await program().run(args)).toMatchObject({ code: 2, stdout: '' })
  })

  it('refuses a name that says nothing', async () => {
    const ran = await program().run(['services', 'create', ' '])
    expect(ran).toMatchObject({ code: 1, stdout: '' })
    expect(ran.stderr).toMatch(/^sallyport: invalid_request: name: Write a name.*\n$/)
  })

  it('TP-10, TP-11: with --json, and good on the server that is running', async () => {
    const at = program()
    const server = await at.serve({ SALLYPORT_STRATEGY: 'hybrid' })
    const { id, secret, ...more } = JSON.parse(
      (await at.run(['services', 'create', 'billing', '--json'])).stdout,
    ) as Made
    expect(more).toEqual({ name: 'billing', createdAt: expect.any(Number) })
    const list = JSON.parse((await at.run(['services', 'list', '--json'])).stdout)
    expect(list).toEqual({ services: [{ id, ...more }] })

    const signedUp = await fetch(`${server.url}/auth/sign-up`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'ann@example.com', password: PASSWORD, transport: 'bearer' }),
    })
    const { tokens } = (await signedUp.json()) as { tokens: { accessToken: string } }
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
    const post = (path: string) =>
      fetch(`${server.url}/auth/${path}`, {
        method: 'POST',
        headers: { authorization },
        body: new URLSearchParams({ token: tokens.accessToken }),
      })
    expect(await (await post('introspect')).json()).toMatchObject({ active: true, roles: ['member'] })
    expect((await post('revoke')).status).toBe(200)
    expect(await (await post('introspect')).text()).toBe('{"active":false}')
    const used = await fetch(`${server.url}/auth/session`, {
      headers: { authorization: `Bearer ${tokens.accessToken}` },
    })
    expect(used.status).toBe(401)

    expect(JSON.parse((await at.run(['services', 'remove', id, '--json'])).stdout)).toEqual({ removed: id })
    const refused = await post('introspect')
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="auth"'])
    await server.stop()
  })
})
