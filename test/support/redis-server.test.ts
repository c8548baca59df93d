import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { findRedis, type RedisServer, redisServer } from './redis-server.ts'
import { describeWith, service } from './services.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

it('finds nothing in what is no server, which is a fault where services are required', () => {
  vi.stubEnv('REQUIRE_SERVICES', '1')
  for (const path of [import.meta.dirname, process.execPath, 'redis-server']) {
    vi.stubEnv('REDIS_BIN', path)
    expect(findRedis()).toBeNull()
  }
  expect(() => service('redis')).toThrow('redis is required and missing: apt-get install redis-server')
})

describeWith('redis')('a server of Redis', () => {
  let server: RedisServer

  beforeAll(async () => {
    server = await redisServer({
      settings: {
        ...{ 'client-output-buffer-limit': 'pubsub 1mb 1mb 10', databases: 3 },
        // Else it puts a title of its own over the line it was started with.
        'set-proc-title': 'no',
      },
    })
  })

  afterAll(() => server?.close())

  it('answers, says what is wrong, and takes its settings', async () => {
    expect(await server.run('PING')).toBe('PONG')
    expect(await server.run('GET', 'nothing')).toBe('')
    expect(await server.run('CONFIG', 'GET', 'databases')).toBe('databases\n3')
    expect(await server.run('CONFIG', 'GET', 'client-output-buffer-limit')).toContain('pubsub 1048576 1048576 10')
    await expect(server.run('NONSENSE')).rejects.toThrow(/^ERR unknown command 'NONSENSE'/)
    expect(server.url()).toBe(`redis://:${server.password}@127.0.0.1:${server.port}`)
    expect(server.log()).toContain('Ready to accept connections')
  })

  it('wants the password, and tells nobody: neither on the command line nor by a file others can read', async () => {
    const line = readFileSync(`/proc/${await processOf(server)}/cmdline`, 'utf8')
    expect(line).toContain('redis.conf')
    expect(line).not.toContain(server.password)
    expect(statSync(join(server.folder, 'redis.conf')).mode & 0o777).toBe(0o600)
    expect(statSync(server.folder).mode & 0o777).toBe(0o700)
    await expect(server.run('AUTH', 'wrong')).rejects.toThrow('WRONGPASS')
    expect(await server.run('ACL', 'LIST')).not.toContain('nopass')
  })

  it('comes back from being stopped and killed where it was, and without persistence has lost all', async () => {
    for (const end of ['stop', 'kill'] as const) {
      await server.run('SET', 'k', 'v')
      await server[end]()
      await expect(server.run('GET', 'k')).rejects.toThrow('Connection refused')
      await server.start()
      expect(await server.run('CONFIG', 'GET', 'port')).toBe(`port\n${server.port}`)
      expect(await server.run('DBSIZE')).toBe('0')
    }
  })

  it('stands still, and goes on where it was', async () => {
    await server.pause()
    let answered = false
    const answer = server.run('SET', 'k', 'after').finally(() => {
      answered = true
    })
    await wait(150)
    expect(answered).toBe(false)
    server.resume()
    expect(await answer).toBe('OK')
    await server.pause()
    await server.stop()
    await server.start()
    await server.pause()
    await server.kill()
    await server.start()
  })

  it('with aof loses nothing it has answered when it is killed, and all when it is emptied', async () => {
    const lasting = await redisServer({ persistence: 'aof' })
    try {
      let answered = 0
      const writing = Array.from({ length: 3 }, async () => {
        for (;;) {
          await lasting.run('INCR', 'n')
          answered += 1
        }
      })
      const ended = Promise.allSettled(writing)
      await vi.waitFor(() => expect(answered).toBeGreaterThan(20), { timeout: 9000, interval: 1 })
      await lasting.kill()
      await ended
      await lasting.start()
      const kept = Number(await lasting.run('GET', 'n'))
      expect(kept).toBeGreaterThanOrEqual(answered)
      expect(kept).toBeLessThanOrEqual(answered + writing.length)
      await expect(lasting.empty()).rejects.toThrow('runs')
      await lasting.stop()
      await lasting.empty()
      await lasting.start()
      expect(await lasting.run('DBSIZE')).toBe('0')
    } finally {
      await lasting.close()
    }
  })

  it('has replicas, which keep nothing either and can take its place', async () => {
    await server.run('SET', 'k', 'followed')
    const replica = await redisServer({ replicaOf: server })
    try {
      expect(await replica.run('GET', 'k')).toBe('followed')
      await expect(replica.run('SET', 'k', 'own')).rejects.toThrow('READONLY')
      await server.run('SET', 'k', 'again')
      expect(await server.run('WAIT', '1', '5000')).toBe('1')
      expect(await replica.run('GET', 'k')).toBe('again')
      expect(existsSync(join(replica.folder, 'data', 'dump.rdb'))).toBe(false)
      await replica.run('REPLICAOF', 'NO', 'ONE')
      expect(await replica.run('SET', 'k', 'own')).toBe('OK')
      expect(await replica.run('ROLE')).toMatch(/^master\n/)
      await server.run('REPLICAOF', '127.0.0.1', String(replica.port))
      await vi.waitFor(async () => expect(await server.run('GET', 'k')).toBe('own'), { timeout: 9000, interval: 20 })
    } finally {
      await server.run('REPLICAOF', 'NO', 'ONE')
      await replica.close()
    }
  })

  it('leaves nothing behind: neither when it stood still, nor when its settings are wrong', async () => {
    await expect(redisServer({ settings: { maxmemory: 'a lot' } })).rejects.toThrow("'maxmemory a lot'")
    const other = await redisServer()
    expect(other.port).not.toBe(server.port)
    const { mark, pid } = await traces(other.folder, other)
    expect(isAlive(pid)).toBe(true)
    await other.pause()
    await Promise.all([other.close(), other.close()])
    expect(existsSync(mark)).toBe(false)
    expect(isAlive(pid)).toBe(false)
    await other.close()
    await expect(other.start()).rejects.toThrow('closed')
  })

  it.each([
    ['lets a process end that has not closed it, and does not outlive it', 'end'],
    ['does not outlive a process that is killed, not even when it stands still', 'kill'],
  ])('%s', async (_, how) => {
    const script = `const { redisServer } = await import('./redis-server.ts')
      const server = await redisServer()
      process.stdout.write(JSON.stringify({ folder: server.folder, info: await server.run('INFO', 'server') }))
      if (${how === 'kill'}) await server.pause()
      process.stdin.once('data', () => process.stdin.destroy())`
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: import.meta.dirname,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const [line] = await once(owner.stdout, 'data')
    const { folder, info } = JSON.parse(String(line))
    const { mark, pid } = await traces(folder, { run: async () => info })
    const ended = once(owner, 'exit')
    if (how === 'kill') owner.kill('SIGKILL')
    else owner.stdin.write('enough')
    expect(await ended).toEqual(how === 'kill' ? [null, 'SIGKILL'] : [0, null])
    await vi.waitFor(() => expect(existsSync(mark)).toBe(false), { timeout: 9000, interval: 20 })
    expect(isAlive(pid)).toBe(false)
  })
})

/** By which a server is known: another may get its port and its folder's name as soon as it has gone. */
async function traces(folder: string, server: Pick<RedisServer, 'run'>) {
  const mark = join(folder, 'mark')
  writeFileSync(mark, '')
  return { mark, pid: await processOf(server) }
}

async function processOf(server: Pick<RedisServer, 'run'>): Promise<number> {
  return Number(/^process_id:(\d+)/m.exec(await server.run('INFO', 'server'))?.[1])
}

/** Not when it is only still to be buried. */
function isAlive(pid: number): boolean {
  const file = `/proc/${pid}/stat`
  return existsSync(file) && !/\) Z/.test(readFileSync(file, 'utf8'))
}
