import { Worker } from 'node:worker_threads'
import { StoreUnavailable } from '../../../errors.ts'
import type { Store } from '../../../store.ts'
import { BARE_THREAD } from '../../../threads.ts'

/** What is done in the background, by name: `sessions.touch`, `feed.trim`. */
export type BackgroundVerb =
  | 'sessions.touch'
  | 'sessions.endDue'
  | 'sessions.purge'
  | 'audit.append'
  | 'audit.purge'
  | 'tickets.purge'
  | 'counters.purge'
  | 'denials.purge'
  | 'feed.trim'

export type Call = { readonly id: number; readonly verb: BackgroundVerb; readonly given: readonly unknown[] }
export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly fault: string; readonly unavailable: boolean }

type Verb = (...given: readonly unknown[]) => Promise<unknown>
type Waiting = { resolve(value: unknown): void; reject(fault: unknown): void }

/** A second thread that calls verbs of the same file. It answers as the store does. */
export type Thread = {
  /** Starts it, if it is not running. */
  start(): void
  running(): boolean
  call(verb: BackgroundVerb, given: readonly unknown[]): Promise<unknown>
  /** Resolves once what was called is answered and its connections are closed. */
  stop(): Promise<void>
}

/** From source it is the file beside this one; in the package, what the compiler made of it. */
const ENTRY = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)

export function sqliteThread(file: string, patience: number): Thread {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | null = null
  let over: Promise<void> = Promise.resolve()
  let calls = 0
  /** It could not begin: a bundler left its file out. What it was for is then done in place. */
  let absent = false

  function lost(fault: StoreUnavailable): void {
    worker = null
    for (const { reject } of waiting.values()) reject(fault)
    waiting.clear()
  }

  return {
    start() {
      if (worker || absent) return
      const made = new Worker(ENTRY, { ...BARE_THREAD, workerData: { file, patience } })
      worker = made
      made.unref()
      made.on('message', (answer: Answer) => {
        const call = waiting.get(answer.id)
        waiting.delete(answer.id)
        if (waiting.size === 0) made.unref()
        if ('value' in answer) call?.resolve(answer.value)
        else call?.reject(answer.unavailable ? new StoreUnavailable(answer.fault) : new Error(answer.fault))
      })
      let begun = false
      made.once('online', () => {
        begun = true
      })
      made.on('error', (fault) => {
        absent = !begun
        if (worker === made) lost(new StoreUnavailable('the background thread of the store failed', { cause: fault }))
      })
      over = new Promise((resolve) => {
        made.once('exit', () => {
          if (worker === made) lost(new StoreUnavailable('the background thread of the store has ended'))
          resolve()
        })
      })
    },
    running: () => worker !== null,
    call(verb, given) {
      const to = worker
      if (!to) return Promise.reject(new StoreUnavailable('the background thread of the store has ended'))
      calls += 1
      const id = calls
      // A process that has nothing else to do waits for what was called, and not for the thread.
      to.ref()
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        to.postMessage({ id, verb, given } satisfies Call)
      })
    },
    async stop() {
      const was = worker
      if (!was) return over
      await Promise.allSettled([...waiting.keys()].map((id) => answered(id)))
      was.ref()
      was.postMessage('close')
      worker = null
      await over
    },
  }

  function answered(id: number): Promise<void> {
    return new Promise((resolve) => {
      const call = waiting.get(id)
      if (!call) return resolve()
      waiting.set(id, {
        resolve(value) {
          call.resolve(value)
          resolve()
        },
        reject(fault) {
          call.reject(fault)
          resolve()
        },
      })
    })
  }
}

/** The verb of that name. */
export function verbOf(store: Store, name: BackgroundVerb): Verb {
  const [port, verb] = name.split('.') as [string, string]
  const of = port === 'feed' ? store.sessions.source.feed : store[port as keyof Store]
  return (of as unknown as Record<string, Verb>)[verb] as Verb
}
