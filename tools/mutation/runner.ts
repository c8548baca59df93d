import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Asked } from './host.ts'
import type { Outcome } from './verdict.ts'

const HOST = fileURLToPath(new URL('host.ts', import.meta.url))
const PARTING_MS = 10_000

/** Runs the tests of one folder, one run at a time. */
export type Runner = {
  /**
   * What became of the tests. None when their file did not load, or when the process of the runner died. A run that
   * takes longer than `withinMs` is ended with all that it started; the next one begins in a new process.
   */
  readonly run: (asked: Asked, withinMs: number) => Promise<readonly Outcome[] | 'timed out'>
  readonly close: () => Promise<void>
}

export function runner(folder: string): Runner {
  let host: ChildProcess | null = null

  /** The leader of a process group, which can be ended as a whole: a test in an endless loop hears nothing else. */
  function start(): ChildProcess {
    const child = fork(HOST, {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // Of the packages, for the processes of the tests: most of what they do is to begin.
      env: { ...process.env, NODE_COMPILE_CACHE: join(folder, '.node-cache') },
    })
    for (const sign of ['exit', 'disconnect']) {
      child.once(sign, () => {
        if (host === child) host = null
      })
    }
    return child
  }

  return {
    async run(asked, withinMs) {
      host ??= start()
      const child = host
      const answer = await answered(child, asked, withinMs)
      if (answer === 'timed out') await kill(child)
      return answer
    },
    async close() {
      if (!host) return
      const child = host
      const timer = setTimeout(() => kill(child), PARTING_MS)
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
      clearTimeout(timer)
    },
  }
}

function answered(child: ChildProcess, asked: Asked, withinMs: number): Promise<readonly Outcome[] | 'timed out'> {
  return new Promise((resolve) => {
    const told = (outcomes: unknown) => settle(outcomes as readonly Outcome[])
    const died = () => settle([])
    const timer = setTimeout(() => settle('timed out'), withinMs)
    function settle(answer: readonly Outcome[] | 'timed out'): void {
      clearTimeout(timer)
      child.off('message', told).off('exit', died)
      resolve(answer)
    }
    child.on('message', told).on('exit', died)
    child.send(asked, (lost) => lost && died())
  })
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  process.kill(-child.pid, 'SIGKILL')
  await gone
}
