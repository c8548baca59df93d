import { type Ending, type Kind, ofVisit, over, tokensOf } from './ending.ts'
import { KIDS } from './node.ts'
import { passwordOf, type Token, type Visit } from './people.ts'
import { changesOf, takeOver } from './requests.ts'
import type { World } from './world.ts'

/** Sessions that may have to be ended still. */
export const live = (world: World): readonly Visit[] =>
  world.visits.filter(({ over, person }) => over === null && person.removed === null)

/** By whoever holds it, with any token they were ever handed. */
export const signOut: Kind = (world) => {
  const { chance } = world
  const visits = live(world)
  if (visits.length === 0) return null
  const visit = chance.pick(visits)
  const token = chance.pick(visit.tokens)
  return {
    name: `the sign-out of ${visit.name}`,
    ...ofVisit(visit),
    async carryOut(auth) {
      const { ended } = await auth.signOut(token.carrier)
      // A token that is none any more, or whose key is gone, ends nothing.
      return ended || (token.newest && !token.inDoubt) ? over([visit]) : null
    },
  }
}

export const end: Kind = (world) => {
  const visits = live(world)
  return visits.length === 0 ? null : endOf(world.chance.pick(visits))
}

/** By its id, as an administrator would. */
export function endOf(visit: Visit): Ending {
  return {
    name: `the end of ${visit.name}`,
    ...ofVisit(visit),
    async carryOut(auth) {
      await auth.end(visit.sid)
      return over([visit])
    },
  }
}

/** One key of two: what the other signed stays good. */
export const removeKey: Kind = (world) => {
  const kid = KIDS[0]
  if (world.plan.strategy === 'session' || world.doubtedKeys.has(kid)) return null
  const signed = tokensOf(world.visits).filter((token) => token.kid === kid)
  return {
    name: `the removal of the ${kid} key`,
    goesOn: true,
    tokens: signed,
    begin() {
      world.doubtedKeys.add(kid)
      for (const token of tokensOf(world.visits)) {
        if (token.kid === kid) token.inDoubt = true
        if (world.plan.strategy === 'jwt' && token.kid === kid) token.visit.inDoubt = true
      }
      return () => {}
    },
    async carryOut(auth) {
      const removed = await auth.keys.remove(kid)
      if (!removed.ok) return null
      return (claim) => {
        world.keyClaims.set(kid, claim)
        for (const token of tokensOf(world.visits)) if (token.kid === kid) token.over ??= claim
      }
    },
  }
}

/** The owner proves again who they are: the session goes on under another token, and those before are over. */
export const reauthenticate: Kind = (world) => {
  const visits = live(world).filter(({ inDoubt, person }) => !inDoubt && !person.mayBeOut)
  if (visits.length === 0) return null
  const own = world.chance.pick(visits)
  const { person } = own
  return {
    name: `the re-authentication of ${own.name}`,
    single: true,
    tokens: own.tokens,
    begin() {
      for (const token of own.tokens) token.inDoubt = true
      return () => {}
    },
    async carryOut(auth) {
      // Of two at a time nobody knows whose token is the last; of one that failed, whether there is another.
      if (own.proving) return null
      own.proving = true
      const before = [...own.tokens]
      const changes = changesOf(person)
      const who = await auth.authenticate((before.at(-1) as Token).carrier)
      own.proving = who.ok
      if (!who.ok) return null
      const proved = await auth.reauthenticate(who.value, passwordOf(person, person.passwords.current))
      own.proving = false
      if (!proved.ok) return null
      return (claim) => {
        for (const token of before) token.over ??= claim
        takeOver(world, own, proved.value.carried, changes)
      }
    },
  }
}
