import type { Facts } from './facts.ts'
import { type Finding, ok, orOk, warn } from './finding.ts'
import { DAY, over, span, written } from './span.ts'

const MOST_ADMINS = 10

/** Who may do everything. */
export function administrators({ database }: Facts): readonly Finding[] {
  if (database.state !== 'found' || !database.found.people.any) return []
  const { admins } = database.found.people
  if (admins === 0) {
    const what =
      'there is no administrator who can sign in: nobody can lock an account or end a session but from the shell'
    return [warn(what, 'make one: users roles <address> admin, or users create --role admin')]
  }
  if (admins > MOST_ADMINS) {
    const what = `there are ${admins >= 1000 ? 'a thousand administrators or more' : `${admins} administrators`}: each of them can do everything`
    return [warn(what, 'give those who only look the role auditor: users roles <address> auditor')]
  }
  return [ok(admins === 1 ? 'there is one administrator' : `there are ${admins} administrators`)]
}

/** A key that is this much older than it should be was not followed by another, milliseconds. */
const LATE = 2 * DAY

/** Whether keys follow one another as they should (KM-01). */
export function keyAge({ database, strategies, given: { keys = {} }, machine, faulty }: Facts): readonly Finding[] {
  if (database.state !== 'found' || faulty.has('keys') || keys.import?.length) return []
  const { newestAt } = database.found.keys
  if (newestAt === null || strategies.every((name) => name === 'session')) return []
  const every = span(keys.rotateEvery) ?? 30 * DAY
  const age = machine.now - newestAt
  if (age <= every + LATE) return [ok('the newest signing key is as young as it should be')]
  const what = `the newest signing key is ${Math.floor(age / DAY)} days old, and is to be followed every ${written(every)}`
  return [warn(what, 'see whether a server runs and what its log says, or run keys rotate')]
}

/** What an attack can be looked into with is kept for so long at least, and what says who was where for so long at most. */
const AUDIT = { least: 90 * DAY, most: 3 * 365 * DAY }
const ENDED = { most: 400 * DAY }

/** How long what has happened is kept (LG rows). */
export function retention({ given: { retention = {} }, faulty }: Facts): readonly Finding[] {
  if (faulty.has('retention')) return []
  const [audit, ended] = [span(retention.audit), span(retention.ended)]
  const found: Finding[] = []
  if (audit !== null && audit < AUDIT.least) {
    const what = `retention.audit is ${retention.audit}: many an attack is found later than that`
    found.push(warn(what, `write '90d' or more; '365d' is usual`))
  }
  if (over(audit, AUDIT.most)) {
    found.push(
      warn(
        `retention.audit is ${retention.audit}: who was where is kept longer than anybody needs`,
        `write '1095d' or less`,
      ),
    )
  }
  if (over(ended, ENDED.most)) {
    found.push(
      warn(
        `retention.ended is ${retention.ended}: devices and addresses of people are kept that long`,
        `write '400d' or less; '30d' is usual`,
      ),
    )
  }
  return orOk(found, 'what has happened is kept as long as it is of use')
}
