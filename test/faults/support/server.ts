import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bareEnvironment } from '../../support/bare-environment.ts'

const MAIN = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url))

const READY_MS = 20_000
const ASK_EVERY_MS = 25

/** The real server in a process of its own, started by this test and by its id ended again. */
export type Server = {
  readonly url: string
  readonly port: number
  /** Everything it has written, both streams. */
  said(): string
  isRunning(): boolean
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  /** `kill -9`. Resolves when the process is gone. */
  kill(): Promise<void>
  /** SIGTERM. The exit code. */
  stop(): Promise<number | null>
}

/** What a command printed, its exit code, and how long it ran, milliseconds. */
export type CommandRun = { readonly code: number | null; readonly out: string; readonly ms: number }

const started: ChildProcess[] = []
const folders: string[] = []

/** An empty data folder. `cleanUp` removes it. */
export function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-faults-'))
  folders.push(folder)
  return folder
}

/** Ends what is left of the processes started here, and removes the folders. For `afterEach`. */
export async function cleanUp(): Promise<void> {
  for (const child of started.splice(0)) await ended(child, 'SIGKILL')
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

/** `sallyport serve` in development mode, on a port of its own if `PORT` is not given. Resolves when `/readyz` answers 200. */
export async function startServer(data: string, env: Readonly<Record<string, string>> = {}): Promise<Server> {
  const port = env.PORT === undefined ? await freePort() : Number(env.PORT)
  const child = run(data, { PORT: String(port), ...env }, 'serve')
  const said = listenedTo(child)
  const url = `http://127.0.0.1:${port}`
  const server: Server = {
    url,
    port,
    said,
    isRunning: () => isRunning(child),
    signal: (name) => void child.kill(name),
    kill: async () => void (await ended(child, 'SIGKILL')),
    stop: () => ended(child, 'SIGTERM'),
  }
  await readiness(server)
  return server
}

/** Runs a command of the program against the same data to its end. */
export async function command(data: string, ...args: readonly string[]): Promise<CommandRun> {
  const began = performance.now()
  const child = run(data, {}, ...args)
  const said = listenedTo(child)
  const [code] = await once(child, 'exit')
  return { code, out: said(), ms: performance.now() - began }
}

/** Only what is given here reaches the program: no variable of the tests means anything to it. */
function run(data: string, env: Readonly<Record<string, string>>, ...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: data,
    env: { ...bareEnvironment(), SALLYPORT_DATA: data, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(child)
  return child
}

/** Both of its streams, as far as they have come. */
function listenedTo({ stdout, stderr }: ChildProcess): () => string {
  let text = ''
  for (const stream of [stdout, stderr]) {
    stream?.on('data', (part) => {
      text += part
    })
  }
  return () => text
}

/** A port of this machine that nothing listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function readiness(server: Server): Promise<void> {
  const until = performance.now() + READY_MS
  while (performance.now() < until && server.isRunning()) {
    const up = await fetch(`${server.url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (up) return
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS))
  }
  throw new Error(`the server did not become ready: ${server.said()}`)
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (isRunning(child)) {
    const exit = once(child, 'exit')
    child.kill(signal)
    // A stopped process takes no other signal than SIGKILL before it goes on.
    if (signal !== 'SIGKILL') child.kill('SIGCONT')
    await exit
  }
  return child.exitCode
}
