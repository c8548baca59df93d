import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Config } from '../../src/config.ts'
import { settings } from '../../src/server/config.ts'
import { examine, judge } from '../../src/server/doctor/examine.ts'
import { type Facts, gather } from '../../src/server/doctor/facts.ts'
import { openAuth } from '../../src/server/open.ts'
import { folder } from '../cli/folder.ts'

const SECRET = 'test-secret-0123456789-abcdefghijklmnop'
const PRODUCTION = {
  ...{ NODE_ENV: 'production', SALLYPORT_SECRET: SECRET, SALLYPORT_URL: 'https://auth.example.com' },
  ...{ TRUSTED_PROXIES: '10.0.0.2', SALLYPORT_SIGN_UP: 'closed' },
  ...{ SMTP_URL: 'smtps://mail.example.com', MAIL_FROM: 'no-reply@example.com' },
}
const WEBHOOK = `whsec_${btoa(SECRET)}`
const DAY = 86_400_000

type Given = Config & { readonly env?: Readonly<Record<string, string>> }

const line = ({ level, what, instead }: { level: string; what: string; instead: string | null }) =>
  `${level} ${what} — ${instead}`

async function complaints({ env = {}, ...config }: Given, at = folder()): Promise<readonly string[]> {
  writeFileSync(join(at, 'sallyport.config.mjs'), `export default ${JSON.stringify(config)}`)
  const findings = await examine({}, { ...PRODUCTION, ...env }, at)
  return findings.filter(({ level }) => level !== 'ok').map(line)
}

async function facts(over: Partial<Facts>): Promise<Facts> {
  return { ...(await gather(await settings({}, PRODUCTION, folder()))), ...over }
}

async function judged(over: Partial<Facts>): Promise<readonly string[]> {
  return judge(await facts(over))
    .filter(({ level }) => level !== 'ok')
    .map(line)
}

describe('each weakness of a configuration has its finding, with the fix', () => {
  it.each<[row: string, Given, RegExp]>([
    ['TH-02', { throttle: { free: 50 } }, /^warn throttle\.free is 50: .* — write 10 or less; 5 is usual$/],
    ['TH-02', { throttle: { delay: '1ms' } }, /^warn throttle\.delay is 1ms: .* — write '1s' or more$/],
    ['TH-02', { throttle: { cap: '10s' } }, /^warn throttle\.cap is 10s: .* — write '15m'$/],
    [
      'TH-05',
      { throttle: { perSource: { failures: 1000, window: '1m' } } },
      /^warn throttle\.perSource lets a source fail 10000 times .* — write perSource: \{ failures: 50/,
    ],
    ['TH-10', { password: { queue: 100_000 } }, /^warn password\.queue is 100000: the last in it waits some \d+ s/],
    [
      'TH-07',
      { env: { TRUSTED_PROXIES: '' } },
      /^warn people come by https, .* all of them are one — write the address of the proxy in TRUSTED_PROXIES$/,
    ],
    [
      'KM-07',
      { secret: `${SECRET}-2` },
      /^warn secret is in the configuration file .* — write it in SALLYPORT_SECRET or/,
    ],
    [
      'PW-13',
      { password: { pepper: `${SECRET}-3` } },
      /^warn password\.pepper is in the configuration file .* — write it in/,
    ],
    [
      'KM-08',
      { redis: { url: 'redis://a:b@localhost:1' } },
      /^warn redis\.url is in the configuration file .* — write it in REDIS_URL, and change/,
    ],
    ...(
      [
        ['smtp.url', { smtp: { url: 'smtps://a:written@mail.example.com' }, env: { SMTP_URL: '' } }, 'SMTP_URL'],
        ['metrics.token', { metrics: { token: `${SECRET}-4` } }, 'METRICS_TOKEN'],
        ['webhooks', { webhooks: [{ url: 'https://hooks.example.com', secret: WEBHOOK }] }, 'a variable of yours'],
        ['keys.import', { keys: { import: [{ key: `${SECRET}-5`, alg: 'HS256' }] } }, 'a variable of yours'],
        ['keys.import', { keys: { import: [{ key: { kty: 'oct', k: btoa(SECRET) } }] } }, 'a variable of yours'],
      ] as const
    ).map(([member, given, where]): [string, Given, RegExp] => [
      'KM-08',
      given,
      new RegExp(`^warn ${member.replace('.', '\\.')} is in the configuration file .* — write it in ${where}`),
    ]),
    [
      'KM-06',
      { webhooks: [{ url: 'https://hooks.example.com', secret: WEBHOOK, allowPrivate: true }] },
      /^warn webhooks\[0\]\.allowPrivate is on: .* — leave it out, unless/,
    ],
    [
      'ER-01',
      { metrics: { port: 9464 } },
      /^warn metrics are on port 9464 of 0\.0\.0\.0 without a token: .* — write METRICS_TOKEN, and let nobody/,
    ],
    [
      'RC-03',
      { throttle: { mail: { perAddress: 10, window: '10m' } } },
      /^warn throttle\.mail lets anybody have 60 messages an hour sent to an address — write perAddress: 20 or less/,
    ],
    [
      'CS-07',
      { cors: { origins: ['http://localhost:5173'] } },
      /^warn cors\.origins has http:\/\/localhost:5173: .* — remove it in production$/,
    ],
    [
      'TO-03',
      { timeouts: { idle: '8h' } },
      /^warn administrators may be idle for 8h: .* — write timeouts: \{ roles: \{ admin:/,
    ],
    [
      'LG-05',
      { retention: { audit: '7d' } },
      /^warn retention\.audit is 7d: .* — write '90d' or more; '365d' is usual$/,
    ],
    ['LG-05', { retention: { audit: '4000d' } }, /^warn retention\.audit is 4000d: .* — write '1095d' or less$/],
    [
      'LG-05',
      { retention: { ended: '500d' } },
      /^warn retention\.ended is 500d: .* — write '400d' or less; '30d' is usual$/,
    ],
    [
      'KM-07',
      { env: { NODE_ENV: '' } },
      /^warn the address is https:\/\/auth\.example\.com, and this is judged as development: .* — write NODE_ENV=production/,
    ],
    [
      'CK-12',
      { env: { NODE_ENV: '', SALLYPORT_URL: '', HOST: '0.0.0.0' } },
      /^warn the server of development listens on 0\.0\.0\.0: .* — leave HOST out/,
    ],
    [
      'TE-10',
      { env: { DATABASE_URL: 'sqlite:/dev/shm/auth.db' } },
      /^bad \/dev\/shm\/auth\.db is in \/dev\/shm, which is memory: .* — write a place that stays in DATABASE_URL/,
    ],
  ])('%s: %j', async (_, given, expected) => {
    const said = await complaints(given)
    expect(said).toContainEqual(expect.stringMatching(expected))
    for (const one of said) expect(one).not.toMatch(/test-secret|:b@|written|whsec_/)
  })

  it('what is just within the limits is none', async () => {
    const throttle = { free: 10, delay: '1s', cap: '1m', perSource: { failures: 200, window: '10m' } } as const
    const retention = { audit: '90d', ended: '400d' } as const
    expect(await complaints({ throttle, retention, timeouts: { idle: '1h' }, password: { queue: 256 } })).toEqual([])
  })

  it('KM-08: a secret that the configuration file reads from elsewhere is in no file', async () => {
    const at = folder()
    writeFileSync(
      join(at, 'sallyport.config.mjs'),
      `export default { password: { pepper: ['test-', 'secret'].join('').repeat(4) } }`,
    )
    const findings = await examine({}, PRODUCTION, at)
    expect(findings.filter(({ level }) => level !== 'ok')).toEqual([])
  })

  it('KM-01: a signing key that none has followed', async () => {
    const { machine } = await facts({})
    const found = (days: number) =>
      ({
        state: 'found',
        found: {
          pending: 0,
          keys: { kept: 1, opened: 1, byNewest: 1, newestAt: machine.now - days * DAY },
          people: { any: false, admins: 0 },
          policy: null,
        },
      }) as const
    const strategies = ['hybrid'] as const
    expect(await judged({ strategies, machine, database: found(32) })).toEqual([])
    expect(await judged({ strategies, machine, database: found(33) })).toEqual([
      'warn the newest signing key is 33 days old, and is to be followed every 30d — see whether a server runs and what its log says, or run keys rotate',
    ])
    expect(await judged({ strategies: ['session'], machine, database: found(33) })).toEqual([])
  })

  it('TH-10: hashing that takes more than half of the memory, however many cores compute it', async () => {
    const { given } = await facts({})
    const machine = { memory: 256 * 1_048_576, cores: 2, now: 0 }
    const takes = (password: object) => judged({ given: { ...given, password }, machine })
    expect(await takes({ memory: 65_536, concurrency: 1024 })).toEqual([])
    expect(await takes({ memory: 131_072, concurrency: 1 })).toEqual([])
    expect(await takes({ memory: 65_537 })).toEqual([
      'warn hashing takes up to 128 MiB at once, more than half of what this machine has: sign-ins can end the process — write a smaller password.memory, or password.concurrency',
    ])
  })

  it('TH-05: a task that is passed over where nobody can check it', async () => {
    const captcha = { verify: async () => true, onFault: 'allow' } as const
    const { given } = await facts({})
    expect(await judged({ given: { ...given, captcha } })).toEqual([
      expect.stringMatching(/^warn captcha\.onFault is allow: .* — write 'refuse', or leave it out$/),
    ])
    expect(await judged({ given: { ...given, captcha: { ...captcha, onFault: 'refuse' } } })).toEqual([])
  })

  it('ER-01: metrics of this machine only, or for a token, are no weakness', async () => {
    const env = { METRICS_PORT: '9464', METRICS_TOKEN: '' }
    expect(await complaints({ env: { ...env, HOST: '127.0.0.1' } })).toEqual([])
    expect(await complaints({ env: { ...env, METRICS_TOKEN: SECRET } })).toEqual([])
  })

  it('TO-03: what administrators have set counts, and not what it has replaced', async () => {
    const at = folder()
    const auth = await openAuth(await settings({}, PRODUCTION, at), { info() {}, warn() {}, error() {} })
    const { timeouts, sessionLimit } = await auth.policy.read()
    const loose = { ...timeouts, idle: 40 * DAY, absolute: 40 * DAY }
    expect(await auth.policy.change({ timeouts: loose, sessionLimit }, 0)).toMatchObject({ ok: true })
    await auth.close()
    expect(await complaints({}, at)).toEqual([
      expect.stringMatching(/^warn administrators may be idle for 40d, as administrators have set it: /),
      expect.stringMatching(
        /^warn timeouts\.absolute is 40d, as administrators have set it, longer than .* — write '30d'/,
      ),
      expect.stringMatching(/^warn timeouts\.idle is 40d, as administrators have set it, longer than/),
    ])
    const env = { DATABASE_URL: `sqlite:${at}/.data/sallyport.db` }
    expect(await complaints({ timeouts: { fixed: ['idle', 'absolute'] }, env })).toEqual([])
    const [unfit] = await complaints({ timeouts: { preset: 'aal1' }, env })
    expect(unfit).toMatch(/^bad what administrators have set does not fit the configuration, .* — /)
  })

  it('AZ-01: no administrator, or too many of them, of those who can sign in', async () => {
    const at = folder()
    const auth = await openAuth(await settings({}, PRODUCTION, at), { info() {}, warn() {}, error() {} })
    const importing = (from: number, to: number, roles: readonly string[]) =>
      auth.users.import(
        Array.from({ length: to - from }, (_, i) => ({ email: `u${from + i}@example.com`, id: `u${from + i}`, roles })),
      )
    await importing(0, 1, ['member'])
    expect(await complaints({}, at)).toEqual([
      expect.stringMatching(
        /^warn there is no administrator who can sign in: .* — make one: users roles <address> admin/,
      ),
    ])
    await importing(1, 12, ['admin', 'member'])
    await auth.lock('u1')
    expect(await complaints({}, at)).toEqual([])
    await importing(12, 13, ['admin'])
    expect(await complaints({}, at)).toEqual([
      expect.stringMatching(/^warn there are 11 administrators: .* — give those who only look the role auditor/),
    ])
    await auth.close()
  })
})
