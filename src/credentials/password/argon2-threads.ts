import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { BARE_THREAD } from '../../threads.ts'
import { onSharedThread } from './shared-threads.ts'

/*
 * argon2 in threads of its own, one for each core at most. Called asynchronously the native code takes a thread of libuv's pool, which has
 * four for everything: here they stay free, a thread goes on with the next hash before anybody was told of this one, several are told of
 * at once (`telling.ts`), and the low priority is nobody else's.
 */

/** What a hash is made with. Bytes and KiB. */
export type HashOptions = {
  readonly memoryCost: number
  readonly timeCost: number
  readonly parallelism: number
  readonly outputLen: number
  readonly salt: Uint8Array
  readonly secret?: Uint8Array
}

export type Call =
  | { readonly verb: 'hash'; readonly password: string; readonly options: HashOptions }
  | { readonly verb: 'verify'; readonly record: string; readonly password: string; readonly secret: Uint8Array | null }

export type Asked = { readonly id: number; readonly call: Call }
export type Answer =
  | { readonly id: number; readonly value: string | boolean }
  | { readonly id: number; readonly fault: string }

/** What a thread says. `ready`: it has begun. */
export type Told = 'ready' | readonly Answer[]

type Open = { readonly call: Call; resolve(value: string | boolean): void; reject(fault: unknown): void }
/** `begun` resolves when it has begun, or never will. */
type Thread = { readonly worker: Worker; readonly asked: Map<number, Open>; readonly begun: Promise<void> }

/** From source it is the file beside this one; in the package, what the compiler made of it. */
const ENTRY = new URL(import.meta.url.endsWith('.ts') ? './argon2-worker.ts' : './argon2-worker.js', import.meta.url)

/** Asked once: the system reads files to answer that. */
const CORES = availableParallelism()

const threads: Thread[] = []
let calls = 0
/** None could begin: a bundler left its file out, or threads are not allowed. libuv's do it then. */
let absent = false

/** Makes a hash, in PHC form. */
export async function hash(password: string, options: HashOptions): Promise<string> {
  return (await ask({ verb: 'hash', password, options })) as string
}

/** Whether the password made the record. @throws when the computation itself fails */
export async function verify(record: string, password: string, secret: Uint8Array | null): Promise<boolean> {
  return (await ask({ verb: 'verify', record, password, secret })) as boolean
}

/** Resolves when there is a thread to hash with. @throws what keeps the native code from being loaded */
export async function ready(): Promise<void> {
  const thread = next()
  thread?.worker.ref()
  await thread?.begun
  if (thread?.asked.size === 0) thread.worker.unref()
  if (absent) await import('@node-rs/argon2')
}

function ask(call: Call): Promise<string | boolean> {
  const thread = next()
  if (thread === null) return elsewhere(call)
  calls += 1
  const id = calls
  // A process that has nothing else to do waits for what was asked, and not for the thread.
  thread.worker.ref()
  return new Promise((resolve, reject) => {
    thread.asked.set(id, { call, resolve, reject })
    thread.worker.postMessage({ id, call } satisfies Asked)
  })
}

/** Whoever has the least to do; another one, where all have something and there are cores left. */
function next(): Thread | null {
  const least = threads.reduce<Thread | null>((a, b) => (a === null || b.asked.size < a.asked.size ? b : a), null)
  const isEnough = least !== null && (least.asked.size === 0 || threads.length >= CORES)
  return isEnough ? least : (begin() ?? least)
}

function begin(): Thread | null {
  if (absent) return null
  let worker: Worker
  try {
    worker = new Worker(ENTRY, BARE_THREAD)
  } catch {
    absent = true
    return null
  }
  const { promise, resolve: tell } = Promise.withResolvers<void>()
  const thread: Thread = { worker, asked: new Map(), begun: promise }
  threads.push(thread)
  let isReady = false
  worker.on('message', (told: Told) => {
    if (told === 'ready') {
      isReady = true
      return tell()
    }
    for (const answer of told) {
      const asked = thread.asked.get(answer.id)
      thread.asked.delete(answer.id)
      if ('value' in answer) asked?.resolve(answer.value)
      else asked?.reject(new Error(answer.fault))
    }
    if (thread.asked.size === 0) worker.unref()
  })
  worker.on('error', () => {
    absent ||= !isReady
  })
  worker.once('exit', () => {
    threads.splice(threads.indexOf(thread), 1)
    tell()
    for (const { call, resolve, reject } of thread.asked.values()) elsewhere(call).then(resolve, reject)
  })
  // Whoever listens keeps the process.
  worker.unref()
  return thread
}

async function elsewhere(call: Call): Promise<string | boolean> {
  const native = await import('@node-rs/argon2')
  return onSharedThread<string | boolean>(() => {
    if (call.verb === 'hash') return native.hash(call.password, call.options)
    return native.verify(call.record, call.password, call.secret && { secret: call.secret })
  })
}
