import { type ChildProcess, execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { bareEnvironment } from '../../support/bare-environment.ts'
import { type TcpProxy, tcpProxy } from '../../support/tcp-proxy.ts'
import { pause } from '../support/client.ts'
import type { Order, Said } from './node.ts'
import type { Databases } from './store.ts'
import type { Troubles } from './troubles.ts'

const run = promisify(execFile)

const NODE = fileURLToPath(new URL('./node.ts', import.meta.url))
const QUICK = new URL('./quick-hashing.ts', import.meta.url).href

/** How much is kept of what a node writes, characters. */
const KEPT = 4000

/** How much earlier than it says so a node may have begun or ceased to stand still, milliseconds. */
const TOLD_LATE_MS = 100

/** A node in a process of its own, with a way of its own to the database. */
export type Member = {
  readonly name: string
  /** Between it and PostgreSQL. */
  readonly proxy: TcpProxy
  /** Between it and Redis, where there is one. */
  readonly toSessions: TcpProxy | null
  url(): string
  isAlive(): boolean
  /** Resolves when it listens: it holds its first lease then. */
  start(): Promise<void>
  /** `kill -9`. Resolves when it is gone. */
  kill(): Promise<void>
  /** SIGSTOP. Resolves when it does not run any more. */
  stand(): Promise<void>
  /** SIGCONT. */
  goOn(): void
  /** It does nothing else for so long. Resolves when that has begun; what that answers when it is over. */
  block(ms: number): Promise<{ readonly over: Promise<void> }>
  /** SIGTERM. Resolves when it is gone, with its exit code. */
  stop(): Promise<number | null>
  /** How it ended when nobody had asked it to. */
  died(): string | null
  close(): Promise<void>
}

async function proxyTo(url: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(url)
  return await tcpProxy({ to: { host: hostname, port: Number(port) } })
}

/** @param databases their addresses, straight */
export async function member(
  name: string,
  { people, sessions, ...rest }: Databases,
  secret: string,
  troubles: Troubles,
): Promise<Member> {
  const proxy = await proxyTo(people)
  const toSessions = sessions === null ? null : await proxyTo(sessions)
  const databases = {
    ...rest,
    people: proxy.through(people),
    sessions: toSessions?.through(sessions as string) ?? null,
  }
  let child: ChildProcess | null = null
  let url = ''
  let wrote = ''
  let death: string | null = null
  let isBack = troubles.begin('dead', name)
  let runs = () => {}
  const heard: Said[] = []
  let hear = () => {}

  /** The next that it says, in the order in which it was said. */
  async function next<S extends Said['said']>(what: S): Promise<Extract<Said, { said: S }>> {
    for (;;) {
      const said = heard.shift()
      if (said?.said === what) return said as Extract<Said, { said: S }>
      if (child === null) throw new Error(`${name} is gone before it was ${what}: ${wrote}`)
      await new Promise<void>((resolve) => {
        hear = resolve
      })
    }
  }

  function order(what: Order): void {
    child?.send(what)
  }

  async function ended(signal: NodeJS.Signals): Promise<number | null> {
    const of = child
    if (of === null) return null
    child = null
    isBack = troubles.begin('dead', name)
    const exit = once(of, 'exit')
    of.kill(signal)
    if (signal !== 'SIGKILL') of.kill('SIGCONT')
    await exit
    runs()
    return of.exitCode
  }

  return {
    name,
    proxy,
    toSessions,
    url: () => url,
    isAlive: () => child !== null,

    async start() {
      const begun = fork(NODE, {
        execArgv: ['--disable-warning=ExperimentalWarning', '--import', QUICK],
        env: bareEnvironment(),
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      })
      child = begun
      heard.length = 0
      begun.stderr?.on('data', (text) => {
        wrote = `${wrote}${text}`.slice(-KEPT)
      })
      begun.on('message', (said: Said) => {
        heard.push(said)
        hear()
      })
      begun.once('exit', (code, signal) => {
        if (child !== begun) return
        child = null
        isBack = troubles.begin('dead', name)
        death = `${name} ended by itself with ${signal ?? code}: ${wrote}`
        hear()
      })
      order({ order: 'start', databases, secret })
      url = `http://127.0.0.1:${(await next('listening')).port}`
      isBack()
    },

    async kill() {
      await ended('SIGKILL')
    },

    async stand() {
      const of = child
      if (of === null) return
      of.kill('SIGSTOP')
      while (!(await run('ps', ['-o', 'stat=', '-p', String(of.pid)])).stdout.startsWith('T')) await pause(1)
      runs = troubles.begin('still', name)
    },

    goOn() {
      runs()
      child?.kill('SIGCONT')
    },

    async block(ms) {
      order({ order: 'block', ms })
      await next('blocked')
      await pause(TOLD_LATE_MS)
      const free = troubles.begin('still', name)
      return { over: next('free').then(() => free(TOLD_LATE_MS)) }
    },

    stop: () => ended('SIGTERM'),
    died: () => death,

    async close() {
      await ended('SIGKILL')
      await Promise.all([proxy.close(), toSessions?.close()])
    },
  }
}
