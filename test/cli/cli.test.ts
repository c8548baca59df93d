import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { commands } from '../../src/cli/commands.ts'
import { settings } from '../../src/server/config.ts'
import { openAuth } from '../../src/server/open.ts'
import { type Program, program, type Ran } from './program.ts'

const PASSWORD = 'a long enough passphrase'
const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

const create = (at: Program, email: string, ...more: readonly string[]) =>
  at.run(['users', 'create', '--email', email, '--password-stdin', ...more], { input: `${PASSWORD}\n` })

/** Every command and every group, as they are called, found by walking them. */
const COMMANDS = walked(new Command('sallyport'), [])

type Called = { readonly path: readonly string[]; readonly command: Command }

function walked(command: Command, path: readonly string[]): readonly Called[] {
  if (path.length === 0) commands(command, 'sallyport')
  return [{ path, command }, ...command.commands.flatMap((one) => walked(one, [...path, one.name()]))]
}

const isGroup = ({ command }: Called) => command.commands.length > 0

/** One clear line on the error stream, and nothing on the other. */
function refusedWith(ran: Ran, message: RegExp): void {
  expect(ran).toMatchObject({ code: 1, stdout: '' })
  expect(ran.stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(message)])
}

describe('how it is called', () => {
  it('has every command that was promised, each with --json', () => {
    const leaves = COMMANDS.filter((one) => !isGroup(one))
    expect(leaves.map(({ path }) => path.join(' ')).sort()).toEqual([
      ...['bench', 'completion', 'doctor', 'init', 'keys list', 'keys remove', 'keys rotate', 'migrate', 'serve'],
      ...['services create', 'services list', 'services remove', 'sessions end', 'sessions list', 'users create'],
      ...['users import', 'users list', 'users lock', 'users roles', 'users unlock'],
    ])
    for (const { path, command } of leaves) {
      expect(
        command.options.map(({ long }) => long),
        path.join(' '),
      ).toContain('--json')
    }
  })

  it.each(COMMANDS.map((one) => [one.path.join(' '), one] as const))(
    'explains itself with examples that it takes: %s',
    async (_, { path, command }) => {
      const at = program()
      const ran = await at.run([...path, '--help'])
      expect([ran.code, ran.stderr]).toEqual([0, ''])
      const lines = ran.stdout.split(/Examples?:\n/)[1]?.split('\n') ?? []
      const examples = lines.flatMap(
        (line) => /^ {2}(?:.*\| )?(?:sallyport|npm run sallyport --) (.*)$/.exec(line)?.[1] ?? [],
      )
      expect(examples).not.toEqual([])
      for (const example of examples) {
        const words = example.split(/ [<>|] /)[0]?.split(' ') ?? []
        const called = COMMANDS.findLast((one) => one.path.every((name, i) => words[i] === name))
        const options = called?.command.options.map(({ long }) => long)
        expect(isGroup({ path, command }) || called?.path.join(' ') === path.join(' '), example).toBe(true)
        expect(options).toEqual(expect.arrayContaining(words.filter((word) => word.startsWith('--'))))
      }
      if (isGroup({ path, command })) return
      expect((await at.run([...path, '--no-such-option'])).code).toBe(2)
    },
  )

  it('prints its version', async () => {
    const at = program()
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    expect(await at.run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  it.each([
    [[]],
    [['surve']],
    [['users']],
    [['users', 'create', '--password-stdin']],
    [['users', 'list', '--limit', '0']],
    [['users', 'list', '--status', 'asleep']],
    [['users', 'lock']],
    [['users', 'roles', 'ann@example.com']],
    [['sessions', 'end']],
    [['sessions', 'end', 'one', '--user', 'ann@example.com']],
    [['serve', '--port', 'http']],
    [['sessions', 'end', '--jsno']],
    [['keys', 'remove', '--jsno']],
    [['keys', 'remove', 'a', '--jsno']],
    [['users', 'lock', '-x', 'ann@example.com']],
    [['users', 'create', '--email', 'ann@example.com', '--invite', '--password-stdin']],
  ])('exits with 2 on %j, and touches nothing', async (args) => {
    const at = program()
    const ran = await at.run(args)
    expect([ran.code, ran.stdout]).toEqual([2, ''])
    expect(ran.stderr).not.toMatch(/\n\s+at /)
    expect(existsSync(join(at.folder, '.data'))).toBe(false)
  })

  it.each([
    [['keys', 'remove', `-${'k'.repeat(42)}`], /^sallyport: there is no key -k/],
    [['keys', 'remove', `-h${'k'.repeat(41)}`, '--json'], /^sallyport: there is no key -hk/],
    [['sessions', 'end', '--json', `--${'A'.repeat(20)}`], /^sallyport: there is no open session --A/],
    [['users', 'lock', `-${'A'.repeat(21)}`], /^sallyport: there is no user -A/],
    [['users', 'roles', `-${'A'.repeat(21)}`, 'auditor', '--json'], /^sallyport: there is no user -A/],
  ])('takes an id that begins like an option: %j', async (args, message) => {
    refusedWith(await program().run(args), message)
  })

  it('says nothing when whoever reads it has read enough', () => {
    const script = `"${process.execPath}" "${MAIN}" --help | true; exit "\${PIPESTATUS[0]}"`
    const ran = spawnSync('bash', ['-c', script], { encoding: 'utf8' })
    expect([ran.status, ran.stdout, ran.stderr]).toEqual([0, '', ''])
  })

  it('says in one line that Node is too old', () => {
    const script = `Object.defineProperty(process, 'versions', { value: { node: '20.19.0' } }); await import(${JSON.stringify(MAIN)})`
    const ran = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    expect(ran.status).toBe(1)
    expect(ran.stdout).toBe('')
    expect(ran.stderr).toMatch(/^sallyport needs Node 22\.18 or newer, this is 20\.19\.0: .*\n$/)
  })
})

describe('users', () => {
  it('are made, found, locked, unlocked and given roles', async () => {
    const at = program()
    const made = await create(at, 'Ann@Example.com', '--name', 'Ann', '--role', 'admin', 'member', '--json')
    expect([made.code, made.stderr]).toEqual([0, ''])
    const ann = JSON.parse(made.stdout)
    expect(ann).toMatchObject({ email: 'Ann@Example.com', name: 'Ann', roles: ['admin', 'member'], status: 'active' })
    await create(at, 'bob@example.com')

    const list = JSON.parse((await at.run(['users', 'list', '--json'])).stdout)
    expect(list).toMatchObject({ items: [{ email: 'bob@example.com', roles: ['member'] }, ann], nextCursor: null })
    const admins = JSON.parse((await at.run(['users', 'list', '--role', 'admin', '--json'])).stdout)
    expect(admins.items).toEqual([ann])
    const first = JSON.parse((await at.run(['users', 'list', '--limit', '1', '--json'])).stdout)
    const second = JSON.parse(
      (await at.run(['users', 'list', '--limit', '1', '--cursor', first.nextCursor, '--json'])).stdout,
    )
    expect([...first.items, ...second.items]).toEqual(list.items)

    expect(await at.run(['users', 'lock', 'ann@example.com'])).toEqual({
      code: 0,
      stdout: 'Ann@Example.com is locked\n',
      stderr: '',
    })
    expect((await at.run(['users', 'list', '--status', 'locked'])).stdout).toContain('Ann@Example.com')
    expect(JSON.parse((await at.run(['users', 'unlock', ann.id, '--json'])).stdout)).toEqual(ann)
    const roles = await at.run(['users', 'roles', ann.id, 'auditor'])
    expect(roles.stdout).toBe('Ann@Example.com has the roles: auditor\n')
  })

  it('LG-02: what the command line does is in the audit log under its name', async () => {
    const at = program()
    await create(at, 'ann@example.com')
    await at.run(['users', 'lock', 'ann@example.com'])
    const auth = await openAuth(await settings({}, {}, at.folder), { info() {}, warn() {}, error() {} })
    const { items } = await auth.audit({}, null, 10)
    await auth.close()
    expect(items.map(({ type, actor }) => [type, actor])).toEqual([
      ['user.locked', 'cli'],
      ['user.created', 'cli'],
    ])
  })

  it('are refused with one line that says why', async () => {
    const at = program()
    await create(at, 'ann@example.com')
    refusedWith(await create(at, 'ANN@example.com'), /^sallyport: email_taken/)
    refusedWith(await create(at, 'no address'), /^sallyport: email_invalid: email: Write an address/)
    refusedWith(await create(at, 'bob@example.com', '--role', 'emperor'), /^sallyport: role_unknown/)
    const short = await at.run(['users', 'create', '--email', 'bob@example.com', '--password-stdin'], {
      input: 'short',
    })
    refusedWith(short, /^sallyport: password_too_short: password is shorter than 15 characters$/)
    const none = await at.run(['users', 'create', '--email', 'bob@example.com', '--password-stdin'])
    refusedWith(none, /no password on the standard input/)
    refusedWith(await at.run(['users', 'lock', 'eve@example.com']), /there is no user eve@example.com$/)
    refusedWith(await at.run(['users', 'roles', 'ann@example.com', 'emperor']), /role_unknown/)
    refusedWith(await at.run(['sessions', 'end', 'AAAAAAAAAAAAAAAAAAAAAA']), /there is no open session/)
  })

  it('KM-08: nothing that is printed holds the password', async () => {
    const at = program()
    const made = await create(at, 'ann@example.com', '--json')
    const taken = await create(at, 'ann@example.com')
    for (const { stdout, stderr } of [made, taken]) expect(stdout + stderr).not.toContain(PASSWORD)
  })
})

describe('the database', () => {
  it('is made and brought up to date, for its owner only', async () => {
    const at = program()
    const file = join(at.folder, '.data', 'sallyport.db')
    for (const said of [': its tables were made', '']) {
      expect(await at.run(['migrate'])).toEqual({ code: 0, stdout: `${file} is up to date${said}\n`, stderr: '' })
    }
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(at.folder, '.data')).mode & 0o777).toBe(0o700)
    expect(JSON.parse((await at.run(['migrate', '--json'])).stdout)).toEqual({
      database: 'sqlite',
      file,
      made: false,
      applied: 0,
      upToDate: true,
    })
  })

  it('is refused when it is none of ours, or has no folder', async () => {
    const at = program({ 'other.db': 'something else entirely, and long enough to be no database' })
    const open = (url: string) => at.run(['migrate'], { env: { DATABASE_URL: url } })
    refusedWith(await open('sqlite:other.db'), /^sallyport: .*other\.db/)
    refusedWith(await open('sqlite:nowhere/a.db'), /make the folder/)
    refusedWith(await open('redis://localhost/0'), /begins with 'redis:', which is not supported: write postgres:/)
  })
})

describe('the configuration', () => {
  it('stops the start in production with one line', async () => {
    const at = program()
    const production = (env: Record<string, string>) => at.run(['serve'], { env: { NODE_ENV: 'production', ...env } })
    refusedWith(await production({}), /^sallyport: SALLYPORT_SECRET is missing: write one made by: node -p /)
    refusedWith(await production({ SALLYPORT_SECRET: 'changeme' }), /^sallyport: SALLYPORT_URL is missing/)
    const url = { SALLYPORT_URL: 'https://auth.example.com' }
    refusedWith(
      await production({ SALLYPORT_SECRET: 'changeme', ...url }),
      /^sallyport: SALLYPORT_SECRET: secret is shorter/,
    )
    const proxies = { SALLYPORT_SECRET: 'test-secret-0123456789-abcdefghijklmnop', TRUSTED_PROXIES: 'my-proxy', ...url }
    refusedWith(await production(proxies), /^sallyport: TRUSTED_PROXIES: trustedProxies has "my-proxy"/)
  })

  it('may be a file that imports this program by its name', async () => {
    const at = program({
      'sallyport.config.ts': `
        import { defineConfig } from 'sallyport/config'
        import { ConfigurationError } from 'sallyport'
        const roles: readonly string[] = ['baker', ConfigurationError.name.toLowerCase()]
        export default defineConfig({ roles, database: 'sqlite:other.db' })`,
    })
    const made = await create(at, 'ann@example.com', '--json')
    expect([made.stderr, JSON.parse(made.stdout).roles]).toEqual(['', ['baker']])
    expect(existsSync(join(at.folder, 'other.db'))).toBe(true)
    refusedWith(await at.run(['users', 'list'], { env: { SALLYPORT_CONFIG: 'none.ts' } }), /which does not exist/)
  })

  it('says nothing of servers where the database is what takes long', async () => {
    const at = program()
    expect((await at.run(['migrate'])).code).toBe(0)
    const other = new DatabaseSync(join(at.folder, '.data', 'sallyport.db'))
    other.exec('BEGIN IMMEDIATE')
    setTimeout(() => other.exec('COMMIT'), 2500)
    const begun = performance.now()
    const made = await create(at, 'ann@example.com')
    expect([made.code, made.stderr]).toEqual([0, ''])
    expect(performance.now() - begun).toBeGreaterThan(2000)
    other.close()
  })

  it('warns of a variable that means nothing', async () => {
    const ran = await program().run(['users', 'list'], { env: { SALLYPORT_DATABASE: 'a.db' } })
    expect(ran).toEqual({
      code: 0,
      stdout: 'no users\n',
      stderr: 'warning: SALLYPORT_DATABASE means nothing here: did you mean SALLYPORT_DATA?\n',
    })
  })
})
