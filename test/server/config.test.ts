import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigurationError } from '../../src/errors.ts'
import { settings } from '../../src/server/config.ts'
import type { Environment } from '../../src/server/environment.ts'
import { openAuth } from '../../src/server/open.ts'
import { folder } from '../cli/folder.ts'

const SECRET = 'test-secret-0123456789-abcdefghijklmnop'
const SILENT = { info() {}, warn() {}, error() {} }
const PRODUCTION = { NODE_ENV: 'production', SALLYPORT_SECRET: SECRET, SALLYPORT_URL: 'https://auth.example.com' }

const read = (env: Environment = {}, files: Record<string, string> = {}, flags = {}) =>
  settings(flags, env, folder(files))

/** The message that stops the start with these settings. */
async function stopped(env: Environment, files: Record<string, string> = {}): Promise<string> {
  try {
    await openAuth(await read(env, files), SILENT)
  } catch (fault) {
    expect(fault).toBeInstanceOf(ConfigurationError)
    const { message } = fault as ConfigurationError
    expect(message).not.toContain('\n')
    return message
  }
  throw new Error('nothing stopped the start')
}

describe('in development', () => {
  it('everything has a default', async () => {
    const at = folder()
    const found = await settings({}, {}, at)
    expect(found).toMatchObject({ production: false, port: 3000, host: '127.0.0.1', logLevel: 'info', warnings: [] })
    expect(found.data).toBe(join(at, '.data'))
    expect(found.database).toEqual({ kind: 'sqlite', where: join(at, '.data', 'sallyport.db') })
    expect(found.options().baseUrl).toBe('http://localhost:3000')
  })

  it('the address follows the port', async () => {
    expect((await read({ PORT: '8080' })).options().baseUrl).toBe('http://localhost:8080')
  })

  it('KM-07: the secret is made once, random, and for its owner only', async () => {
    const at = folder()
    const first = (await settings({}, {}, at)).options().secret
    expect((await settings({}, {}, at)).options().secret).toBe(first)
    expect(Buffer.from(first as string, 'base64url')).toHaveLength(32)
    expect((await read()).options().secret).not.toBe(first)
    expect(statSync(join(at, '.data', 'secret')).mode & 0o777).toBe(0o600)
    expect(statSync(join(at, '.data')).mode & 0o777).toBe(0o700)
  })

  it('a secret file that others can read is closed to them again', async () => {
    const at = folder()
    const found = await settings({}, {}, at)
    found.options()
    chmodSync(join(at, '.data', 'secret'), 0o644)
    found.options()
    expect(statSync(join(at, '.data', 'secret')).mode & 0o777).toBe(0o600)
  })

  it('an empty secret file is said, and a folder that cannot be used', async () => {
    const at = folder()
    const found = await settings({}, {}, at)
    found.options()
    writeFileSync(join(at, '.data', 'secret'), '\n')
    expect(() => found.options()).toThrow(/is empty: remove it/)
    const occupied = folder({ '.data': '' })
    const blocked = await settings({}, {}, occupied)
    expect(() => blocked.options()).toThrow(/cannot be kept \(E(NOTDIR|EXIST)\): set SALLYPORT_DATA/)
  })
})

describe('in production', () => {
  it('listens everywhere, and makes no secret', async () => {
    expect(await read(PRODUCTION)).toMatchObject({ production: true, host: '0.0.0.0' })
    const { SALLYPORT_SECRET: _, ...without } = PRODUCTION
    expect(await stopped(without)).toBe(
      `SALLYPORT_SECRET is missing: write one made by: node -p "crypto.randomBytes(32).toString('base64url')"`,
    )
  })

  it('KM-07: a missing address, a weak secret and plain http stop the start with what to write', async () => {
    const { SALLYPORT_URL: _, ...without } = PRODUCTION
    expect(await stopped(without)).toMatch(/^SALLYPORT_URL is missing: write the address .* such as https:/)
    for (const weak of ['secret', 'changeme', 'sixteen bytes !!', 'ab'.repeat(30)]) {
      const message = await stopped({ ...PRODUCTION, SALLYPORT_SECRET: weak })
      expect(message).toMatch(/^SALLYPORT_SECRET: secret .*: write one made by: node -p/)
      if (weak !== 'secret') expect(message).not.toContain(weak)
    }
    expect(await stopped({ ...PRODUCTION, SALLYPORT_URL: 'http://auth.example.com' })).toMatch(
      /^SALLYPORT_URL: baseUrl is plain http .*: write 'https:\/\/auth.example.com'/,
    )
  })

  it('takes several secrets, newest first, from the variable or a file', async () => {
    const list = ['newest-0123456789-abcdefghijklmnopqr', 'older-98765432-zyxwvutsrqponmlkjihg']
    const variable = await read({ ...PRODUCTION, SALLYPORT_SECRET: list.join(' , ') })
    expect(variable.options().secret).toEqual(list)
    const at = folder({ secret: `${list.join('\n')}\n` })
    const { SALLYPORT_SECRET: _, ...rest } = PRODUCTION
    const file = await settings({}, { ...rest, SALLYPORT_SECRET_FILE: join(at, 'secret') }, at)
    expect(file.options().secret).toEqual(list)
    expect(await stopped({ ...PRODUCTION, SALLYPORT_SECRET_FILE: '/x' })).toMatch(/are both set: keep one/)
    expect(await stopped({ ...rest, SALLYPORT_SECRET_FILE: join(at, 'none') })).toMatch(/cannot be read \(ENOENT\)/)
  })
})

describe('what the variables say', () => {
  it('each has its place', async () => {
    const found = await read({
      PORT: '8080',
      HOST: '::1',
      DATABASE_URL: 'sqlite:/var/lib/auth/a.db',
      LOG_LEVEL: 'warn',
      SALLYPORT_IDLE: '20m',
      SALLYPORT_ABSOLUTE: '28800000',
      SALLYPORT_SIGN_UP: 'closed',
      TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      CORS_ORIGINS: 'https://a.example,https://b.example',
    })
    expect(found).toMatchObject({
      port: 8080,
      host: '::1',
      database: { where: '/var/lib/auth/a.db' },
      logLevel: 'warn',
    })
    expect(found.options()).toMatchObject({
      timeouts: { idle: '20m', absolute: '28800000ms' },
      signUp: 'closed',
      trustedProxies: ['10.0.0.0/8', '::1'],
      cors: { origins: ['https://a.example', 'https://b.example'] },
    })
    expect((await openAuth(found, SILENT)).setting.policy.standard).toEqual({ idle: 1_200_000, absolute: 28_800_000 })
  })

  it('how a PostgreSQL database is used, each member by itself; for a file it is said to be in vain', async () => {
    const files = { 'sallyport.config.mjs': `export default { postgres: { schema: 'file', patience: '2s' } }` }
    const variables = { DATABASE_SCHEMA: 'variable', DATABASE_CONNECTIONS: '3' }
    const found = await read({ ...variables, DATABASE_URL: 'postgres://a:b@db/auth' }, files)
    expect(found.database).toMatchObject({
      where: 'db/auth (schema variable)',
      options: { schema: 'variable', connections: 3, patience: '2s' },
    })
    expect([found.warnings, found.options()]).toEqual([
      [],
      expect.not.objectContaining({ postgres: expect.anything() }),
    ])
    const inVain = ['DATABASE_SCHEMA', 'DATABASE_CONNECTIONS'].map(
      (name) => `${name} has no effect: the database is a file`,
    )
    expect((await read(variables, files)).warnings).toEqual(inVain)
    expect(await stopped({ ...variables, DATABASE_SCHEMA: 'Up', DATABASE_URL: 'postgres://a:b@db/auth' })).toMatch(
      /^DATABASE_SCHEMA: postgres\(\) schema is not a plain name/,
    )
  })

  it('where sessions are, each member by itself; without an address it is said to be in vain', async () => {
    const files = {
      'sallyport.config.mjs': `export default { redis: { url: ['redis://:secret@a', 'redis://b:7000'], prefix: 'file', patience: '2s' } }`,
    }
    const variables = { REDIS_PREFIX: 'variable', REDIS_PARTITIONS: '8', REDIS_REPLICAS: '0' }
    const file = await read(variables, files)
    expect(file.redis).toEqual({
      where: 'a:6379, b:7000 (prefix variable)',
      urls: ['redis://:secret@a', 'redis://b:7000'],
      options: { prefix: 'variable', partitions: 8, replicas: 0, patience: '2s' },
    })
    expect([file.warnings, file.options()]).toEqual([[], expect.not.objectContaining({ redis: expect.anything() })])
    const { redis } = await read({ REDIS_URL: 'rediss://auth:secret@c/3' }, files)
    expect(redis).toMatchObject({ where: 'c:6379/3 (prefix file)', urls: ['rediss://auth:secret@c/3'] })
    expect((await openAuth(file, SILENT)).metrics().feeds.map(({ source }) => source)).toEqual([
      'sqlite',
      ...Array(8).fill('redis'),
    ])
    const none = await read(variables)
    expect([none.redis, none.warnings]).toEqual([
      null,
      ['REDIS_PREFIX', 'REDIS_PARTITIONS', 'REDIS_REPLICAS'].map(
        (name) => `${name} has no effect: there is no REDIS_URL`,
      ),
    ])
  })

  it.each([
    ['sqlite:data.db', 'data.db'],
    ['sqlite://data.db', 'data.db'],
    ['sqlite:///data.db', '/data.db'],
    ['sqlite:/data.db', '/data.db'],
    ['some/where.db', 'some/where.db'],
    ['/data.db', '/data.db'],
  ])('DATABASE_URL %s', async (url, file) => {
    const at = folder()
    expect((await settings({}, { DATABASE_URL: url }, at)).database).toEqual({
      kind: 'sqlite',
      where: file.startsWith('/') ? file : join(at, file),
    })
  })

  it.each([
    [{ DATABASE_URL: 'mysql://x/y' }, /begins with 'mysql:', which is not supported: write postgres:.*, or sqlite:/],
    [{ DATABASE_URL: 'redis://x/0' }, /begins with 'redis:', which is not supported: write postgres:.*, or sqlite:/],
    [{ DATABASE_URL: 'sqlite:' }, /names no file/],
    [{ DATABASE_URL: 'sqlite::memory:' }, /names no file/],
    [{ REDIS_URL: 'x:6379' }, /^REDIS_URL is not the address of a Redis server: write redis:/],
    [{ REDIS_URL: 'redis://a,redis://b,' }, /^REDIS_URL is not the address/],
    [
      { REDIS_URL: 'redis://a,rediss://b' },
      /^REDIS_URL: redis\(\) is given addresses that differ in more than .*: write/,
    ],
    [{ REDIS_URL: 'redis://x', REDIS_PREFIX: '{x}' }, /^REDIS_PREFIX: redis\(\) prefix is not plain: write/],
    [{ REDIS_URL: 'redis://x', REDIS_PARTITIONS: '0' }, /^REDIS_PARTITIONS is '0': write a whole number from 1$/],
    [{ REDIS_URL: 'redis://x', REDIS_PARTITIONS: '5000' }, /^REDIS_PARTITIONS: redis\(\) partitions is 5000: write/],
    [{ REDIS_URL: 'redis://x', REDIS_REPLICAS: '-1' }, /^REDIS_REPLICAS is '-1': write a whole number from 0$/],
    [{ SALLYPORT_STRATEGY: 'magic' }, /SALLYPORT_STRATEGY is 'magic': write session, jwt or hybrid/],
    [{ SALLYPORT_SIGN_UP: 'closd' }, /SALLYPORT_SIGN_UP is 'closd': write open or closed/],
    [{ LOG_LEVEL: 'loud' }, /LOG_LEVEL is 'loud': write debug, info, warn, error or silent/],
    [{ DATABASE_CONNECTIONS: '1.5' }, /^DATABASE_CONNECTIONS is '1.5': write a whole number from 1$/],
    [{ PORT: '0' }, /PORT is 0: write a number from 1 to 65535/],
    [{ PORT: '3000x' }, /PORT is '3000x': write a number/],
    [{ SALLYPORT_IDLE: 'soon' }, /^SALLYPORT_IDLE: timeouts.idle is "soon": write a duration/],
    [{ SALLYPORT_IDLE: '2d' }, /^SALLYPORT_IDLE: timeouts.idle .* is longer than timeouts.absolute/],
    [{ CORS_ORIGINS: 'https://a.example/x' }, /^CORS_ORIGINS: cors.origins has/],
    [{ SALLYPORT_CONFIG: 'none.ts' }, /none.ts, which does not exist: correct the path/],
  ])('%j stops the start', async (env, message) => {
    expect(await stopped(env)).toMatch(message)
  })

  it('an empty variable is none', async () => {
    expect(await read({ PORT: '', SALLYPORT_SECRET: '', DATABASE_URL: '', REDIS_URL: '' })).toMatchObject({
      port: 3000,
    })
  })

  it('one that means nothing is said, with the name that was meant', async () => {
    const { warnings } = await read({ SALLYPORT_SIGNUP: 'closed', SALLYPORT_QUITE_ELSE: '1' })
    expect(warnings).toEqual([
      'SALLYPORT_SIGNUP means nothing here: did you mean SALLYPORT_SIGN_UP?',
      'SALLYPORT_QUITE_ELSE means nothing here',
    ])
  })
})

describe('the configuration file', () => {
  const FILE = `
    const port: number = 4000
    export default { port, roles: ['member'], timeouts: { idle: '20m', absolute: '8h' }, signUp: 'closed' }
  `

  it('stands below the environment and the command line', async () => {
    const files = { 'sallyport.config.ts': FILE }
    const file = await read({}, files)
    expect(file).toMatchObject({ port: 4000 })
    expect(file.options()).toMatchObject({ roles: ['member'], signUp: 'closed', timeouts: { idle: '20m' } })
    const env = await read({ PORT: '5000', SALLYPORT_IDLE: '10m' }, files)
    expect(env).toMatchObject({ port: 5000 })
    expect(env.options().timeouts).toEqual({ idle: '10m', absolute: '8h' })
    expect(await read({ PORT: '5000' }, files, { port: 6000 })).toMatchObject({ port: 6000 })
  })

  it('is found by SALLYPORT_CONFIG anywhere', async () => {
    const elsewhere = folder({ 'other.mjs': 'export const config = { port: 4100 }' })
    expect(await read({ SALLYPORT_CONFIG: join(elsewhere, 'other.mjs') })).toMatchObject({ port: 4100 })
  })

  it('says how tokens are made', async () => {
    const files = { 'sallyport.config.mjs': `export default { jwt: { ttl: '9m' }, hybrid: { accessTtl: '1s' } }` }
    const file = await read({}, files)
    expect(file.given).toMatchObject({ jwt: { ttl: '9m' }, hybrid: { accessTtl: '1s' } })
    expect(file.options()).not.toHaveProperty('jwt')
    expect((await openAuth(await read({ SALLYPORT_STRATEGY: 'jwt' }, files), SILENT)).setting.strategy).toBe('jwt')
    expect(await stopped({ SALLYPORT_STRATEGY: 'hybrid' }, files)).toMatch(
      /^hybrid\.accessTtl is 1000 ms, .*: write at least/,
    )
  })

  it.each([
    ['export default { timeout: {} }', /has 'timeout', which means nothing here: did you mean 'timeouts'\?/],
    ['export default { store: {} }', /has 'store', which means nothing here/],
    ['export const other = 1', /exports no configuration/],
    ['export default {', /cannot be loaded: /],
    ['throw new Error("no\\nsecret-in-the-second-line")', /cannot be loaded: no$/],
    [`export default { signUp: 'close' }`, /signUp is 'close': write open or closed/],
    [
      `export default { redis: 'redis://:secret@a' }`,
      /redis in the configuration file is no object: write redis: \{ url/,
    ],
    [`export default { redis: { url: [] } }`, /^REDIS_URL is not the address/],
    [`export default { logLevel: 'loud' }`, /logLevel is 'loud'/],
    [`export default { port: '80' }`, /PORT is "80": write a number/],
  ])('%s stops the start', async (text, message) => {
    expect(await stopped({}, { 'sallyport.config.mjs': text })).toMatch(message)
  })
})

it('is the only place that reads the environment, and reads no file but its own', () => {
  expect(
    readFileSync(new URL('../../src/server/config.ts', import.meta.url), 'utf8').match(/process\.env/g),
  ).toHaveLength(1)
})
