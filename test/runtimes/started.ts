import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { type Answer, send } from '../faults/support/client.ts'
import type { Runtime } from './runtimes.ts'

export type Started = {
  readonly name: string
  /** What the service answers to this token. */
  ask(path: string, token?: string): Promise<Answer>
  /** Ends its input, and answers with its exit code. */
  stop(): Promise<number | null>
  /** Where `stop` was not enough. */
  kill(): void
}

/** The service in a process of that runtime, which knows the server's address and nothing else of it. Resolves when it listens. */
export async function started(
  { name, program, flags, listener }: Runtime,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Started> {
  const { PATH = '' } = process.env
  const child = spawn(program, [...flags, `${folder}/test/runtimes/${listener}.js`], {
    env: { PATH, NO_COLOR: '1', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const port = await portOf(child)
  return {
    name,
    ask: (path, token) => send(`http://127.0.0.1:${port}`, 'GET', path, token === undefined ? {} : { token }),
    async stop() {
      child.stdin.end()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      return child.exitCode
    },
    kill: () => void child.kill('SIGKILL'),
  }
}

async function portOf(child: ChildProcess & { readonly stdout: NodeJS.ReadableStream }): Promise<number> {
  for await (const line of createInterface(child.stdout)) {
    const [, port] = /^port (\d+)$/.exec(line) ?? []
    if (port !== undefined) return Number(port)
  }
  throw new Error('the service ended before it listened')
}
