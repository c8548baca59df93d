import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LARAVEL, PASSWORD } from '../credentials/password/foreign-samples.ts'
import { freePort } from '../server/free-port.ts'
import { program, type Server, until } from './program.ts'
import { without } from './without.ts'

/** The program where none of those is installed. */
const bare = (files: Readonly<Record<string, string>> = {}) =>
  program(files, without('nodemailer', 'prom-client', '@node-rs/bcrypt', '@clack/prompts').main)

const SMTP = { SMTP_URL: 'smtp://localhost:1', MAIL_FROM: 'no-reply@example.com' }
const IMPORTED = `export default { password: { imported: ['$2y$04'] } }\n`
const EMAIL = 'ann@example.com'

const post = ({ url }: Server, path: string, body: object) =>
  fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

describe('without the packages that only some need', () => {
  it('serves people, and keeps their messages as text', async () => {
    const at = bare()
    const server = await at.serve({ SALLYPORT_VERIFY_EMAIL: 'true' })
    expect((await post(server, '/auth/sign-up', { email: EMAIL, password: PASSWORD })).status).toBe(202)
    const folder = join(at.folder, '.data', 'outbox')
    const files = () => (existsSync(folder) ? readdirSync(folder) : [])
    await until(() => files().length > 0)
    await until(() => server.output.stdout.includes('a message was written'))
    expect(files()).toEqual([expect.stringMatching(/-verification-\w+\.txt$/)])
    expect(await server.stop()).toBe(0)
    expect(server.output.stderr).toBe('')
  })

  it.each([
    ['SMTP_URL', SMTP, {}, 'SMTP_URL needs nodemailer: npm install nodemailer'],
    [
      'smtp in the file',
      {},
      { 'sallyport.config.ts': `export default { smtp: { url: 'smtp://localhost:1', from: 'no-reply@example.com' } }` },
      'smtp.url needs nodemailer: npm install nodemailer',
    ],
    ['METRICS_PORT', { METRICS_PORT: '9464' }, {}, 'METRICS_PORT needs prom-client: npm install prom-client'],
    [
      'METRICS_TOKEN',
      { METRICS_TOKEN: 'a-token-of-24-characters' },
      {},
      'METRICS_TOKEN needs prom-client: npm install prom-client',
    ],
    [
      'hashes of bcrypt',
      {},
      { 'sallyport.config.ts': IMPORTED },
      `password.imported has '$2y$04', which needs @node-rs/bcrypt: npm install @node-rs/bcrypt`,
    ],
  ])('%s stops the start with what to install, and doctor names it', async (_, env, files, line) => {
    const at = bare(files)
    const PORT = String(await freePort())
    expect(await at.run(['serve'], { env: { ...env, PORT } })).toEqual({
      ...{ code: 1, stdout: '', stderr: `sallyport: ${line}\n` },
    })
    const { stdout } = await at.run(['doctor'], { env })
    expect(stdout).toMatch(/^bad /)
    expect(stdout).toContain(line.replace(': npm', ' — npm'))
    expect((await program(files).run(['doctor'], { env })).stdout).not.toContain(' needs ')
  })

  it('a library with smtp() or imported hashes says so when it gets ready, and begins nothing', async () => {
    const { at, main } = without('nodemailer', '@node-rs/bcrypt')
    const script = (options: string) => `
      import { createAuth, memory, session } from './src/index.ts'
      import { smtp } from './src/smtp.ts'
      const base = { store: memory(), strategy: session(), baseUrl: 'http://localhost', secret: 'test-secret-0123456789-abcdefghijklmnop' }
      const auth = createAuth({ ...base, ${options} })
      await auth.ready().catch(({ name, message }) => console.log(name, message))
      console.log(auth.metrics().state)
      await auth.close()`
    const ran = (options: string) => {
      const args = ['--disable-warning=ExperimentalWarning', '--input-type=module-typescript', '-e', script(options)]
      return spawnSync(process.execPath, args, { cwd: at, encoding: 'utf8' })
    }
    expect(existsSync(main)).toBe(true)
    expect(ran(`mailer: smtp('smtp://localhost', { from: 'no-reply@example.com' })`)).toMatchObject({
      ...{ stdout: 'ConfigurationError smtp() needs nodemailer: npm install nodemailer\nlookup\n', stderr: '' },
    })
    expect(ran(`password: { imported: ['$2b$10'] }`)).toMatchObject({
      stdout: `ConfigurationError password.imported has '$2b$10', which needs @node-rs/bcrypt: npm install @node-rs/bcrypt\nlookup\n`,
    })
    expect(ran('')).toMatchObject({ stdout: 'leased\n', stderr: '' })
  })

  it('an import stops before the first hash of bcrypt, with what to install', async () => {
    const users = `email,hash\nbob@example.com,\n${EMAIL},${LARAVEL}\n`
    const at = bare({ 'users.csv': users })
    for (const more of [['--dry-run'], []]) {
      expect(await at.run(['users', 'import', 'users.csv', ...more])).toMatchObject({
        ...{
          code: 1,
          stdout: '',
          stderr: 'sallyport: a hash of bcrypt needs @node-rs/bcrypt: npm install @node-rs/bcrypt\n',
        },
      })
    }
    expect((await at.run(['users', 'list'])).stdout).toBe('no users\n')
  })

  it('PW-12: a hash of bcrypt that is there lets nobody in, is told to the operator, and counts for nothing', async () => {
    const whole = program({ 'users.csv': `email,hash\n${EMAIL},${LARAVEL}\n` })
    expect((await whole.run(['users', 'import', 'users.csv'])).code).toBe(0)
    const DATABASE_URL = `sqlite:${join(whole.folder, '.data', 'sallyport.db')}`
    const server = await bare().serve({ DATABASE_URL })
    for (let i = 0; i < 10; i++) {
      const answer = await post(server, '/auth/sign-in', { email: EMAIL, password: PASSWORD })
      expect([answer.status, (await answer.json()).code]).toEqual([401, 'invalid_credentials'])
    }
    await until(() => server.output.stderr.includes('needs @node-rs/bcrypt'))
    expect(server.output.stderr).toContain(
      'error: a part failed fault=ConfigurationError doing="verifying an imported password, which needs @node-rs/bcrypt"',
    )
    expect(await server.stop()).toBe(0)
    const again = await whole.serve()
    expect((await post(again, '/auth/sign-in', { email: EMAIL, password: PASSWORD })).status).toBe(200)
    expect(await again.stop()).toBe(0)
  })

  it('init asks nothing, and says why', async () => {
    const onTerminal = {
      NODE_OPTIONS: `--import=data:text/javascript,for(const%20s%20of[process.stdin,process.stdout])s.isTTY=true`,
    }
    const at = bare()
    const ran = await at.run(['init', '--strategy', 'jwt'], { env: onTerminal })
    expect([ran.code, ran.stderr]).toEqual([
      ...[0, 'what was not said is as usual, as asking needs @clack/prompts: npm install @clack/prompts\n'],
    ])
    expect((await at.run(['init', '--print', 'config', '--strategy', 'jwt'])).stdout).toContain(`strategy: 'jwt'`)
    expect(readdirSync(at.folder)).toContain('sallyport.config.ts')
  })
})
