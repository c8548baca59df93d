import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { program, until } from '../cli/program.ts'
import { LARAVEL } from '../credentials/password/foreign-samples.ts'
import { SEED } from './seed.ts'

const USERS = 100_000
const KILLS = 5

it('P7: 100,000 users are imported through SIGKILLs, without loss or duplicates', async () => {
  const at = program()
  const rows = Array.from({ length: USERS }, (_, i) => `user${i}@example.com,User ${i},${LARAVEL}\n`)
  writeFileSync(join(at.folder, 'users.csv'), `email,name,hash\n${rows.join('')}`)
  const args = ['users', 'import', 'users.csv', '--json']
  const offset = (): number => {
    try {
      return JSON.parse(readFileSync(join(at.folder, 'users.csv.progress'), 'utf8')).offset
    } catch {
      return 0
    }
  }
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = offset()
    const child = at.begin(args)
    await until(() => offset() > before)
    await new Promise((resolve) => setTimeout(resolve, ((SEED + kill) * 97) % 400))
    child.process.kill('SIGKILL')
    await child.ended
  }
  const { code, stdout } = await at.run(args)
  const result = JSON.parse(stdout)
  expect([code, result]).toEqual([0, expect.objectContaining({ made: USERS, present: 0, refused: 0, resumed: true })])
  const database = new DatabaseSync(join(at.folder, '.data', 'sallyport.db'), { readOnly: true })
  const count = (sql: string) => database.prepare(`SELECT count(*) AS n FROM ${sql}`).get()?.n
  expect(count('users')).toBe(USERS)
  expect(count('(SELECT DISTINCT email_key FROM users)')).toBe(USERS)
  expect(count('credentials JOIN users ON users.id = user_id')).toBe(USERS)
  database.close()
  console.log(`the last run: ${result.seconds} s`)
}, 1_800_000)
