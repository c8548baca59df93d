import { describe, expect, it } from 'vitest'
import { type Program, program, type Ran, type Server } from './program.ts'

const ANN = { email: 'ann@example.com', password: 'a long enough passphrase' }

type Key = { readonly kid: string; readonly state: string; readonly signsFrom: number | null }

const KID = /^[A-Za-z0-9_-]{43}$/

/** What the command line says of the keys. */
async function listed(at: Program): Promise<readonly Key[]> {
  const ran = await at.run(['keys', 'list', '--json'])
  expect([ran.code, ran.stderr]).toEqual([0, ''])
  return JSON.parse(ran.stdout).keys
}

/** A folder in which a server of this strategy has run. */
async function used(strategy: string): Promise<Program> {
  const at = program()
  const server = await at.serve({}, ['--strategy', strategy])
  await server.stop()
  return at
}

function refusedWith(ran: Ran, line: RegExp): void {
  expect(ran).toMatchObject({ code: 1, stdout: '' })
  expect(ran.stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(line)])
}

async function bearer({ url }: Server, path: '/auth/sign-up' | '/auth/sign-in'): Promise<string> {
  const body = JSON.stringify({ ...ANN, transport: 'bearer' })
  const answer = await fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const { tokens } = (await answer.json()) as { readonly tokens: { readonly accessToken: string } }
  return tokens.accessToken
}

function session({ url }: Server, token: string): Promise<Response> {
  return fetch(`${url}/auth/session`, { headers: { authorization: `Bearer ${token}` } })
}

const kidOf = (token: string): string => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid

describe('keys', () => {
  it('are none where nothing signs', async () => {
    const at = await used('session')
    const ran = await at.run(['keys', 'list'])
    expect(ran).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^no keys: /) })
    expect(await listed(at)).toEqual([])
  })

  it('are listed, rotated and removed', async () => {
    const at = await used('hybrid')
    const [first] = await listed(at)
    expect(first).toMatchObject({ kid: expect.stringMatching(KID), alg: 'EdDSA', state: 'signing', imported: false })
    const { kid = '' } = first ?? {}

    const rotated = await at.run(['keys', 'rotate', '--json'])
    expect([rotated.code, rotated.stderr]).toEqual([0, ''])
    const next = JSON.parse(rotated.stdout)
    expect(next).toMatchObject({ kid: expect.stringMatching(KID), state: 'published' })
    expect(next.signsFrom - next.createdAt).toBe(3_600_000)
    expect((await listed(at)).map((key) => [key.kid, key.state])).toEqual([
      [kid, 'signing'],
      [next.kid, 'published'],
    ])

    expect(await at.run(['keys', 'remove', kid])).toEqual({
      code: 0,
      stdout: `${kid} is removed, and every token it signed is dead\n`,
      stderr: '',
    })
    const lines = (await at.run(['keys', 'list'])).stdout.trimEnd().split('\n')
    expect(lines).toEqual([
      expect.stringMatching(/^KEY +ALGORITHM +STATE +MADE \(UTC\) +SIGNS FROM +REMOVED$/),
      expect.stringMatching(`^${kid} +EdDSA +removed +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d .*\\d\\d:\\d\\d$`),
      expect.stringMatching(`^${next.kid} +EdDSA +signing `),
    ])
    const removed = await at.run(['keys', 'remove', next.kid, '--json'])
    expect([removed.code, removed.stderr]).toEqual([0, ''])
    expect(JSON.parse(removed.stdout)).toEqual({ removed: next.kid })
    expect((await at.run(['keys', 'rotate'])).stdout).toMatch(
      /^[A-Za-z0-9_-]{43} \(EdDSA\) is published, signs from \d{4}-\d\d-\d\d \d\d:\d\d UTC\n$/,
    )
  })

  it('LG-04: an unknown one is refused with one line', async () => {
    const at = await used('jwt')
    const before = await listed(at)
    refusedWith(await at.run(['keys', 'remove', 'nobody-has-it']), /^sallyport: there is no key nobody-has-it$/)
    refusedWith(await at.run(['keys', 'remove', 'a\u001b[2Jb\nc']), /^sallyport: there is no key a�\[2Jb�c$/)
    expect((await at.run(['keys', 'remove'])).code).toBe(2)
    expect(await listed(at)).toEqual(before)
  })

  it('KM-08: nothing that is printed is part of a secret key', async () => {
    const at = await used('jwt')
    for (const args of [
      ['keys', 'list', '--json'],
      ['keys', 'rotate', '--json'],
      ['keys', 'list'],
    ]) {
      const { stdout, stderr } = await at.run(args)
      expect(stdout + stderr).not.toMatch(/sealed|"d"|PRIVATE/)
    }
  })

  it('that are imported do not rotate', async () => {
    const key = 'a shared secret for 0123456789 tests'
    const config = { strategy: 'jwt', keys: { import: [{ key, alg: 'HS256', kid: 'shared' }] } }
    const at = program({ 'sallyport.config.mjs': `export default ${JSON.stringify(config)}` })
    expect(await listed(at)).toEqual([expect.objectContaining({ kid: 'shared', state: 'signing', imported: true })])
    const ran = await at.run(['keys', 'rotate'])
    refusedWith(ran, /^sallyport: The keys are imported: change them where they come from$/)
    expect(ran.stderr).not.toContain(key)
  })
})

describe('keys remove, beside a running server', () => {
  it('KM-02: when it returns, the server refuses the tokens of that key, and signs with another', async () => {
    const at = program()
    const server = await at.serve({}, ['--strategy', 'jwt'])
    const token = await bearer(server, '/auth/sign-up')
    const other = await bearer(server, '/auth/sign-in')
    for (const one of [token, other]) expect((await session(server, one)).status).toBe(200)

    let returned = false
    const seen = { before: 0, late: 0, refused: 0 }
    const traffic = (async () => {
      while (seen.refused < 5) {
        const late = returned
        const { status } = await session(server, token)
        if (status === 401) seen.refused += late ? 1 : 0
        else if (status === 200) seen[late ? 'late' : 'before'] += 1
        else throw new Error(`${status}: ${server.output.stderr}`)
      }
    })()
    const removed = await at.run(['keys', 'remove', kidOf(token)])
    returned = true
    await traffic
    expect([removed.code, removed.stderr]).toEqual([0, ''])
    expect(seen.before).toBeGreaterThan(0)
    expect(seen.late).toBe(0)
    expect((await session(server, other)).status).toBe(401)

    const again = await bearer(server, '/auth/sign-in')
    expect(kidOf(again)).not.toBe(kidOf(token))
    expect((await session(server, again)).status).toBe(200)
    const published = await (await fetch(`${server.url}/.well-known/jwks.json`)).json()
    expect(published.keys.map((key: Key) => key.kid)).toEqual([kidOf(again)])
    expect(await server.stop()).toBe(0)
  })

  it('KM-01: a rotation refuses nobody', async () => {
    const at = program()
    const server = await at.serve({}, ['--strategy', 'jwt'])
    const token = await bearer(server, '/auth/sign-up')
    expect((await at.run(['keys', 'rotate'])).code).toBe(0)
    expect((await session(server, token)).status).toBe(200)
    const next = await bearer(server, '/auth/sign-in')
    expect(kidOf(next)).toBe(kidOf(token))
    expect((await session(server, next)).status).toBe(200)
  })
})
