import { fork } from 'node:child_process'
import { once } from 'node:events'

const FLAGS = ['--disable-warning=ExperimentalWarning']

/** A process of its own that answers questions. */
export type Child = {
  ask<T>(name: string, question?: unknown): Promise<T>
  stop(): Promise<void>
}

type Question = { readonly id: number; readonly name: string; readonly question: unknown }
type Answer = { readonly id: number; readonly value?: unknown; readonly fault?: string }

/** Starts a file that calls `answering`. What it writes is shown. */
export async function child(file: URL, flags: readonly string[] = []): Promise<Child> {
  const process = fork(file, { execArgv: [...FLAGS, ...flags], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const open = new Map<number, { resolve(value: never): void; reject(error: Error): void }>()
  let last = 0
  process.on('message', (message: Answer) => {
    const asked = open.get(message.id)
    open.delete(message.id)
    if (message.fault === undefined) asked?.resolve(message.value as never)
    else asked?.reject(new Error(message.fault))
  })
  const ended = once(process, 'exit')
  void ended.then(([code, signal]) => {
    for (const { reject } of open.values())
      reject(new Error(`${file.pathname.split('/').at(-1)} ended: ${code ?? signal}`))
  })
  return {
    ask<T>(name: string, question: unknown = null) {
      return new Promise<T>((resolve, reject) => {
        last += 1
        open.set(last, { resolve, reject })
        process.send({ id: last, name, question } satisfies Question)
      })
    },
    async stop() {
      process.kill()
      await ended
    },
  }
}

/**
 * The other side: answers each question by the function of its name, and ends with whoever asks. `cpu`, what it has
 * used, is answered anyway.
 */
export function answering(own: Readonly<Record<string, (question: never) => unknown>>): void {
  const answers: typeof own = { cpu: () => process.cpuUsage(), ...own }
  process.on('disconnect', () => process.exit())
  process.on('message', async ({ id, name, question }: Question) => {
    try {
      process.send?.({ id, value: await answers[name]?.(question as never) } satisfies Answer)
    } catch (error) {
      process.send?.({
        id,
        fault: error instanceof Error ? (error.stack ?? error.message) : String(error),
      } satisfies Answer)
    }
  })
}
