import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { findPostgres, type PostgresServer, postgresServer } from './postgres-server.ts'
import { describeWith, service } from './services.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

it('finds nothing in a folder without a server, which is a fault where services are required', () => {
  vi.stubEnv('POSTGRES_BIN', import.meta.dirname)
  vi.stubEnv('REQUIRE_SERVICES', '1')
  expect(findPostgres()).toBeNull()
  expect(() => service('postgres')).toThrow('postgres is required and missing: apt-get install postgresql')
})

describeWith('postgres')('a server of PostgreSQL', () => {
  let server: PostgresServer

  beforeAll(async () => {
    server = await postgresServer({ maxConnections: 7, settings: { log_statement: 'all' } })
  })

  afterAll(() => server?.close())

  it('gives out databases that are empty and do not know each other', async () => {
    const [a, b] = await Promise.all([server.createDatabase(), server.createDatabase()])
    await ask(a, 'CREATE TABLE t (n int)')
    expect(await ask(b, `SELECT to_regclass('t') AS found`)).toEqual([{ found: null }])
    expect(await ask(b, 'SHOW max_connections')).toEqual([{ max_connections: '7' }])
    expect(await ask(b, 'SHOW server_encoding')).toEqual([{ server_encoding: 'UTF8' }])
    expect(server.log()).toContain('to_regclass')
  })

  it('wants the password', async () => {
    const url = server.url().replace(server.password, 'wrong')
    await expect(ask(url, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' })
  })

  it('comes back from every way to stop it, and keeps what was committed', async () => {
    const url = await server.createDatabase()
    await ask(url, 'CREATE TABLE t (n int)')
    for (const [n, mode] of (['smart', 'fast', 'immediate', 'kill'] as const).entries()) {
      await ask(url, `INSERT INTO t VALUES (${n})`)
      await (mode === 'kill' ? server.kill() : server.stop(mode))
      await expect(ask(url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
      await server.start()
    }
    expect(await ask(url, 'SELECT n FROM t ORDER BY n')).toEqual([0, 1, 2, 3].map((n) => ({ n })))
  })

  it('takes its clients with it when it is killed, also amid a query', async () => {
    const client = await connected(server.url())
    const [, refused] = await Promise.all([server.kill(), client.query('SELECT pg_sleep(60)').catch((e: unknown) => e)])
    expect(refused).toBeInstanceOf(Error)
    await server.start()
  })

  it('stands still, and goes on where it was', async () => {
    const client = await connected(server.url())
    await server.pause()
    let answered = false
    const answer = client.query('SELECT 1 AS n').finally(() => {
      answered = true
    })
    await pause(150)
    expect(answered).toBe(false)
    server.resume()
    expect((await answer).rows).toEqual([{ n: 1 }])
    await client.end()
  })

  it('goes back to a copy of its data', async () => {
    const url = await server.createDatabase()
    await ask(url, 'CREATE TABLE t AS SELECT 1 AS n')
    await expect(server.copyData('before')).rejects.toThrow('runs')
    await server.stop()
    await server.copyData('before')
    await server.start()
    await ask(url, 'UPDATE t SET n = 2')
    await server.stop()
    await expect(server.restoreFrom('nowhere')).rejects.toThrow('nowhere')
    await server.restoreFrom('before')
    await server.start()
    expect(await ask(url, 'SELECT n FROM t')).toEqual([{ n: 1 }])
  })

  it('leaves nothing behind: neither when it was killed, nor when its settings are wrong', async () => {
    const [killed, wrong] = await Promise.allSettled([
      postgresServer(),
      postgresServer({ settings: { shared_buffers: 'a lot' } }),
    ])
    expect(wrong).toMatchObject({ reason: { message: expect.stringContaining('invalid value for parameter') } })
    if (killed.status === 'rejected') throw killed.reason
    const { folder, data, port, kill, close } = killed.value
    expect(port).not.toBe(server.port)
    const { mark, memory } = traces(folder, data)
    expect(segments()).toContain(memory)
    await kill()
    expect(segments()).toContain(memory)
    await Promise.all([close(), close()])
    expect(existsSync(mark)).toBe(false)
    expect(segments()).not.toContain(memory)
  })

  it('lets a process end that has not closed it, and does not outlive it', async () => {
    const script = `const { postgresServer } = await import('./postgres-server.ts')
      const { folder, data } = await postgresServer()
      process.stdout.write(JSON.stringify({ folder, data }))
      process.stdin.once('data', () => process.stdin.destroy())`
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: import.meta.dirname,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const [line] = await once(owner.stdout, 'data')
    const { folder, data } = JSON.parse(String(line))
    const { mark, memory, pid } = traces(folder, data)
    const ended = once(owner, 'exit')
    owner.stdin.write('enough')
    expect(await ended).toEqual([0, null])
    await vi.waitFor(() => expect(existsSync(mark)).toBe(false), { timeout: 9000, interval: 20 })
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    expect(segments()).not.toContain(memory)
  })
})

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  return client
}

async function ask(url: string, sql: string): Promise<readonly unknown[]> {
  const client = await connected(url)
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** By which a server is known: another may get its port and its folder's name as soon as it has gone. */
function traces(folder: string, data: string) {
  const mark = join(folder, 'mark')
  writeFileSync(mark, '')
  const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
  return { mark, pid: Number(lines[0]), memory: lines[6]?.trim().split(/\s+/)[1] ?? '' }
}

/** The shared memory of all servers of the machine. */
function segments(): readonly string[] {
  const rows = readFileSync('/proc/sysvipc/shm', 'utf8').trim().split('\n').slice(1)
  return rows.map((row) => row.trim().split(/\s+/)[1] ?? '')
}
