import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { program, type Server, until } from '../cli/program.ts'
import { type Jar, jar } from './jar.ts'

const ANN = { email: 'ann@example.com', password: 'a long enough passphrase' }
const BOB = { email: 'bob@example.com', password: 'a long enough passphrase' }

async function signedUp(server: Server, who: typeof ANN): Promise<Jar> {
  const browser = jar(server.url)
  expect((await browser.json('POST', '/auth/sign-up', who)).status, server.output.stderr).toBe(201)
  return browser
}

/** Uses the session without a pause until `over`, and counts what was let in after that. */
function used(browser: Jar) {
  let over = false
  let late = 0
  let before = 0
  const running = (async () => {
    for (let refusals = 0; refusals < 3; ) {
      const after = over
      const { status } = await browser.fetch('/auth/session')
      if (status === 401) refusals += over ? 1 : 0
      else if (after) late += 1
      else before += 1
    }
  })()
  return {
    async end(): Promise<{ before: number; late: number }> {
      over = true
      await running
      return { before, late }
    },
  }
}

/** Stops the process between two writes: one that is stopped inside a write holds the database, and nobody can lock anything. */
async function frozen(server: Server, file: string): Promise<void> {
  const database = new DatabaseSync(file)
  await until(() => {
    server.process.kill('SIGSTOP')
    try {
      database.exec('BEGIN IMMEDIATE; ROLLBACK')
      return true
    } catch {
      server.process.kill('SIGCONT')
      return false
    }
  })
  database.close()
}

async function timed<T>(work: Promise<T>): Promise<[result: T, ms: number]> {
  const began = performance.now()
  return [await work, Math.round(performance.now() - began)]
}

describe('the command line beside a running server', () => {
  it('P1 TE-07: when a lock returns, the server lets nothing in, and nobody else is touched', async () => {
    const at = program()
    const server = await at.serve()
    const [ann, bob] = [await signedUp(server, ANN), await signedUp(server, BOB)]
    const traffic = used(ann)
    const [, alone] = await timed(at.run(['users', 'list']))
    const [locked, ms] = await timed(at.run(['users', 'lock', ANN.email]))
    const { before, late } = await traffic.end()
    console.log(`users lock: ${ms} ms (users list: ${alone} ms); ${before} requests let in until then, ${late} after`)
    expect(locked.code).toBe(0)
    expect(before).toBeGreaterThan(0)
    expect(late).toBe(0)
    expect((await bob.fetch('/auth/session')).status).toBe(200)
  })

  it('P1: the same for an ended session, all of a user, and roles', async () => {
    const at = program()
    const server = await at.serve()
    const [ann, again] = [await signedUp(server, ANN), jar(server.url)]
    await again.json('POST', '/auth/sign-in', ANN)
    const list = JSON.parse((await at.run(['sessions', 'list', '--user', ANN.email, '--json'])).stdout)
    expect(list.items).toHaveLength(2)
    expect(list.items[0]).toMatchObject({ email: ANN.email, strategy: 'session', endedAt: null })

    await at.run(['users', 'roles', ANN.email, 'auditor'])
    const { user } = await (await ann.fetch('/auth/session')).json()
    expect(user.roles).toEqual(['auditor'])

    const newest = list.items[0].id
    expect((await at.run(['sessions', 'end', newest])).stdout).toBe('1 session ended\n')
    expect((await again.fetch('/auth/session')).status).toBe(401)
    expect((await ann.fetch('/auth/session')).status).toBe(200)
    expect((await at.run(['sessions', 'end', newest])).code).toBe(1)

    const all = await at.run(['sessions', 'end', '--user', ANN.email, '--json'])
    expect(JSON.parse(all.stdout)).toEqual({ ended: 1 })
    expect((await ann.fetch('/auth/session')).status).toBe(401)
    expect((await at.run(['sessions', 'list'])).stdout).toBe('no sessions\n')
    const ended = JSON.parse((await at.run(['sessions', 'list', '--ended', '--json'])).stdout)
    expect(ended.items.map((one: { endReason: string }) => one.endReason)).toEqual([
      'session_revoked',
      'session_revoked',
    ])
  })

  it('P1: a server that hangs is waited for, with a word on it, and lets nothing in when it wakes', async () => {
    const at = program()
    const server = await at.serve()
    const ann = await signedUp(server, ANN)
    expect((await ann.fetch('/auth/session')).status).toBe(200)
    await frozen(server, join(at.folder, '.data', 'sallyport.db'))
    const locked = await at.run(['users', 'lock', ANN.email])
    expect(locked).toMatchObject({ code: 0, stdout: `${ANN.email} is locked\n` })
    expect(locked.stderr).toBe('waiting until every running server obeys …\n')
    server.process.kill('SIGCONT')
    expect((await ann.fetch('/auth/session')).status).toBe(401)
  })
})
