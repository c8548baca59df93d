import type { Database } from './database.ts'
import type { Person, Visit } from './people.ts'
import type { World } from './world.ts'

/** How long after data was lost a lease from before may go on, milliseconds on any clock. */
const LAST_LEASE = 3100

/** A database is set back to what it was some time ago, and with that gets another epoch. */
export async function loseData(world: World): Promise<void> {
  const { agenda, databases, mishaps, note } = world
  const database = mishaps.pick(databases)
  const to = Math.max(0, agenda.now() - mishaps.between(0, 3000))
  note?.(`${database.name} is set back to ${to.toFixed(1)}`)
  world.state.unpromised = agenda.now() + LAST_LEASE
  await database.restore(to)
  for (const person of world.people) await forgetPerson(world, person)
  for (const visit of world.visits) await forgetVisit(world, visit, to)
  world.keyClaims.clear()
  const { version = 0 } = (await of(world).users.store().settings.findPolicy()) ?? {}
  if (version < (world.state.policy?.version ?? 0)) world.state.policy = null
  world.versions.lose(version)
}

const of = ({ databases }: World) => ({ users: databases[0] as Database, sessions: databases.at(-1) as Database })

/** What may have been lost with it is not promised any more; who may be refused for it is nobody's fault. */
async function forgetPerson(world: World, person: Person): Promise<void> {
  const { user } = await of(world).users.store().users.find(person.id)
  person.mayBeOut = true
  person.doubtUntil = Number.POSITIVE_INFINITY
  person.changes += 1
  person.passwords.claims.length = 0
  if (!user || user.version < (person.changed?.version ?? 0)) person.changed = null
  if (user && user.status !== 'locked') person.locked = null
  if (user) person.removed = null
}

/**
 * Endings that were lost are promised no more: not those that had returned by the time the database is set back to. Tokens that say by
 * themselves what they are good for are good for nothing after data was lost: as soon as no node can have a lease from before.
 */
async function forgetVisit(world: World, visit: Visit, to: number): Promise<void> {
  const { plan, oracle, agenda } = world
  const { users, sessions } = of(world)
  const isLost = (over: Visit['over']) => over === null || over.since > to
  visit.inDoubt = true
  if (plan.strategy !== 'jwt') {
    const record = await sessions.store().sessions.find(visit.sid as never)
    const { user, everyone } = await users.store().users.find(visit.person.id)
    const alive = record?.endedAt === null && record.generation === user?.generation && record.everyone >= everyone
    if (alive) visit.over = null
  } else if (isLost(visit.over)) visit.over = null
  for (const token of visit.tokens.filter(({ over }) => isLost(over))) {
    if (plan.strategy === 'session') token.over = null
    else token.over = { ...oracle.claim('the loss of data', agenda.now()), since: agenda.now() + LAST_LEASE }
  }
}
