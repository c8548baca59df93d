import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, rmdirSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** Where a server of these tests lives. */
export type RedisPlace = {
  readonly port: number
  /** Named after the port, and stands for the claim to it among all processes of this machine. */
  readonly folder: string
  /** The process group that is to end with the place. Null: there is none. */
  watch(group: number | null): void
  /** Ends the group with SIGKILL and removes `folder`. May be called twice. */
  leave(): Promise<void>
}

/**
 * A server's bus is 10,000 above it. Both are below what Linux gives to outgoing connections, so that the port of a
 * stopped server is not given away.
 */
const PORTS = { first: 22_000, last: 22_699, bus: 10_000 }

/** A free port and an empty folder, which are given back when this process ends, however that happens. */
export async function redisPlace({ bus = false } = {}): Promise<RedisPlace> {
  for (let port = PORTS.first; port <= PORTS.last; port += 1) {
    const folder = join(tmpdir(), `sallyport-redis-${port}`)
    if (!isClaimed(folder)) continue
    // Nobody else tries this port now, so that trying it is in nobody's way.
    if ((await isFree(port)) && (!bus || (await isFree(port + PORTS.bus)))) return { port, folder, ...guard(folder) }
    rmdirSync(folder)
  }
  throw new Error(`no port is free from ${PORTS.first} to ${PORTS.last}`)
}

function isClaimed(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((answer) => {
    server.once('error', () => answer(false))
    server.listen(port, '127.0.0.1', () => server.close(() => answer(true)))
  })
}

/**
 * Waits until its input ends, which is when this process ends it or is no more. Who inherits the dead may be slow to
 * bury them: a zombie (Z) has gone when it has no threads (l) any more.
 */
const GUARDIAN = `
while read -r line; do group=$line; done
if [ "$group" ]; then
  kill -KILL "-$group"
  n=0
  while [ $n -lt 100 ] && ps -o stat= -g "$group" | grep -Eq '^[^Z]|l'; do sleep 0.02; n=$((n + 1)); done
fi
rm -rf -- "$1"`

function guard(folder: string): Pick<RedisPlace, 'watch' | 'leave'> {
  const shell = spawn('/bin/sh', ['-c', GUARDIAN, 'guardian', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  })
  shell.unref()
  const input = shell.stdin as Socket
  input.unref()
  return {
    watch: (group) => void input.write(`${group ?? ''}\n`),
    async leave() {
      input.end()
      await until(() => hasEnded(shell))
    },
  }
}

/** Whether the process is no more, or never was. */
export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/** Resolves soon after it holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await wait(5)
}
