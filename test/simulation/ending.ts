import type { Auth } from '../../src/auth.ts'
import type { Claim } from './oracle.ts'
import type { Person, Token, Visit } from './people.ts'
import type { World } from './world.ts'

/** An ending that someone asks for: once, and perhaps again. */
export type Ending = {
  readonly name: string
  /** Tokens that are looked at when it has returned. */
  readonly tokens: readonly Token[]
  /** Of one session: its record alone says so. */
  readonly single?: boolean
  /** Who might sign in meanwhile, with what is no proof afterwards. */
  readonly raced?: Person
  /** It does more once it has settled. */
  readonly goesOn?: boolean
  /** From now on nobody knows. Answers what to do when it is known. */
  begin(): (returned: boolean) => void
  /** Throws when it failed. Answers how to take down what is claimed now; null: nothing was ended, and it says so. */
  carryOut(auth: Auth): Promise<((claim: Claim) => void) | null>
}

/** An ending of some kind. What cannot be asked for as things are is none. */
export type Kind = (world: World) => Ending | null

/** How late a request that nobody waits for any more can still be carried out. */
const LATE = 9000

export const tokensOf = (visits: readonly Visit[]): readonly Token[] => visits.flatMap(({ tokens }) => tokens)

/** Someone's sessions as far as they had been opened. */
export const visitsOf = (world: World, person: Person): readonly Visit[] =>
  world.visits.filter((visit) => visit.person === person && visit.over === null)

export const over = (those: readonly Visit[]) => (claim: Claim) => {
  for (const visit of those) visit.over ??= claim
}

export function ofVisit(visit: Visit): Pick<Ending, 'single' | 'tokens' | 'begin'> {
  return {
    single: true,
    tokens: visit.tokens,
    begin() {
      visit.inDoubt = true
      return () => {}
    },
  }
}

/** Of all that someone holds, also of what they open meanwhile. `out`: and of their account. */
export function ofPerson(
  world: World,
  person: Person,
  out = false,
): Pick<Ending, 'tokens' | 'begin'> & { readonly those: readonly Visit[] } {
  const those = visitsOf(world, person)
  return {
    those,
    tokens: tokensOf(those),
    begin() {
      person.underWay += 1
      if (out) person.mayBeOut = true
      for (const visit of world.visits) if (visit.person === person) visit.inDoubt = true
      return (returned) => {
        person.underWay -= 1
        person.doubtUntil = Math.max(person.doubtUntil, world.agenda.now() + (returned ? 0 : LATE))
      }
    },
  }
}
