import { generateKeyPairSync } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Config } from '../../src/config.ts'
import { settings } from '../../src/server/config.ts'
import { examine } from '../../src/server/doctor/examine.ts'
import type { Finding } from '../../src/server/doctor/finding.ts'
import { openAuth } from '../../src/server/open.ts'
import { folder } from '../cli/folder.ts'

const SECRET = 'test-secret-0123456789-abcdefghijklmnop'
const OTHER = 'newest-0123456789-abcdefghijklmnopqr'
const SILENT = { info() {}, warn() {}, error() {} }
const PRODUCTION = {
  ...{ NODE_ENV: 'production', SALLYPORT_SECRET: SECRET, SALLYPORT_URL: 'https://auth.example.com' },
  ...{ SMTP_URL: 'smtps://mail.example.com', MAIL_FROM: 'no-reply@example.com' },
  TRUSTED_PROXIES: '10.0.0.2',
}

type Given = Config & { readonly env?: Record<string, string> }

async function examined({ env = {}, ...config }: Given = {}, at = folder()): Promise<readonly Finding[]> {
  writeFileSync(join(at, 'sallyport.config.mjs'), `export default ${JSON.stringify(config)}`)
  return examine({}, { ...PRODUCTION, SALLYPORT_SIGN_UP: 'closed', ...env }, at)
}

/** Everything that is not `ok`, as it is printed. */
async function complaints(given: Given, at?: string): Promise<readonly string[]> {
  const findings = await examined(given, at)
  return findings
    .filter(({ level }) => level !== 'ok')
    .map(({ level, what, instead }) => `${level} ${what} — ${instead}`)
}

const rsa = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

describe('a configuration without weaknesses', () => {
  it.each(['session', 'hybrid'] as const)(
    '%s: has nothing said against it, and every subject mentioned',
    async (strategy) => {
      const findings = await examined({ strategy })
      expect(findings.filter(({ level }) => level !== 'ok')).toEqual([])
      const said = findings.map(({ what }) => what).join('\n')
      for (const subject of [
        'master secret',
        'address',
        'cookies',
        'sign-up',
        'sessions end',
        'passwords',
        'database',
      ]) {
        expect(said).toContain(subject)
      }
    },
  )

  it('JW-16: tokens are said to hold nothing personal, and the audience is said', async () => {
    const findings = await examined({ strategy: 'jwt', jwt: { encrypt: true }, accept: ['hybrid'] })
    expect(findings.every(({ level }) => level === 'ok')).toBe(true)
    const said = findings.map(({ what, instead }) => `${what} — ${instead}`).join('\n')
    expect(said).toContain('jwt: tokens hold ids, times and roles, nothing personal, and are encrypted')
    expect(said).toMatch(/hybrid: tokens are for https:\/\/auth\.example\.com, .*write hybrid: \{ audience:/)
  })

  it('development is judged as such', async () => {
    const at = folder()
    const findings = await examine({}, {}, at)
    expect(findings.every(({ level }) => level === 'ok')).toBe(true)
    expect(findings).toContainEqual({
      level: 'ok',
      what: 'judged as development',
      instead: 'set NODE_ENV=production to judge what goes live',
    })
    expect(readdirSync(at)).toEqual([])
  })
})

describe('each weakness is named with what to write instead', () => {
  it('KM-07: a missing, weak or repeated secret', async () => {
    expect(await complaints({ env: { SALLYPORT_SECRET: '' } })).toEqual([
      expect.stringMatching(/^bad SALLYPORT_SECRET is missing — write one made by: node -p/),
    ])
    for (const weak of ['changeme', 'ab'.repeat(30), `${SECRET},${SECRET}`]) {
      const [line, ...more] = await complaints({ env: { SALLYPORT_SECRET: weak } })
      expect(line).toMatch(/^bad SALLYPORT_SECRET: secret .* — write/)
      expect(line).not.toContain(weak)
      expect(more).toEqual([])
    }
  })

  it('KM-07: a master secret that is something else too', async () => {
    const jwk = { kty: 'oct', k: Buffer.from(SECRET).toString('base64url') }
    for (const material of [{ key: SECRET, alg: 'HS256' as const }, { key: jwk }]) {
      const said = await complaints({ strategy: 'jwt', jwt: { encrypt: true }, keys: { import: [material] } })
      expect(said).toEqual([
        expect.stringMatching(/^bad keys\.import\[0\] is the master secret too: .* — write one made by: openssl rand/),
        expect.stringMatching(/^warn key \S+ is a shared secret: every service that verifies with it can sign too/),
        expect.stringMatching(/^warn keys\.import is in the configuration file /),
      ])
      expect(said.join()).not.toContain(SECRET)
    }
    expect(await complaints({ password: { pepper: [OTHER, SECRET] } })).toContainEqual(
      expect.stringMatching(/^bad password\.pepper is the master secret too/),
    )
  })

  it('every fault at once, and not the first only', async () => {
    const said = await complaints({
      env: { SALLYPORT_SECRET: 'changeme', SALLYPORT_URL: 'http://auth.example.com', SALLYPORT_IDLE: 'soon' },
      cookies: { name: 'sallyport' },
      strategy: 'jwt',
      jwt: { ttl: '1s', encrypt: true },
      sessionLimit: { max: 3, whenFull: 'refuse' },
    })
    expect(said.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'bad SALLYPORT_IDLE: timeouts.idle',
      'bad SALLYPORT_SECRET: secret',
      'bad SALLYPORT_URL: baseUrl',
      'bad cookies.name is',
      'bad jwt.ttl is',
    ])
  })

  it('what contradicts only in company', async () => {
    const said = await complaints({
      strategy: 'jwt',
      jwt: { encrypt: true },
      sessionLimit: { max: 3, whenFull: 'refuse' },
    })
    expect(said).toEqual([expect.stringMatching(/^bad sessionLimit cannot be held by jwt\(\), .* — leave it out/)])
    const roles = { roles: ['baker'], timeouts: { roles: { baker: { idle: '5m' } } } } as const
    expect(await complaints(roles)).toEqual([])
  })

  it.each<[Given, RegExp]>([
    [
      { env: { SALLYPORT_URL: 'http://localhost:3000' } },
      /^bad the address is http:\/\/localhost:3000: .* — write the https/,
    ],
    [{ cookies: { sameSite: 'none' } }, /^warn cookies\.sameSite is none: .* — write 'lax'/],
    [{ cookies: { domain: 'example.com' } }, /^warn cookies\.domain is example\.com: .* — leave it out/],
    [{ cors: { origins: ['http://app.example'] } }, /^warn cors\.origins .* — write 'https:\/\/app\.example'$/],
    [
      { strategy: 'hybrid', hybrid: { accessTtl: '2h' } },
      /^warn hybrid\.accessTtl is 2h: .* — write '1h' or less; '5m'/,
    ],
    [{ strategy: 'jwt', jwt: { ttl: '61m', encrypt: true } }, /^warn jwt\.ttl is 61m: .* — write '1h' or less; '15m'/],
    [{ accept: ['jwt'] }, /^warn jwt: who holds a token can read the roles in it — write jwt: \{ encrypt: true \}/],
    [{ strategy: 'hybrid', keys: { rotateEvery: '91d' } }, /^warn keys\.rotateEvery is 91d: .* — write '90d' or less$/],
    [{ strategy: 'hybrid', keys: { publishFor: '299s' } }, /^warn keys\.publishFor is 299s: .* — write '5m' or more$/],
    [{ strategy: 'hybrid', keys: { leeway: '31s' } }, /^warn keys\.leeway is 31s: .* — write '30s' or less/],
    [{ strategy: 'hybrid', keys: { alg: 'HS256' } }, /^warn keys\.alg is HS256: .* — write 'EdDSA'/],
    [{ timeouts: { idle: '31d', absolute: '31d' } }, /^warn timeouts\.absolute is 31d, .* — write '30d' or less$/],
    [{ timeouts: { remember: { idle: '1d', absolute: '31d' } } }, /^warn timeouts\.remember\.absolute is 31d/],
    [{ fresh: '2h' }, /^warn fresh is 2h: /],
    [{ password: { minLength: 8 } }, /^warn password\.minLength is 8, .* — write 15/],
    [{ logLevel: 'silent' }, /^warn LOG_LEVEL is silent: /],
    [
      { env: { SALLYPORT_SIGNUP: 'closed' } },
      /^warn SALLYPORT_SIGNUP means nothing here: did you mean SALLYPORT_SIGN_UP\?/,
    ],
    [{ database: 'redis://x/0' }, /^bad DATABASE_URL begins with 'redis:', .* — write postgres:.*, or sqlite:/],
  ])('%j', async (given, line) => {
    expect(await complaints(given)).toContainEqual(expect.stringMatching(line))
  })

  it('what is just within the limits is none', async () => {
    const keys = { rotateEvery: '90d', publishFor: '5m', leeway: '30s' } as const
    const long = { idle: '30d', absolute: '30d' } as const
    const timeouts = { ...long, remember: long, roles: { admin: { idle: '1h' } } } as const
    expect(await complaints({ strategy: 'hybrid', hybrid: { accessTtl: '1h' }, keys, timeouts })).toEqual([])
    expect(await complaints({ keys: { leeway: '31s' } })).toEqual([])
  })

  it('TH-07: proxies that are everybody', async () => {
    for (const all of ['0.0.0.0/0', '::/0', '::ffff:0:0/96', '::/64']) {
      const said = await complaints({ trustedProxies: ['10.0.0.0/8', all], env: { TRUSTED_PROXIES: '' } })
      expect(said).toEqual([
        expect.stringMatching(`^bad trustedProxies has ${all}: everybody is believed .* — write the addr`),
      ])
    }
    const wide = await complaints({ trustedProxies: ['0.0.0.0/1', '2000::/3'], env: { TRUSTED_PROXIES: '' } })
    expect(wide.map((line) => line.slice(0, 31))).toEqual([
      'warn trustedProxies has 0.0.0.0',
      'warn trustedProxies has 2000::/',
    ])
    expect(
      await complaints({
        trustedProxies: ['10.0.0.0/8', '192.0.2.1', '::1', '2001:db8::/32'],
        env: { TRUSTED_PROXIES: '' },
      }),
    ).toEqual([])
  })

  it('JW-20: RSA keys of 2048 bits, and no stronger ones', async () => {
    const [short, long] = [rsa(2048), rsa(3072)]
    const keys = { import: [short, long].map((key) => ({ key, alg: 'RS256' as const })) }
    const said = await complaints({ strategy: 'hybrid', keys })
    const weak = expect.stringMatching(/^warn key \S+ \(RS256\) has 2048 bits — write an RSA key of 3072/)
    expect(said).toEqual([weak, expect.stringMatching(/^warn keys\.import is in the configuration file /)])
    expect(said.join()).not.toContain('PRIVATE')
  })

  it('TH-09: open sign-up in production', async () => {
    expect(await complaints({ env: { SALLYPORT_SIGN_UP: 'open' } })).toEqual([
      expect.stringMatching(/^warn e-mail addresses are not verified: sign-up tells whether an address has an account/),
      expect.stringMatching(/^warn sign-up is open: .* SALLYPORT_SIGN_UP=closed$/),
    ])
    expect(await complaints({ env: { SALLYPORT_SIGN_UP: 'open', SALLYPORT_VERIFY_EMAIL: 'true' } })).toEqual([
      expect.stringMatching(/^warn sign-up is open/),
    ])
  })

  it('TH-11: mail that nobody gets, or that others can read on its way', async () => {
    expect(await complaints({ env: { SMTP_URL: '', MAIL_FROM: '' } })).toEqual([
      expect.stringMatching(/^warn no mail is sent: .* — write SMTP_URL and MAIL_FROM$/),
    ])
    const plain = { smtp: { insecurePlaintext: true }, env: { SMTP_URL: 'smtp://mail.example.com' } }
    expect(await complaints(plain)).toEqual([expect.stringMatching(/^bad mail goes to mail\.example\.com unprotected/)])
    const unsent = { SMTP_URL: '', SALLYPORT_VERIFY_EMAIL: 'true' }
    expect((await complaints({ env: unsent }))[0]).toMatch(/^bad SMTP_URL is missing, and addresses are to be verified/)
  })
})

describe('what is kept', () => {
  /** A folder in which a server ran, with a signing key under the secret. */
  async function ran(secret = SECRET): Promise<string> {
    const at = folder()
    const auth = await openAuth(
      await settings({ strategy: 'jwt' }, { ...PRODUCTION, SALLYPORT_SECRET: secret }, at),
      SILENT,
    )
    await auth.ready()
    await auth.close()
    return at
  }

  const listing = (at: string) =>
    readdirSync(join(at, '.data')).map((name) => {
      const { mtimeMs, size, mode } = statSync(join(at, '.data', name))
      return { name, mtimeMs, size, mode }
    })

  it('is looked at and not changed', async () => {
    const at = await ran()
    const before = listing(at)
    const findings = await examined({}, at)
    expect(findings.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['the database is up to date', 'the master secret opens the signing keys']),
    )
    expect(listing(at)).toEqual(before)
  })

  it('KM-08: is open to its owner only', async () => {
    const at = await ran()
    const data = join(at, '.data')
    chmodSync(data, 0o750)
    chmodSync(join(data, 'sallyport.db'), 0o644)
    expect(await complaints({}, at)).toEqual([
      `bad ${data}/sallyport.db is open to everybody on this machine (mode 644) — chmod 600 ${data}/sallyport.db`,
      `warn ${data} is open to its group (mode 750) — chmod 700 ${data}`,
    ])
    const secret = join(folder({ secret: `${SECRET}\n` }), 'secret')
    chmodSync(secret, 0o604)
    const env = { SALLYPORT_SECRET: '', SALLYPORT_SECRET_FILE: secret }
    expect(await complaints({ env })).toEqual([expect.stringContaining(`${secret} is open to everybody`)])
  })

  it('KM-08: opens with the master secret, the newest or an older one', async () => {
    const at = await ran()
    expect(await complaints({ env: { SALLYPORT_SECRET: OTHER } }, at)).toEqual([
      expect.stringMatching(/^bad the master secret opens none of the signing keys — .*SALLYPORT_SECRET=new,old$/),
    ])
    const both = await examined({ env: { SALLYPORT_SECRET: `${OTHER},${SECRET}` } }, at)
    expect(both.filter(({ level }) => level !== 'ok')).toEqual([])
    expect(both.map(({ what }) => what)).toContain('signing keys are still sealed with an older master secret')
  })

  it('may be another program’s', async () => {
    const at = folder()
    mkdirSync(join(at, '.data'), { mode: 0o700 })
    writeFileSync(join(at, '.data', 'sallyport.db'), 'something else entirely, and long enough to be no database', {
      mode: 0o600,
    })
    expect(await complaints({}, at)).toEqual([
      expect.stringMatching(/^bad .*sallyport\.db is not an SQLite database — name/),
    ])
  })

  it('KM-07: the secret of development is neither made nor touched', async () => {
    const at = folder()
    ;(await settings({}, {}, at)).options()
    chmodSync(join(at, '.data', 'secret'), 0o640)
    const findings = await examine({}, {}, at)
    expect(findings[0]).toMatchObject({ level: 'warn', what: expect.stringContaining('secret is open to its group') })
    expect(statSync(join(at, '.data', 'secret')).mode & 0o777).toBe(0o640)
    expect(existsSync(join(at, '.data', 'sallyport.db'))).toBe(false)
  })
})
