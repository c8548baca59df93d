import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, vi } from 'vitest'
import { freePort } from '../server/free-port.ts'
import { bareEnvironment } from '../support/bare-environment.ts'
import { folder } from './folder.ts'

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** Processes take their time to start, several at once on a busy machine all the more. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

export type Environment = Readonly<Record<string, string>>

/** Resolves when it is so. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** A server in a process of its own. */
export type Server = {
  readonly url: string
  readonly process: ChildProcess
  /** What it has written so far. */
  readonly output: { stdout: string; stderr: string }
  /** Sends the signal and answers with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** The program in a folder of its own: its commands share the database of its server. */
export type Program = {
  readonly folder: string
  /** Runs a command to its end. */
  run(args: readonly string[], options?: { readonly input?: string; readonly env?: Environment }): Promise<Ran>
  /** Starts a command and leaves it running; `ended` is what came of it. */
  begin(args: readonly string[], env?: Environment): { readonly process: ChildProcess; readonly ended: Promise<Ran> }
  /** Starts the server and waits until it is ready. `flags` follow `serve`. */
  serve(env?: Environment, flags?: readonly string[]): Promise<Server>
}

const running = new Set<ChildProcess>()

afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
})

/** @param main of another copy of it */
export function program(files: Readonly<Record<string, string>> = {}, main = MAIN): Program {
  const cwd = folder(files)

  function start(args: readonly string[], env: Environment): ChildProcess {
    const child = spawn(process.execPath, [main, ...args], { cwd, env: { ...bareEnvironment(), ...env } })
    running.add(child)
    child.once('close', () => running.delete(child))
    return child
  }

  return {
    folder: cwd,
    async run(args, { input = '', env = {} } = {}) {
      const child = start(args, env)
      const output = collected(child)
      child.stdin?.on('error', () => {})
      child.stdin?.end(input)
      return { code: await exit(child), ...output }
    },
    begin(args, env = {}) {
      const child = start(args, env)
      const output = collected(child)
      child.stdin?.end()
      return { process: child, ended: exit(child).then((code) => ({ code, ...output })) }
    },
    async serve(env = {}, flags = []) {
      const port = await freePort()
      const child = start(['serve', ...flags], { PORT: String(port), ...env })
      const output = collected(child)
      const url = `http://localhost:${port}`
      const gone = exit(child)
      await until(() => {
        if (child.exitCode !== null) throw new Error(`the server ended: ${output.stderr}`)
        return isReady(url)
      })
      return {
        url,
        process: child,
        output,
        stop(signal = 'SIGTERM') {
          child.kill(signal)
          return gone
        },
      }
    },
  }
}

function collected(child: ChildProcess): { stdout: string; stderr: string } {
  const output = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    output.stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    output.stderr += text
  })
  return output
}

function exit(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', resolve))
}

function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    (answer) => answer.ok,
    () => false,
  )
}
