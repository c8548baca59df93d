import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Auth } from '../../src/auth.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { LEASE_MS } from '../../src/view/lease.ts'
import { type Failure, faulty } from './support/faulty.ts'
import { type Outcome, type Stage, stage } from './support/stage.ts'

vi.mock('@node-rs/argon2', () => import('./support/quick-argon2.ts'))

const { verbs } = faulty(memory())

let s: Stage
/** What uses each verb when all is well: rows of the table and attacks, by name; and what each row answers then. */
const users = new Map<string, Set<string>>()
const usual = new Map<string, number>()

beforeAll(async () => {
  s = await stage()
  for (const { what, status, calls } of [...(await s.fire(s.shots)), ...(await s.fire(s.attacks))]) {
    usual.set(what, status)
    for (const verb of calls.verbs) users.set(verb, (users.get(verb) ?? new Set()).add(what))
  }
  await s.close()
})

afterEach(async () => {
  s.faulty.heal()
  await s.close()
})

/** What each of these goes on without: the audit log, the feed, marking what is over anyway, and a stream that has begun. */
function goesOnWithout(verb: string, what: string): boolean {
  if (verb === 'audit.append' || what === 'GET /session/events') return true
  if (verb === 'sessions.endOf') return what !== 'DELETE /sessions'
  return verb.startsWith('feed.') && verb !== 'feed.tail'
}

/** Answers that a request must not have got, as lines to read. */
function wrong(outcomes: readonly Outcome[], how: Failure, verb: string): readonly string[] {
  return outcomes.flatMap(({ what, status, code, calls, flaws }) => {
    const lines = flaws.map((flaw) => `${what}: ${flaw}`)
    const expected =
      !calls.met || goesOnWithout(verb, what)
        ? usual.get(what)
        : how === 'bug'
          ? [500, 'internal']
          : [503, 'unavailable']
    const got = Array.isArray(expected) ? [status, code] : status
    const isFree = how === 'nothing' || how === 'nonsense'
    if (status === 0 || (!isFree && String(got) !== String(expected))) lines.push(`${what}: ${status} ${code}`)
    return lines
  })
}

const granted = (outcomes: readonly Outcome[]) =>
  outcomes.filter(({ status, flaws }) => (status > 0 && status < 400) || flaws.length > 0)

describe.each<Failure>(['unavailable', 'bug', 'lost', 'nothing', 'nonsense'])('%s', (how) => {
  it.each(verbs.filter((v) => v !== 'feed.read'))(
    'ER-01, ER-02, TE-10: %s lets nobody in who may not, and stops nobody else',
    async (verb) => {
      const touched = users.get(verb) ?? new Set(['GET /session'])
      s = await stage((key) => touched.has(key))
      s.faulty.fail(how, verb)
      expect(wrong(await s.fire([...s.shots, s.ask(s.auth, s.witness)]), how, verb)).toEqual([])
      expect(granted(await s.fire(s.attacks.filter(({ what }) => touched.has(what))))).toEqual([])
      s.faulty.heal()
      await s.clock.advance(LEASE_MS)
      const again = [s.ask(s.auth, s.witness), s.ask(s.nodes[1] as Auth, s.witness), s.signIn(s.witness.owner)]
      expect((await s.fire(again)).map(({ status }) => status)).toEqual([200, 200, 200])
      expect(granted(await s.fire(s.attacks))).toEqual([])
    },
  )
})
