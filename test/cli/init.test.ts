import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { VARIABLES } from '../../src/server/variables.ts'
import { program } from './program.ts'

describe('init', () => {
  it.each(['session', 'hybrid', 'jwt'])(
    'writes a configuration that starts, and that doctor finds nothing bad in: %s',
    async (strategy) => {
      const at = program()
      const flags = ['--yes', '--strategy', strategy, '--sign-up', 'closed', '--name', `Acme's "Bank"`, 'Gold\\vault']
      const ran = await at.run(['init', ...flags, '--json'])
      expect([ran.code, ran.stderr]).toEqual([0, ''])
      const file = join(at.folder, 'sallyport.config.ts')
      expect(JSON.parse(ran.stdout)).toEqual({
        ...{ file, strategy, database: 'sqlite', url: null, signUp: 'closed', names: [`Acme's "Bank"`, 'Gold\\vault'] },
      })
      expect(readFileSync(file, 'utf8')).toMatch(/^import \{ defineConfig \} from 'sallyport\/config'\n/)
      const server = await at.serve()
      const answer = await fetch(`${server.url}/auth/sign-up`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: 'ann@example.com', password: 'a long enough passphrase' }),
      })
      expect((await answer.json()).code).toBe('sign_up_closed')
      expect(await server.stop()).toBe(0)
      const { findings } = JSON.parse((await at.run(['doctor', '--json'])).stdout)
      expect(findings.filter(({ level }: { level: string }) => level === 'bad')).toEqual([])
      const guessable = await at.run(['users', 'create', '--email', 'a@example.com', '--password-stdin'], {
        input: 'gold\\vault-gold\\vault',
      })
      expect(guessable.stderr).toMatch(/^sallyport: password_guessable/)
    },
  )

  it('writes over nothing, unless it is told to', async () => {
    const at = program({ 'sallyport.config.ts': 'mine' })
    const ran = await at.run(['init', '--yes'])
    expect(ran).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^sallyport: .*sallyport\.config\.ts is there already: add --force/),
    })
    expect(readFileSync(join(at.folder, 'sallyport.config.ts'), 'utf8')).toBe('mine')
    expect((await at.run(['init', '--yes', '--file', 'other.config.ts'])).code).toBe(0)
    expect((await at.run(['init', '--yes', '--force'])).stdout).toMatch(
      /^wrote .*\nnext: npm start; before it goes live: npm run sallyport -- init --print env, and npm run sallyport -- doctor\n$/,
    )
    expect(readFileSync(join(at.folder, 'sallyport.config.ts'), 'utf8')).toContain('defineConfig')
  })

  it.each<[readonly string[], number, RegExp]>([
    [['--url', 'auth.example.com'], 2, /^error: --url auth\.example\.com: write an address such as https:/],
    [['--url', 'http://auth.example.com'], 2, /write https:\/\/auth\.example\.com: on plain http/],
    [['--url', 'https://auth.example.com/auth'], 2, /write it without a path: https:\/\/auth\.example\.com$/m],
    [['--file', 'config.json'], 2, /^error: --file config\.json: write a name such as/],
    [
      ['--file', 'none/sallyport.config.ts'],
      1,
      /^sallyport: .*none\/sallyport\.config\.ts cannot be written \(ENOENT\)/,
    ],
    [['--strategy', 'magic'], 2, /^error: option '--strategy/],
  ])('says in one line what is wrong: %j', async (flags, code, line) => {
    const at = program()
    const ran = await at.run(['init', '--yes', ...flags])
    expect([ran.code, ran.stdout]).toEqual([code, ''])
    expect(ran.stderr).toMatch(line)
    expect(readdirSync(at.folder)).toEqual([])
  })

  it('KM-07: prints what production needs, with a secret of its own each time, and a file for containers', async () => {
    const at = program()
    const url = ['--url', 'https://auth.example.com']
    const printed = async (...flags: readonly string[]) => (await at.run(['init', '--print', ...flags])).stdout
    const [one, two] = [await printed('env', ...url), await printed('env', ...url)]
    expect(one).not.toBe(two)
    const env = Object.fromEntries(
      one
        .split('\n')
        .filter((each) => /^[A-Z]/.test(each))
        .map((each) => each.split(/=(.*)/s).slice(0, 2)),
    )
    const { findings } = JSON.parse(
      (await at.run(['doctor', '--json'], { env: { ...env, DATABASE_URL: 'sqlite:auth.db' } })).stdout,
    )
    expect(findings.filter(({ level }: { level: string }) => level === 'bad')).toEqual([])
    const offered = [...one.matchAll(/^# ([A-Z_]+)=/gm)].map(([, name]) => name)
    expect(offered).toEqual(['SMTP_URL', 'MAIL_FROM', 'TRUSTED_PROXIES'])
    expect(Object.keys(VARIABLES)).toEqual(expect.arrayContaining(offered))
    for (const database of ['sqlite', 'postgres']) {
      const compose = parse(await printed('compose', '--database', database))
      expect(compose.services.sallyport.env_file).toBe('.env')
      expect(compose.services.sallyport.environment.SALLYPORT_SECRET).toMatch(/\?is missing/)
      expect(Object.keys(compose.services)).toEqual(database === 'sqlite' ? ['sallyport'] : ['sallyport', 'database'])
    }
    expect(await printed('config', '--strategy', 'jwt')).toContain(`strategy: 'jwt'`)
    expect(readdirSync(at.folder)).toEqual([])
  })
})

describe('completion', () => {
  it('is made from the commands there are, and bash completes by it', async () => {
    const at = program()
    for (const shell of ['bash', 'zsh', 'fish']) {
      const ran = await at.run(['completion', shell])
      expect([ran.code, ran.stderr]).toEqual([0, ''])
      for (const word of ['import', 'doctor', '--dry-run', 'unlock']) expect(ran.stdout).toContain(word)
    }
    writeFileSync(join(at.folder, 'script'), (await at.run(['completion', 'bash'])).stdout)
    const complete = (...words: readonly string[]) => {
      const script = `source ./script; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=$((\${#COMP_WORDS[@]}-1)); _sallyport; echo "\${COMPREPLY[@]}"`
      return spawnSync('bash', ['-c', script], { cwd: at.folder, encoding: 'utf8' }).stdout.trim()
    }
    expect(complete('sallyport', 'us')).toBe('users')
    expect(complete('sallyport', 'users', 'un')).toBe('unlock')
    expect(complete('sallyport', 'users', 'import', '--dry')).toBe('--dry-run')
    expect((await at.run(['completion', 'csh'])).code).toBe(2)
    const json = JSON.parse((await at.run(['completion', 'bash', '--json'])).stdout)
    expect(json).toEqual({ shell: 'bash', script: readFileSync(join(at.folder, 'script'), 'utf8').trimEnd() })
  })
})

describe('bench', () => {
  const left = (folder: string) => readdirSync(folder).filter((name) => name.includes('bench'))

  it('measures the strategies on the store there is, and leaves nothing behind', async () => {
    const at = program()
    await at.run(['migrate'])
    const ran = await at.run(['bench', '--seconds', '1', '--json'])
    expect(ran.code).toBe(0)
    const { unit, calls } = JSON.parse(ran.stdout)
    expect(unit).toBe('microseconds')
    expect(Object.keys(calls)).toEqual(['warm', 'cold', 'sign-in', 'refresh', 'ending'])
    for (const rows of Object.values(calls) as { strategy: string; p50: number; samples: number }[][]) {
      expect(rows.map(({ strategy }) => strategy)).toEqual(['session', 'hybrid', 'jwt'])
      for (const { p50, samples } of rows) expect([p50 > 0, samples > 0]).toEqual([true, true])
    }
    for (const i of [0, 1, 2]) expect(calls.warm[i].p50).toBeLessThan(calls['sign-in'][i].p50)
    expect(left(join(at.folder, '.data'))).toEqual([])
    expect(JSON.parse((await at.run(['users', 'list', '--json'])).stdout).items).toEqual([])
  })

  it('leaves nothing behind at SIGINT either, and exits with 130', async () => {
    const at = program()
    await at.run(['migrate'])
    const child = at.begin(['bench', '--seconds', '60'])
    while (left(join(at.folder, '.data')).length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    await new Promise((resolve) => setTimeout(resolve, 500))
    child.process.kill('SIGINT')
    const ran = await child.ended
    expect([ran.code, ran.stdout]).toEqual([130, ''])
    expect(ran.stderr).toContain('interrupted: nothing is left of what was measured')
    expect(left(join(at.folder, '.data'))).toEqual([])
  })

  it('asks before it touches production', async () => {
    const at = program()
    const env = {
      ...{ NODE_ENV: 'production', SALLYPORT_SECRET: 'test-secret-0123456789-abcdefghijklmnop' },
      SALLYPORT_URL: 'https://auth.example.com',
    }
    const ran = await at.run(['bench', '--seconds', '1'], { env })
    expect([ran.code, ran.stdout]).toEqual([1, ''])
    expect(ran.stderr).toMatch(/^sallyport: this is production: .*: add --yes if that is meant\n$/)
    expect(existsSync(join(at.folder, '.data'))).toBe(false)
    expect((await at.run(['bench', '--seconds', '1', '--yes', '--json'], { env })).code).toBe(0)
  })
})
