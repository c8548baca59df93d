import { type Kind, ofPerson, over, tokensOf, visitsOf } from './ending.ts'
import type { Node } from './node.ts'
import { type Person, passwordOf, type Token } from './people.ts'
import { changesOf, takeOver } from './requests.ts'
import { live } from './session-endings.ts'
import type { World } from './world.ts'

export const endAll: Kind = (world) => {
  const person = world.chance.pick(world.people)
  const { those, ...rest } = ofPerson(world, person)
  return {
    name: `the end of all of ${person.name}`,
    ...rest,
    async carryOut(auth) {
      await auth.endAll(person.id)
      return over(those)
    },
  }
}

export const endEveryone: Kind = (world) => {
  const all = world.people.map((person) => ofPerson(world, person))
  const those = all.flatMap((one) => one.those)
  return {
    name: 'the end of everyone',
    tokens: tokensOf(those),
    begin() {
      const ends = all.map((one) => one.begin())
      return (returned) => {
        for (const done of ends) done(returned)
      }
    },
    async carryOut(auth) {
      await auth.endEveryone()
      return over(those)
    },
  }
}

export const lock: Kind = (world) => {
  const person = world.chance.pick(world.people)
  if (person.mayBeOut) return null
  const { those, ...rest } = ofPerson(world, person, true)
  return {
    name: `the lock of ${person.name}`,
    ...rest,
    async carryOut(auth) {
      const locked = await auth.lock(person.id)
      if (!locked.ok) return null
      return (claim) => {
        over(those)(claim)
        if (!person.unlocking) person.locked ??= claim
      }
    },
  }
}

export const remove: Kind = (world) => {
  const person = world.chance.pick(world.people)
  if (person.mayBeOut) return null
  const { those, ...rest } = ofPerson(world, person, true)
  return {
    name: `the removal of ${person.name}`,
    ...rest,
    async carryOut(auth) {
      await auth.users.remove(person.id)
      return (claim) => {
        over(those)(claim)
        person.removed ??= claim
      }
    },
  }
}

export const setRoles: Kind = (world) => {
  const { chance } = world
  const person = chance.pick(world.people)
  const roles = chance.pick([['member'], ['editor'], ['member', 'editor'], []])
  return {
    name: `the change of ${person.name}'s roles`,
    tokens: tokensOf(visitsOf(world, person)),
    begin() {
      person.changing += 1
      person.changes += 1
      for (const token of tokensOf(visitsOf(world, person))) token.mayBeStale = true
      return (returned) => {
        if (returned) person.changing -= 1
      }
    },
    async carryOut(auth) {
      const changed = await auth.setRoles(person.id, roles)
      if (!changed.ok) return null
      const { version } = changed.value
      return (claim) => {
        if (version > (person.changed?.version ?? 0)) person.changed = { version, claim }
      }
    },
  }
}

/** The password is changed by one of the sessions, which goes on; whoever signs in with the old one meanwhile does not. */
export const changePassword: Kind = (world) => {
  const visits = live(world).filter(({ inDoubt, person }) => !inDoubt && !person.mayBeOut && person.underWay === 0)
  if (visits.length === 0) return null
  const own = world.chance.pick(visits)
  const { person } = own
  const { passwords } = person
  const { those, begin } = ofPerson(world, person)
  const current = passwords.current
  passwords.tried += 1
  const next = passwords.tried
  return {
    name: `the change of ${person.name}'s password by ${own.name}`,
    raced: person,
    tokens: tokensOf(those),
    begin() {
      const done = begin()
      person.mayBeOut = true
      return done
    },
    async carryOut(auth) {
      const token = own.tokens.at(-1) as Token
      const changes = changesOf(person)
      const who = await auth.authenticate(token.carrier)
      if (!who.ok) return null
      const given = { currentPassword: passwordOf(person, current), newPassword: passwordOf(person, next) }
      const changed = await auth.changePassword(who.value, given)
      if (!changed.ok) return null
      return (claim) => {
        passwords.claims.push({ below: next, claim })
        passwords.current = Math.max(passwords.current, next)
        for (const before of own.tokens) before.over ??= claim
        own.password = next
        takeOver(world, own, changed.value.carried, changes)
        over(those.filter((visit) => visit !== own))(claim)
      }
    },
  }
}

/** Lets someone who was locked sign in again. What was ended stays ended. */
export async function unlock(world: World, node: Node, person: Person): Promise<boolean> {
  const running = node.running()
  if (!running) return false
  person.unlocking = true
  person.locked = null
  person.changes += 1
  person.changing += 1
  for (const token of tokensOf(visitsOf(world, person))) token.mayBeStale = true
  world.note?.(`${node.name} is asked to unlock ${person.name}`)
  const done = await running.auth.unlock(person.id).catch(() => null)
  return running.process.alive() && done?.ok === true
}
