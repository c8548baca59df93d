import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { freePort } from '../server/free-port.ts'

const TOOL = fileURLToPath(new URL('../../tools/example.ts', import.meta.url))

/** An example that runs, as `npm run example -- <name>` starts it. */
export type Started = {
  readonly port: number
  readonly origin: string
  /** Its data; whoever is started with it again has the same. */
  readonly data: string
  /** What it has said. */
  said(): string
  /** Writes a line where it reads what is typed. */
  type(line: string): void
  /** Ends as by Ctrl-C, and answers its exit code. */
  stop(): Promise<number | null>
}

type Env = Readonly<Record<string, string>>
type Setting = {
  readonly args?: readonly string[]
  readonly env?: Env
  readonly data?: string
}

const running = new Set<ChildProcess>()
const folders = new Set<string>()

/** Whatever is left is ended with the file. */
export function endedWithFile(): void {
  afterAll(async () => {
    for (const child of running) await ended(child)
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })
}

export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'sallyport-example-'))
  folders.add(made)
  return made
}

/** Resolves when it says that it listens. */
export async function started(name: string, { args = [], env = {}, data = folder() }: Setting = {}): Promise<Started> {
  const port = await freePort()
  const { PATH = '', HOME = '' } = process.env
  const own = { PATH, HOME, PORT: String(port), DATA: data, ...env }
  const child = spawn(process.execPath, [TOOL, name, ...args], { env: own, stdio: ['pipe', 'pipe', 'pipe'] })
  running.add(child)
  let said = ''
  const hear = (chunk: Buffer) => {
    said += chunk
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  await until(() => said.includes('listening on ') || child.exitCode !== null)
  if (child.exitCode !== null) throw new Error(`${name} did not start: ${said}`)
  return {
    port,
    origin: `http://localhost:${port}`,
    data,
    said: () => said,
    type: (line) => void child.stdin.write(`${line}\n`),
    stop: () => ended(child),
  }
}

/** What a command of an example comes to: its exit code, and what it said. */
export type Said = { readonly code: number | null; readonly out: string; readonly err: string }

/** Types `npm run example -- <name> …`, with this for its input. */
export async function typed(name: string, args: readonly string[], env: Env, input = ''): Promise<Said> {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [TOOL, name, ...args], { env: { PATH, HOME, ...env } })
  running.add(child)
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk
  })
  child.stdin.end(input)
  const [code] = await once(child, 'close')
  running.delete(child)
  return { code, ...said }
}

async function ended(child: ChildProcess): Promise<number | null> {
  running.delete(child)
  if (child.exitCode === null) {
    const over = once(child, 'exit')
    child.kill('SIGTERM')
    await over
  }
  return child.exitCode
}

/** Waits for a condition; a minute is patience enough. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited in vain for ${holds}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
