import type { Ending, Kind } from './ending.ts'
import { setPolicy } from './policies.ts'
import { end, reauthenticate, removeKey, signOut } from './session-endings.ts'
import { changePassword, endAll, endEveryone, lock, remove, setRoles } from './user-endings.ts'
import type { World } from './world.ts'

const KINDS: readonly (readonly [weight: number, kind: Kind])[] = [
  [5, signOut],
  [5, end],
  [4, endAll],
  [4, lock],
  [4, setRoles],
  [5, changePassword],
  [3, removeKey],
  [3, reauthenticate],
  [1, endEveryone],
  [3, setPolicy],
  [1, remove],
]

const WEIGHTED = KINDS.flatMap(([weight, kind]) => Array<Kind>(weight).fill(kind))

/** Something to end that fits; null when there is nothing. */
export function anyEnding(world: World, fits: (ending: Ending) => boolean = () => true): Ending | null {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const ending = world.chance.pick(WEIGHTED)(world)
    if (ending && fits(ending)) return ending
  }
  return null
}
