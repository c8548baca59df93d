import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Environment, program } from './program.ts'

const SECRET = 'test-secret-0123456789-abcdefghijklmnop'
const PRODUCTION = {
  NODE_ENV: 'production',
  SALLYPORT_SECRET: SECRET,
  SALLYPORT_URL: 'https://auth.example.com',
  TRUSTED_PROXIES: '10.0.0.2',
}

describe('doctor', () => {
  it('prints a line for each finding, worst first, and exits with 0 while nothing is bad', async () => {
    const at = program()
    const ran = await at.run(['doctor', '--strategy', 'jwt'], { env: PRODUCTION })
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    const lines = ran.stdout.trimEnd().split('\n')
    for (const line of lines) expect(line).toMatch(/^(?:warn|ok {2}) {2}\S/)
    expect(lines.map((line) => line.slice(0, 4))).toEqual(
      lines
        .map((line) => line.slice(0, 4))
        .sort()
        .reverse(),
    )
    expect(lines).toContainEqual(expect.stringMatching(/^warn {2}jwt: who holds a token .* — write jwt: \{ encrypt/))
    expect(readdirSync(at.folder)).toEqual([])
  })

  it('KM-07: exits with 1 when something is bad, and prints no secret', async () => {
    const weak = 'a-secret-too-short'
    const ran = await program().run(['doctor'], { env: { ...PRODUCTION, SALLYPORT_SECRET: weak } })
    expect([ran.code, ran.stderr]).toEqual([1, ''])
    expect(ran.stdout).toMatch(/^bad {3}SALLYPORT_SECRET: secret is shorter than 32 characters — write one made by: /)
    expect(ran.stdout).not.toContain(weak)
  })

  it('prints JSON', async () => {
    const ran = await program().run(['doctor', '--json'], { env: { ...PRODUCTION, TRUSTED_PROXIES: '0.0.0.0/0' } })
    expect([ran.code, ran.stderr]).toEqual([1, ''])
    const { findings } = JSON.parse(ran.stdout)
    expect(findings[0]).toEqual({
      level: 'bad',
      what: expect.stringContaining('trustedProxies has 0.0.0.0/0'),
      instead: expect.stringContaining('addresses of your proxies'),
    })
    for (const finding of findings) expect(Object.keys(finding)).toEqual(['level', 'what', 'instead'])
  })

  it('takes a configuration that cannot be read for a finding', async () => {
    const at = program({ 'sallyport.config.mjs': 'export default { timeout: {} }' })
    const ran = await at.run(['doctor'])
    expect([ran.code, ran.stderr]).toEqual([1, ''])
    expect(ran.stdout).toMatch(/^bad {3}.*has 'timeout', which means nothing here — did you mean 'timeouts'\?\n$/)
  })

  const https = { ...PRODUCTION, SMTP_URL: 'smtps://mail.example.com', MAIL_FROM: 'no-reply@example.com' }
  const CLOSED = { ...https, SALLYPORT_SIGN_UP: 'closed' }

  it.each<[bad: string, env: Environment, config: string, finding: RegExp]>([
    ['a secret everybody knows', { SALLYPORT_SECRET: 'changeme' }, '', /^bad {3}SALLYPORT_SECRET: secret is shorter/],
    ['an address without TLS', { SALLYPORT_URL: 'http://auth.example.com' }, '', /^bad {3}SALLYPORT_URL: baseUrl/],
    ['a proxy that is everybody', { TRUSTED_PROXIES: '0.0.0.0/0' }, '', /^bad {3}trustedProxies has 0\.0\.0\.0\/0: /],
    ['sign-up that tells', { SALLYPORT_SIGN_UP: 'open' }, '', /^warn {2}e-mail addresses are not verified: /],
    ['metrics for everybody', { METRICS_PORT: '9464' }, '', /^warn {2}metrics are on port 9464 of 0\.0\.0\.0 without/],
    ['a log that says nothing', { LOG_LEVEL: 'silent' }, '', /^warn {2}LOG_LEVEL is silent: /],
    ['a database in memory', { DATABASE_URL: 'sqlite:/dev/shm/auth.db' }, '', /^bad {3}\/dev\/shm\/auth\.db is in/],
    ['cookies for every site', {}, `cookies: { sameSite: 'none' }`, /^warn {2}cookies\.sameSite is none: /],
    ['short passwords', {}, 'password: { minLength: 8 }', /^warn {2}password\.minLength is 8, too few /],
    [
      'cheap hashes',
      {},
      'password: { memory: 1024 }',
      /^bad {3}password\.memory 1024 KiB .* is below the published floor/,
    ],
    ['free guesses', {}, 'throttle: { free: 50 }', /^warn {2}throttle\.free is 50: /],
    ['sessions for months', {}, `timeouts: { absolute: '90d' }`, /^warn {2}timeouts\.absolute is 90d, longer than/],
  ])('names %s, with the fix', async (_, env, config, finding) => {
    const at = program({ 'sallyport.config.mjs': `export default { ${config} }` })
    const ran = await at.run(['doctor'], { env: { ...CLOSED, ...env } })
    const found = ran.stdout.split('\n').filter((line) => finding.test(line))
    expect(found).toEqual([expect.stringMatching(/ — \S.*/)])
    expect([ran.code, ran.stderr]).toEqual([found[0]?.startsWith('bad') ? 1 : 0, ''])
  })

  it('looks beside a running server', async () => {
    const at = program()
    const server = await at.serve({ SALLYPORT_STRATEGY: 'hybrid' })
    const ran = await at.run(['doctor', '--strategy', 'hybrid'])
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    expect(ran.stdout).toContain('the master secret opens the signing keys')
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    expect(await server.stop()).toBe(0)
  })
})
