import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** A program of the fleet. Ctrl-C in a terminal does not reach it: it ends when it is told to. */
export type Child = {
  readonly name: string
  readonly process: ChildProcess
  /** Resolves when it has ended, however. */
  readonly ended: Promise<void>
  /** What it has said. */
  said(): string
  /** Tells it to finish; after `patience` milliseconds it is killed. */
  stop(signal: NodeJS.Signals, patience: number): Promise<void>
}

/** Starts programs whose files are in `folder`, and sees to it that neither they nor the folder outlive this process. */
export type Nursery = {
  child(name: string, command: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Child>
  /** When all have been stopped: removes the folder. */
  close(): Promise<void>
}

/**
 * Waits until its input ends, which is when this process ends it or is no more, even by SIGKILL. Then it ends the groups it was told of
 * and removes the folder.
 */
const GUARDIAN = `
groups=
while read -r line; do
  if [ "$line" = none ]; then groups=; else groups="$groups $line"; fi
done
for group in $groups; do kill -TERM "-$group"; done
n=0
for group in $groups; do
  while [ $n -lt 100 ] && kill -0 "-$group"; do sleep 0.1; n=$((n + 1)); done
  kill -KILL "-$group"
done
rm -rf -- "$1"`

export function nursery(folder: string): Nursery {
  const shell = spawn('/bin/sh', ['-c', GUARDIAN, 'guardian', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  })
  shell.unref()
  const input = shell.stdin as Socket
  input.unref()

  return {
    async child(name, command, args, env = {}) {
      const path = join(folder, `${name}.log`)
      const log = openSync(path, 'a', 0o600)
      const { PATH = '' } = process.env
      const options = { cwd: folder, env: { PATH, ...env }, stdio: ['ignore', log, log] as const, detached: true }
      const child = spawn(command, args, { ...options, stdio: [...options.stdio] })
      closeSync(log)
      await once(child, 'spawn')
      input.write(`${child.pid}\n`)
      const ended = once(child, 'exit').then(() => {})
      return {
        name,
        process: child,
        ended,
        said: () => readFileSync(path, 'utf8'),
        async stop(signal, patience) {
          if (hasEnded(child)) return
          child.kill(signal)
          const waiting = new AbortController()
          const late = pause(patience, null, { signal: waiting.signal }).then(
            () => void child.kill('SIGKILL'),
            () => {},
          )
          await ended
          waiting.abort()
          await late
        },
      }
    },
    async close() {
      shell.ref()
      input.end('none\n')
      if (!hasEnded(shell)) await once(shell, 'exit')
    },
  }
}

export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

/** Resolves when the address answers well. @throws when the program behind it ended instead, with what it said. */
export async function answers(url: string, child: Child): Promise<void> {
  for (;;) {
    if (hasEnded(child.process)) throw new Error(`${child.name} ended:\n${child.said()}`)
    const answer = await fetch(url).catch(() => null)
    await answer?.body?.cancel()
    if (answer?.ok) return
    await pause(50)
  }
}
