import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism, getPriority } from 'node:os'
import type { WorkerOptions } from 'node:worker_threads'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { HashOptions, Told } from '../../../src/credentials/password/argon2-threads.ts'
import { threadPriorities } from '../../support/thread-priorities.ts'

const PASSWORD = 'a staircase made of water'
const SALT = new Uint8Array(16).fill(7)
const OPTIONS: HashOptions = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32, salt: SALT }

/** Every thread that was begun, and what the next ones are made with: the real thing, unless a test says otherwise. */
const made = vi.hoisted(() => ({
  workers: [] as { terminate(): Promise<number> }[],
  told: [] as Told[],
  entry: (entry: URL) => entry,
}))

vi.mock('node:worker_threads', async (original) => {
  const real = await original<typeof import('node:worker_threads')>()
  class Watched extends real.Worker {
    constructor(entry: URL, options: WorkerOptions) {
      super(made.entry(entry), options)
      made.workers.push(this)
      this.on('message', (told) => made.told.push(told))
    }
  }
  return { ...real, Worker: Watched }
})

type Threads = typeof import('../../../src/credentials/password/argon2-threads.ts')
let threads: Threads

/** As in a process that has hashed nothing yet. */
beforeEach(async () => {
  vi.resetModules()
  made.workers = []
  made.told = []
  made.entry = (entry) => entry
  threads = await import('../../../src/credentials/password/argon2-threads.ts')
})

/** Jobs that libuv's threads have done, as the processor time they took, in ticks. */
function libuvTicks(): number {
  const ids = readdirSync('/proc/self/task')
  const stats = ids.map((id) => readFileSync(`/proc/self/task/${id}/stat`, 'utf8'))
  const own = stats.filter((text) => text.includes('(libuv-worker)'))
  return own.reduce((sum, text) => {
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return sum + Number(fields[11]) + Number(fields[12])
  }, 0)
}

describe('argon2 in threads of its own', () => {
  it('PW-11: makes and knows what the native code makes and knows', async () => {
    const { hash, verify } = await import('@node-rs/argon2')
    const peppered = { ...OPTIONS, secret: new Uint8Array(32).fill(1) }
    for (const options of [OPTIONS, peppered]) {
      const record = await threads.hash(PASSWORD, options)
      expect(record).toBe(await hash(PASSWORD, options))
      expect(await threads.verify(record, PASSWORD, options.secret ?? null)).toBe(true)
      expect(await threads.verify(record, `${PASSWORD}.`, options.secret ?? null)).toBe(false)
      expect(await verify(record, PASSWORD, options.secret ? { secret: options.secret } : null)).toBe(true)
    }
    const record = await threads.hash(PASSWORD, peppered)
    expect(await threads.verify(record, PASSWORD, null)).toBe(false)
  })

  it('TH-10: is one after the other at first, and never in more threads than there are cores', async () => {
    await threads.hash(PASSWORD, OPTIONS)
    await threads.hash(PASSWORD, OPTIONS)
    expect(made.workers).toHaveLength(1)
    await Promise.all(Array.from({ length: 20 }, () => threads.hash(PASSWORD, OPTIONS)))
    expect(made.workers).toHaveLength(availableParallelism())
  })

  it.skipIf(process.platform !== 'linux')(
    'TH-10: gives way to requests, and takes nothing of libuv’s threads',
    async () => {
      const before = getPriority()
      // Those of other tests in this file are still there.
      const niced = () => threadPriorities(process.pid).filter(({ nice }) => nice === 5)
      const others = niced().length
      const ticks = libuvTicks()
      await Promise.all(Array.from({ length: 60 }, () => threads.hash(PASSWORD, OPTIONS)))
      expect(niced().length - others).toBe(availableParallelism())
      expect(niced().map(({ name }) => name)).not.toContain('libuv-worker')
      expect(getPriority()).toBe(before)
      // Sixty hashes are some forty ticks.
      expect(libuvTicks() - ticks).toBeLessThan(10)
    },
  )

  it('TH-10: is told of several at once, while there is more to do', async () => {
    await threads.ready()
    await Promise.all(Array.from({ length: 60 }, () => threads.hash(PASSWORD, { ...OPTIONS, memoryCost: 1024 })))
    const answers = made.told.filter((told) => told !== 'ready')
    expect(answers.flat()).toHaveLength(60)
    expect(answers.length).toBeLessThan(60)
  })

  it('says what is wrong with a record, and goes on', async () => {
    await expect(threads.verify('no record', PASSWORD, null)).rejects.toThrow()
    const record = await threads.hash(PASSWORD, OPTIONS)
    expect(await threads.verify(record, PASSWORD, null)).toBe(true)
    expect(made.workers).toHaveLength(1)
  })

  it('answers what a thread was asked that has ended, and begins another one', async () => {
    await threads.ready()
    const asked = Array.from({ length: 4 }, () => threads.hash(PASSWORD, OPTIONS))
    await Promise.all(made.workers.map((worker) => worker.terminate()))
    expect(new Set(await Promise.all(asked)).size).toBe(1)
    const before = made.workers.length
    await threads.hash(PASSWORD, OPTIONS)
    expect(made.workers).toHaveLength(before + 1)
  })

  it.each([
    ['its file is not there', () => new URL('./nowhere.js', import.meta.url)],
    [
      'threads are not allowed',
      () => {
        throw new Error('ERR_ACCESS_DENIED')
      },
    ],
  ])('is done by libuv’s threads, once and for all, where %s', async (_, entry) => {
    made.entry = entry
    await threads.ready()
    const record = await threads.hash(PASSWORD, OPTIONS)
    expect(await threads.verify(record, PASSWORD, null)).toBe(true)
    expect(made.workers.length).toBeLessThanOrEqual(1)
  })

  it.each(['', 'await ready()'])('keeps no process from ending, and every process until it is done: %j', (before) => {
    const source = new URL('../../../src/credentials/password/argon2-threads.ts', import.meta.url)
    const program = `
      const { hash, ready } = await import(${JSON.stringify(source.href)})
      const options = { memoryCost: 19456, timeCost: 2, parallelism: 1, outputLen: 32, salt: new Uint8Array(16) }
      ${before}
      hash('a', options).then(() => console.log('hashed'))`
    // What it was begun with is not for its threads.
    const first = ['--import', `data:text/javascript,console.log('begun')`]
    const args = ['--disable-warning=ExperimentalWarning', ...first, '--input-type=module', '-e', program]
    expect(execFileSync(process.execPath, args, { encoding: 'utf8', timeout: 20_000 })).toBe('begun\nhashed\n')
  })
})
