import type { Agenda } from './agenda.ts'
import type { Code } from './code.ts'
import type { Database } from './database.ts'
import type { Node } from './node.ts'
import type { Claim, Oracle } from './oracle.ts'
import type { Person, Visit } from './people.ts'
import type { Plan } from './plan.ts'
import type { Versions } from './policies.ts'
import type { Random } from './random.ts'

/** One schedule while it runs. */
export type World = {
  readonly code: Code
  readonly plan: Plan
  readonly agenda: Agenda
  readonly databases: readonly Database[]
  readonly nodes: readonly Node[]
  readonly people: Person[]
  readonly visits: Visit[]
  /** Keys whose removal was begun, and of these the ones that are gone. */
  readonly doubtedKeys: Set<string>
  readonly keyClaims: Map<string, Claim>
  readonly oracle: Oracle
  readonly versions: Versions
  /** What people do, and what goes wrong. */
  readonly chance: Random
  readonly mishaps: Random
  readonly state: {
    /** Nothing goes wrong any more. */
    calm: boolean
    /** What every node has been asked about since. */
    readonly seen: Set<Visit>
    /** Until then nothing that is asked for is promised: data was lost, and with it the rows of nodes that hold a lease. */
    unpromised: number
    /** The policy that was set: from then on everybody is judged by this version, or a later one. */
    policy: { readonly version: number; readonly claim: Claim } | null
  }
  /** Takes something down for the trace. Nobody listens while nothing is wrong. */
  readonly note: ((what: string) => void) | null
}
