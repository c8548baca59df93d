import { CODES } from '../../src/errors.ts'
import type { Authenticated } from '../../src/guard.ts'
import type { Result } from '../../src/result.ts'
import type { Agenda } from './agenda.ts'
import type { Database } from './database.ts'
import type { Process } from './machine.ts'
import type { Node } from './node.ts'
import { claims, type Token } from './people.ts'
import { policyVersionOf, type Versions } from './policies.ts'
import type { World } from './world.ts'

/** What the store said counts for the length of a lease, by a clock that may be slow. Milliseconds. */
const LAST_ANSWER = 3030

/** Something is over: an ending of it has returned. `began`: when that was asked for. */
export type Claim = { readonly by: string; readonly began: number; readonly since: number; readonly number: number }

/** Which of the invariants of the README did not hold. */
export type Invariant = 'ended' | 'settles' | 'honest' | 'well again' | 'agreed'

export type Violation = { readonly invariant: Invariant; readonly what: string; readonly at: number }

/** A request at a node: when it got there, and in which order of all that happens. */
export type Arrival = { readonly node: Node; readonly process: Process; readonly at: number; readonly number: number }

/**
 * Knows what was promised, and compares with it what nodes say. It stands outside: it reads global time, and no node or
 * database knows of it.
 */
export type Oracle = {
  violation(): Violation | null
  wrong(invariant: Invariant, what: string): void
  arrival(node: Node, process: Process): Arrival
  claim(by: string, began: number): Claim
  /** What a node said of a token. `asked`: not at once, so that it may have asked the store. */
  said(token: Token, arrival: Arrival, result: Result<Authenticated>, asked: boolean): void
}

export function oracle(
  agenda: Agenda,
  databases: readonly Database[],
  state: Pick<World['state'], 'policy' | 'unpromised'>,
  versions: Pick<Versions, 'newest'>,
): Oracle {
  let violation: Violation | null = null
  let number = 0

  const wrong: Oracle['wrong'] = (invariant, what) => {
    violation ??= { invariant, what, at: agenda.now() }
  }

  /**
   * A node without a row is nobody an ending waits for. A request that had arrived there before the ending returned may be
   * let in by what the store said before the ending was committed (README, "What is not claimed").
   */
  function wasUnderWay({ process, number: arrived }: Arrival, claim: Claim): boolean {
    const inTime = agenda.now() - claim.since < LAST_ANSWER
    return arrived < claim.number && inTime && databases.some((one) => one.lackedRow(process, claim.began))
  }

  function accepted(token: Token, arrival: Arrival, who: Authenticated, asked: boolean): void {
    const { visit } = token
    const { person } = visit
    const now = agenda.now()
    const broken = (claim: Claim) => claim.since <= now && !(asked && wasUnderWay(arrival, claim))
    const claim = claims(token).find(broken)
    if (claim) {
      const how = asked ? `after it asked for ${(now - arrival.at).toFixed(1)} ms` : 'from memory'
      const late = `${(now - claim.since).toFixed(1)} ms after ${claim.by} had returned`
      wrong('ended', `${arrival.node.name} accepts ${visit.name} of ${person.name} ${how}, ${late}`)
    }
    const { changed } = person
    if (changed && who.user.version < changed.version && broken(changed.claim)) {
      wrong('ended', `${arrival.node.name} shows ${person.name} as before ${changed.claim.by} returned`)
    }
    const { policy } = state
    if (policy && policyVersionOf(who) < policy.version && broken(policy.claim)) {
      const how = asked ? 'after it asked' : 'from memory'
      wrong(
        'ended',
        `${arrival.node.name} judges ${visit.name} ${how} by the policy from before ${policy.claim.by} returned`,
      )
    }
    if (policyVersionOf(who) > versions.newest() && arrival.at > state.unpromised) {
      wrong('ended', `${arrival.node.name} judges ${visit.name} by a policy that was lost`)
    }
  }

  function refused(token: Token, arrival: Arrival, code: keyof typeof CODES): void {
    const { visit } = token
    if (CODES[code][0] === 503) return
    if (!token.newest || visit.inDoubt || token.inDoubt) return
    if (code === 'token_stale' && token.mayBeStale) return
    wrong(
      'honest',
      `${arrival.node.name} refuses ${visit.name} of ${visit.person.name} with ${code}, and nobody ended it`,
    )
  }

  return {
    violation: () => violation,
    wrong,
    arrival(node, process) {
      number += 1
      return { node, process, at: agenda.now(), number }
    },
    claim(by, began) {
      number += 1
      return { by, began, since: agenda.now(), number }
    },
    said(token, arrival, result, asked) {
      if (result.ok) accepted(token, arrival, result.value, asked)
      else refused(token, arrival, result.refusal.code)
    },
  }
}
