import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

export type Plan = {
  readonly name: string
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** It runs when this answers at all. */
  readonly answers: string
}

/** A program that can be started, killed and started again. */
export type Program = {
  readonly name: string
  pid(): number | undefined
  said(): string
  start(): Promise<void>
  kill(): Promise<void>
  /** Ends its input and tells it to finish; whatever has not within five seconds is killed. */
  stop(signal: NodeJS.Signals | null): Promise<void>
}

/** Waits until its input ends, which is when this process ends it or is no more. Then it ends the groups it was told of, if they still run. */
const GUARDIAN = `
groups=
while read -r group; do
  if [ "$group" = none ]; then groups=; else groups="$groups $group"; fi
done
if [ -n "$groups" ]; then
  for group in $groups; do kill -TERM "-$group"; done
  sleep 1
  for group in $groups; do kill -KILL "-$group"; done
fi
rm -rf -- "$1"`

/** Programs that do not outlive this process, not even where it is killed, and a folder for what they say. */
export function programs() {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-fleet-'))
  // nginx has workers who are somebody else, where it is started by root.
  chmodSync(folder, 0o711)
  const guardian = spawn('/bin/sh', ['-c', GUARDIAN, 'guardian', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  guardian.unref()
  const told = guardian.stdin as Socket
  told.unref()

  function program({ name, command: [file = '', ...args], env = {}, answers }: Plan): Program {
    const log = join(folder, `${name}.log`)
    let child: ChildProcess | null = null
    /** Whether it is to end. */
    let isTold = false
    const hasEnded = () => child === null || child.exitCode !== null || child.signalCode !== null

    async function ended(begin: () => void): Promise<void> {
      if (child === null || hasEnded()) return
      isTold = true
      const over = once(child, 'exit')
      begin()
      await over
    }
    const kill = () => ended(() => child?.kill('SIGKILL'))

    return {
      name,
      pid: () => child?.pid,
      said: () => readFileSync(log, 'utf8'),
      async start() {
        if (!hasEnded()) return
        const out = openSync(log, 'a', 0o600)
        const { PATH = '' } = process.env
        // In a group of its own: Ctrl-C is for this process, which ends them in order.
        child = spawn(file, args, { env: { PATH, ...env }, stdio: ['pipe', out, out], detached: true })
        closeSync(out)
        isTold = false
        child.stdin?.on('error', () => {})
        child.once('exit', (code, signal) => {
          if (!isTold) console.error(`${name} has ended by itself: ${signal ?? code}`)
        })
        await once(child, 'spawn')
        told.write(`${child.pid}\n`)
        while (!(await fetch(answers).catch(() => null))) {
          if (hasEnded()) throw new Error(`${name} ended:\n${readFileSync(log, 'utf8')}`)
          await pause(50)
        }
      },
      kill,
      async stop(signal) {
        const late = setTimeout(kill, 5000)
        await ended(() => {
          child?.stdin?.end()
          if (signal) child?.kill(signal)
        })
        clearTimeout(late)
      },
    }
  }

  return {
    folder,
    program,
    /** When all have ended: removes the folder. */
    async close() {
      guardian.ref()
      told.end('none\n')
      if (guardian.exitCode === null) await once(guardian, 'exit')
    },
  }
}
