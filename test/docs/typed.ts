import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { freePort } from '../server/free-port.ts'
import { type Block, blocksOf } from './pages.ts'

/** Commands that stay: the next ones are typed in another terminal. */
const STAYS = /(?:^|\n)(?:npx sallyport serve|node .*\.ts)\n$/

/** How long a command, or the port of one that stays, is waited for. */
const PATIENCE_MS = 120_000

/**
 * Types a page as a stranger would: in an empty folder, block by block. A block of TypeScript becomes the file its first line names,
 * commands are run by a shell, and a block of text is what the command before it printed last, where `…` stands for anything.
 * @param install in the place of `npm install sallyport`: the line to type
 */
export async function typed(page: string, install: (folder: string) => Promise<string>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-typed-'))
  const running: ChildProcess[] = []
  const ports = new Map([
    ['3000', String(await freePort())],
    ['4000', String(await freePort())],
  ])
  const elsewhere = (text: string) => text.replace(/\b[34]000\b/g, (port) => ports.get(port) ?? port)
  try {
    const line = await install(folder)
    let printed = ''
    for (const block of blocksOf(page)) {
      const text = elsewhere(block.text).replace('npm install sallyport', line)
      if (block.kind === 'text') expect(printed.trimEnd(), where(block)).toMatch(pattern(text))
      else if (block.kind === 'ts') await writeFile(join(folder, fileOf(block)), text)
      else if (STAYS.test(block.text)) running.push(await started(text, folder, ports, block))
      else printed = await run(text, folder, ports, block)
    }
  } finally {
    for (const child of running) await ended(child)
    await rm(folder, { recursive: true, force: true })
  }
}

function where({ page, line }: Block): string {
  return `${page}:${line}`
}

function fileOf(block: Block): string {
  const [, name] = /^\/\/ (\S+\.ts)\n/.exec(block.text) ?? []
  if (name === undefined) throw new Error(`${where(block)} does not say in its first line which file it is`)
  return name
}

/** The last lines of what was printed. */
function pattern(text: string): RegExp {
  const escaped = text.trimEnd().replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?:^|\\n)${escaped.replaceAll('…', '.*')}$`)
}

function shell(text: string, cwd: string, ports: ReadonlyMap<string, string>): ChildProcess {
  // Nothing of the tests' own: neither their mode nor what they give to Node.
  const { NODE_ENV: _, NODE_OPTIONS: __, ...rest } = process.env
  const env = { ...rest, PORT: ports.get('3000') }
  return spawn('bash', ['-euc', text], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
}

async function run(text: string, cwd: string, ports: ReadonlyMap<string, string>, block: Block): Promise<string> {
  const child = shell(text, cwd, ports)
  const [out, err] = [heard(child.stdout), heard(child.stderr)]
  const late = setTimeout(() => void ended(child), PATIENCE_MS)
  const [code] = await once(child, 'close')
  clearTimeout(late)
  expect([where(block), code, code === 0 ? '' : err.text]).toEqual([where(block), 0, ''])
  return out.text
}

/** The port that is listened on tells that it is up: 4000 of a service, 3000 of everything else. */
async function started(text: string, cwd: string, ports: ReadonlyMap<string, string>, block: Block) {
  const child = shell(text, cwd, ports)
  const err = heard(child.stderr)
  heard(child.stdout)
  const port = Number(ports.get(text.includes('service.ts') ? '4000' : '3000'))
  const until = Date.now() + PATIENCE_MS
  while (!(await listens(port))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`${where(block)} does not come up: ${err.text}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return child
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, 'localhost')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

function heard(stream: NodeJS.ReadableStream | null): { text: string } {
  const said = { text: '' }
  stream?.setEncoding('utf8').on('data', (more) => {
    said.text += more
  })
  return said
}

/** It, and what it has started. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const gone = once(child, 'close')
  process.kill(-child.pid, 'SIGKILL')
  await gone
}
