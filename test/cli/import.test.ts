import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { DJANGO, LARAVEL, PASSWORD } from '../credentials/password/foreign-samples.ts'
import { type Program, program, type Ran, until } from './program.ts'

const row = (i: number) => `user${i}@example.com,"User ""${i}"", the great","a note\nof two lines",${LARAVEL}\n`
const csv = (rows: number) => `email,name,note,hash\n${Array.from({ length: rows }, (_, i) => row(i)).join('')}`

const run = (at: Program, ...more: readonly string[]) => at.run(['users', 'import', ...more])

function resultOf(ran: Ran) {
  return JSON.parse(ran.stdout)
}

/** What the database has: users, addresses, passwords and roles. */
function held(at: Program): readonly number[] {
  const database = new DatabaseSync(join(at.folder, '.data', 'sallyport.db'), { readOnly: true })
  try {
    const count = (sql: string) => Number(database.prepare(`SELECT count(${sql}`).get()?.n)
    return [
      count('*) AS n FROM users'),
      count('DISTINCT email_key) AS n FROM users'),
      count('*) AS n FROM users JOIN credentials ON user_id = users.id'),
      count('*) AS n FROM credentials'),
      count('*) AS n FROM user_roles'),
    ]
  } finally {
    database.close()
  }
}

describe('users import', () => {
  it('PW-12: makes accounts of a file of CSV, and their owners sign in with the passwords they had', async () => {
    const at = program({
      'users.csv': `\ufeffmail;id;name;roles;status;emailVerified;createdAt;hash\r\nAnn@Example.com;7;"Ann;A";admin|member;locked;true;2020-01-02 03:04:05+01;${LARAVEL}\r\nbob@example.com;;;;;;;${DJANGO}\r\n`,
    })
    const ran = await run(at, 'users.csv', '--column', 'email=mail', '--json')
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    expect(resultOf(ran)).toMatchObject({
      ...{ made: 2, present: 0, refused: 0, withoutPassword: 0, dryRun: false, resumed: false, stoppedAt: null },
      ...{ kinds: { $2y$04: 1, '$pbkdf2-sha256$i=20000': 1 }, report: null },
    })
    const { items } = JSON.parse((await at.run(['users', 'list', '--json'])).stdout)
    expect(items).toContainEqual({
      ...{ id: '7', email: 'Ann@Example.com', name: 'Ann;A', roles: ['admin', 'member'], status: 'locked' },
      ...{ emailVerified: true, createdAt: Date.UTC(2020, 0, 2, 2, 4, 5) },
    })
    const server = await at.serve()
    const signIn = (password: string) =>
      fetch(`${server.url}/auth/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: 'bob@example.com', password }),
      })
    expect((await signIn(`${PASSWORD}?`)).status).toBe(401)
    expect((await signIn(PASSWORD)).status).toBe(200)
    expect(await server.stop()).toBe(0)
    for (const name of ['users.csv.progress', 'users.csv.refused.jsonl'])
      expect(existsSync(join(at.folder, name))).toBe(false)
  })

  it('KM-08: says of each record that is refused which line it is and why, and never the hash', async () => {
    const lines = [
      `{"email":"ann@example.com","hash":"${LARAVEL}"}`,
      '',
      `{"email":"bob@example.com","hash":"${LARAVEL.slice(0, -1)}"}`,
      '{"email":"no address"}',
      '{"name":"nobody"}',
      '{"email":"c@example.com","roles":["emperor"]}',
      '{"email":"d@example.com","createdAt":"soon"}',
      'nonsense {"secret":"x"}',
    ]
    const at = program({ 'users.jsonl': lines.join('\n') })
    const ran = await run(at, 'users.jsonl')
    expect(ran.code).toBe(1)
    expect(ran.stdout.split('\n')[0]).toBe('1 user made, 0 there already, 6 refused')
    expect(ran.stderr).toBe(
      'sallyport: 6 records were refused: see users.jsonl.refused.jsonl, correct them and import them again\n',
    )
    const report = readFileSync(join(at.folder, 'users.jsonl.refused.jsonl'), 'utf8')
    expect(statSync(join(at.folder, 'users.jsonl.refused.jsonl')).mode & 0o777).toBe(0o600)
    expect(
      report
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        line: 3,
        why: expect.stringMatching(/password.* the bcrypt hash is cut off or damaged, .* a cost from 4 to 14$/),
      },
      { line: 4, why: expect.stringMatching(/^email_invalid: email: Write an address/) },
      { line: 5, why: 'there is no address in email' },
      { line: 6, why: expect.stringMatching(/^role_unknown: roles: The catalogue has: member, admin, auditor$/) },
      { line: 7, why: expect.stringMatching(/^createdAt is no time: write 2026/) },
      { line: 8, why: 'is no JSON object' },
    ])
    for (const said of [report, ran.stdout, ran.stderr]) expect(said).not.toContain(LARAVEL.slice(10, 30))
  })

  it('passes over addresses that are in use, or stops at the first, and a trial makes nobody', async () => {
    const at = program({ 'users.csv': csv(3) })
    const trial = await run(at, 'users.csv', '--dry-run', '--json')
    expect(resultOf(trial)).toMatchObject({ made: 3, dryRun: true })
    expect(held(at)).toEqual([0, 0, 0, 0, 0])
    await run(at, 'users.csv')
    appendFileSync(join(at.folder, 'users.csv'), row(3))
    expect(resultOf(await run(at, 'users.csv', '--json'))).toMatchObject({ made: 1, present: 3 })
    const fails = await run(at, 'users.csv', '--on-duplicate', 'fail')
    expect(fails).toEqual({
      ...{ code: 1, stdout: '' },
      stderr: 'sallyport: line 2: the address is in use already: take the line out, or write --on-duplicate skip\n',
    })
    expect(held(at)).toEqual([4, 4, 4, 4, 4])
  })

  it('stops when too many are refused', async () => {
    const at = program({ 'users.csv': `email,hash\n${'nobody,\n'.repeat(1200)}` })
    const ran = await run(at, 'users.csv', '--max-errors', '10')
    expect([ran.code, ran.stdout]).toEqual([1, ''])
    expect(ran.stderr).toBe(
      'sallyport: stopped before line 501: 499 records were refused, as users.csv.refused.jsonl says: correct them and add --restart, or go on with a higher --max-errors\n',
    )
    expect(resultOf(await run(at, 'users.csv', '--max-errors', '5000', '--json'))).toMatchObject({
      refused: 1200,
      resumed: true,
    })
    const report = readFileSync(join(at.folder, 'users.csv.refused.jsonl'), 'utf8').trim().split('\n')
    expect(report.map((line) => JSON.parse(line).line)).toEqual(Array.from({ length: 1200 }, (_, i) => i + 2))
  })

  it('reads the standard input, and says on the error stream what is refused', async () => {
    const at = program()
    const input = `{"email":"ann@example.com"}\n{"email":"nobody"}\n`
    const ran = await at.run(['users', 'import', '-', '--format', 'jsonl', '--json'], { input })
    expect(ran.code).toBe(1)
    expect(resultOf(ran)).toMatchObject({ made: 1, withoutPassword: 1, refused: 1, report: null })
    expect(ran.stderr.split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(/^line 2: email_invalid/),
      'sallyport: a record was refused: see above, correct them and import them again',
    ])
  })

  it.each<[readonly string[], number, RegExp]>([
    [['users.txt'], 2, /^error: the name of the file does not say what is in it: add --format csv/],
    [['none.csv'], 1, /^sallyport: none\.csv cannot be read \(ENOENT\): name a file/],
    [['.', '--format', 'csv'], 1, /^sallyport: \. is a folder: name a file in it/],
    [
      ['users.csv', '--column', 'mail'],
      2,
      /^error: --column mail: write what it is and which column, as in email=mail/,
    ],
    [['users.csv', '--column', 'email=mail'], 1, /^sallyport: the first line names no column mail: write the names/],
    [['users.csv', '--from', 'firebase'], 2, /^error: the hashes of Firebase need .* add --hash-config <file>/],
    [
      ['users.csv', '--hash-config', 'users.csv'],
      1,
      /^sallyport: users\.csv lacks base64_signer_key, rounds or mem_cost/,
    ],
    [['open.csv'], 1, /^sallyport: line 2: a quote is opened and never closed/],
    [['list.json'], 1, /^sallyport: the file is one JSON document, .*: write it so with jq -c '\.\[\]'/],
    [
      ['users.csv', '--report', 'none/report'],
      1,
      /^sallyport: none\/report cannot be written \(ENOENT\): name another/,
    ],
    [
      ['users.csv', '--progress', 'none/progress'],
      1,
      /^sallyport: none\/progress cannot be written \(ENOENT\): name a/,
    ],
  ])('says in one line what is wrong: %j', async (args, code, line) => {
    const at = program({
      ...{ 'users.csv': 'email\nnobody\n', 'users.txt': '', 'open.csv': 'email\n"ann\n' },
      'list.json': '[\n{"email":"ann@example.com"}\n]\n',
    })
    const ran = await run(at, ...args)
    expect(ran).toMatchObject({ code, stdout: '' })
    expect(ran.stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(line)])
  })
})

describe('an import that is cut short', () => {
  const ROWS = 4000
  const offsetOf = (at: Program): number => {
    try {
      return JSON.parse(readFileSync(join(at.folder, 'users.csv.progress'), 'utf8')).offset
    } catch {
      return 0
    }
  }

  it('P7: is gone on with after SIGKILL, without loss or duplicates, and counts everybody once', async () => {
    const at = program({ 'users.csv': csv(ROWS) })
    const args = ['users', 'import', 'users.csv', '--on-duplicate', 'fail', '--json']
    for (const more of [1, 2, 3]) {
      const before = offsetOf(at)
      const child = at.begin(args)
      await until(() => offsetOf(at) > before)
      await new Promise((resolve) => setTimeout(resolve, 11 * more))
      child.process.kill('SIGKILL')
      expect((await child.ended).stdout).toBe('')
      expect(offsetOf(at)).toBeGreaterThan(before)
    }
    const [there] = held(at)
    expect(there).toBeGreaterThan(0)
    expect(there).toBeLessThan(ROWS)
    const ran = await at.run(args)
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    expect(resultOf(ran)).toMatchObject({ made: ROWS, present: 0, refused: 0, resumed: true, kinds: { $2y$04: ROWS } })
    expect(held(at)).toEqual([ROWS, ROWS, ROWS, ROWS, ROWS])
    expect(existsSync(join(at.folder, 'users.csv.progress'))).toBe(false)
  })

  it('finishes what is under way at SIGINT, says how to go on, and exits with 130', async () => {
    const at = program({ 'users.csv': csv(ROWS) })
    const child = at.begin(['users', 'import', 'users.csv'])
    await until(() => offsetOf(at) > 0)
    child.process.kill('SIGINT')
    const ran = await child.ended
    expect(ran.code).toBe(130)
    expect(ran.stderr).toMatch(/^sallyport: stopped before line \d+: the same command goes on from there\n$/)
    const [, made = ''] = /^([\d,]+) users made/.exec(ran.stdout) ?? []
    expect(held(at)[0]).toBe(Number(made.replace(',', '')))
    expect(resultOf(await run(at, 'users.csv', '--json'))).toMatchObject({ made: ROWS, present: 0, resumed: true })
    expect(held(at)).toEqual([ROWS, ROWS, ROWS, ROWS, ROWS])
  })

  it('notices a file that has changed, other options and another database, and begins anew when it is told to', async () => {
    const at = program({ 'users.csv': csv(ROWS) })
    const child = at.begin(['users', 'import', 'users.csv'])
    await until(() => offsetOf(at) > 0)
    child.process.kill('SIGKILL')
    await child.ended
    const says = async (line: RegExp, ...more: readonly string[]) => {
      const ran = await run(at, 'users.csv', ...more)
      expect([ran.code, ran.stdout]).toEqual([1, ''])
      expect(ran.stderr).toMatch(line)
    }
    await says(
      /^sallyport: users\.csv\.progress is of an import with other options, .* add --restart/,
      '--role',
      'auditor',
    )
    const elsewhere = await at.run(['users', 'import', 'users.csv'], { env: { DATABASE_URL: 'sqlite:other.db' } })
    expect(elsewhere.stderr).toMatch(/into another database: give it the same ones, or add --restart/)
    writeFileSync(join(at.folder, 'users.csv'), csv(ROWS).replace('user1@', 'uses1@'))
    await says(/^sallyport: users\.csv has changed before line \d+, where the last import stopped: .* add --restart/)
    const ran = await run(at, 'users.csv', '--restart', '--json')
    const { made, present } = resultOf(ran)
    // Both of the address that was changed are there.
    expect([made + present, present > 0, held(at)[0]]).toEqual([ROWS, true, ROWS + 1])
    writeFileSync(join(at.folder, 'users.csv.progress'), 'nonsense')
    await says(/^sallyport: users\.csv\.progress is not the progress of an import: name another with --progress/)
  })

  it('goes on with lines that were added behind where it stopped', async () => {
    const at = program({ 'users.csv': csv(ROWS) })
    const child = at.begin(['users', 'import', 'users.csv'])
    await until(() => offsetOf(at) > 0)
    child.process.kill('SIGKILL')
    await child.ended
    appendFileSync(join(at.folder, 'users.csv'), row(ROWS))
    expect(resultOf(await run(at, 'users.csv', '--json'))).toMatchObject({ made: ROWS + 1, present: 0 })
  })
})
