import type { Auth } from '../../src/auth.ts'
import type { Code } from './code.ts'
import type { Machine, Process } from './machine.ts'
import type { Calling, Link } from './network.ts'
import type { Plan } from './plan.ts'
import { reach } from './reach.ts'

/** One process that decides requests, on a machine of its own; after a crash another one. */
export type Node = {
  readonly name: string
  readonly machine: Machine
  readonly links: readonly Link[]
  /** Null while it is down. */
  running(): Running | null
  /** An empty memory, and the same machine. */
  start(): void
  /** Nothing that was under way comes back, and nobody is told. */
  crash(): void
}

export type Running = {
  readonly process: Process
  readonly auth: Auth
  /** Calls `lost` should the process die first. */
  orElse(lost: () => void): () => void
}

/** Tokens are signed with keys that were brought: making one takes time that is not the simulation's. */
export const KIDS = ['first', 'second'] as const

const KEYS = KIDS.map((kid) => ({ key: `${kid} secret of thirty-two bytes or more`, alg: 'HS256', kid }) as const)

export function node(
  name: string,
  at: Machine,
  links: readonly Link[],
  calling: Calling,
  { code, plan }: { readonly code: Code; readonly plan: Plan },
): Node {
  let running: (Running & { readonly lost: Set<() => void> }) | null = null
  let count = 0

  function make(process: Process): Auth {
    const others = (['session', 'jwt', 'hybrid'] as const).filter((one) => one !== plan.strategy)
    return code.createAuth({
      store: reach(calling, process, links),
      strategy: code[plan.strategy](),
      accept: plan.accepts ? others.map((one) => code[one]()) : [],
      baseUrl: 'https://app.example',
      secret: 'a secret of the simulation, long enough',
      roles: ['member', 'editor'],
      keys: { import: KEYS },
      password: { concurrency: 2 },
      throttle: { free: 100, disableAfter: 100 },
      clock: process.clock,
    })
  }

  return {
    name,
    machine: at,
    links,
    running: () => running,
    start() {
      if (running) return
      count += 1
      const process = at.process(`${name}.${count}`)
      const auth = make(process)
      const lost = new Set<() => void>()
      running = {
        process,
        auth,
        lost,
        orElse(run) {
          lost.add(run)
          return () => lost.delete(run)
        },
      }
      process.deliver(() => void auth.ready().catch(() => {}))
    },
    crash() {
      if (!running) return
      const { process, lost } = running
      running = null
      process.die()
      for (const tell of lost) tell()
    },
  }
}
