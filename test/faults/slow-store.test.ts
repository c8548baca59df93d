import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Auth } from '../../src/auth.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { LEASE_MS } from '../../src/view/lease.ts'
import { type Failure, faulty } from './support/faulty.ts'
import { SHOTS } from './support/shots.ts'
import { type Outcome, STEP_MS, type Stage, stage } from './support/stage.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('./support/quick-argon2.ts'))

const { verbs } = faulty(memory())

/** The store does not say that it failed: what it claims to have ended, nobody can know to live. */
const LYING: readonly Failure[] = ['nothing', 'nonsense']

let s: Stage
/** What uses each verb when all is well: rows of the table and attacks, by name; and what each answers then. */
const users = new Map<string, Set<string>>()
const usual = new Map<string, Set<number>>()

beforeAll(async () => {
  s = await stage()
  for (const { what, status, calls, flaws } of [...(await s.fire(s.shots)), ...(await s.fire(s.attacks))]) {
    expect(flaws).toEqual([])
    expect(status, what).toSatisfy((got: number) =>
      what.startsWith('attack') ? got >= 400 : got < 300 || got === SHOTS[what]?.or,
    )
    usual.set(what, (usual.get(what) ?? new Set()).add(status))
    for (const verb of calls.verbs) users.set(verb, (users.get(verb) ?? new Set()).add(what))
  }
  await s.close()
})

afterEach(async () => {
  s.faulty.heal()
  await s.close()
})

/** What is answered while it goes on: what fails then is told in the answer, whose status has gone out. */
const STREAMED: ReadonlySet<string> = new Set(['GET /session/events', 'DELETE /admin/sessions'])

/** What each of these goes on without: the audit log, the feed where it is not what was asked for, and marking what is over anyway. */
function goesOnWithout(verb: string, what: string): boolean {
  if (verb === 'sessions.endOf') return what !== 'DELETE /sessions'
  // Whoever is gone needs no count of their failures forgotten at once.
  if (verb === 'counters.remove' && what.startsWith('DELETE ')) return !what.includes('/throttles/')
  // It says of a database that it is not reachable; nodes it cannot make up.
  if (what === 'GET /admin/stats') return verb === 'source.ping' || verb === 'audit.append'
  return verb === 'audit.append' || (verb.startsWith('feed.') && verb !== 'feed.tail' && what !== 'GET /feed')
}

/** Answers that a request must not have got, as lines to read. */
function wrong(outcomes: readonly Outcome[], how: Failure, verb: string): readonly string[] {
  return outcomes.flatMap(({ what, status, code, calls, flaws }) => {
    if (LYING.includes(how)) return status === 0 ? [`${what}: no answer`] : []
    const asUsual = usual.get(what)?.has(status) ?? false
    const refused = how === 'bug' && what !== 'GET /readyz' ? code === 'internal' : code === 'unavailable'
    // A stream has begun before the store is asked again; keys are read anew in whosever request a change of them is heard of.
    const late = STREAMED.has(what) || (verb === 'keys.list' && !what.includes('/admin/keys'))
    const either = late && (asUsual || refused)
    const fits = either || (calls.met && !goesOnWithout(verb, what) ? refused : asUsual)
    return [...flaws, ...(fits ? [] : [`${status} ${code}`])].map((line) => `${what}: ${line}`)
  })
}

const granted = (outcomes: readonly Outcome[]) =>
  outcomes.filter(({ status, flaws }) => (status > 0 && status < 400) || flaws.length > 0)

describe.each<Failure>(['unavailable', 'bug', 'lost', 'hangs', ...LYING])('%s', (how) => {
  it.each(verbs)('ER-01, ER-02, TE-10: %s lets nobody in who may not, and stops nobody else', async (verb) => {
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
  })
})

describe('a store that does not answer at all', () => {
  /** What needs nothing of the store: who is in memory is known, and the process lives. */
  const LOCAL = new Set([
    'GET /session',
    'GET /session/events',
    'GET /user',
    'GET /csrf',
    'GET /forward',
    'GET /livez',
    // Nobody hands messages on here, and nothing is confirmed: refused before the store is asked.
    ...['POST /password/forgot', 'POST /email', 'POST /email/verify/resend', 'POST /admin/sign-out-everyone'],
    'GET /.well-known/jwks.json',
    'GET /.well-known/oauth-authorization-server',
  ])

  it('ER-01, ER-02: refuses everything that needs it with 503, and goes on with who is in memory', async () => {
    s = await stage()
    s.faulty.fail('unavailable')
    const outcomes = await s.fire(s.shots)
    const [cold, warm] = [0, 1].map((odd) => outcomes.filter((_, i) => i % 2 === odd)) as [Outcome[], Outcome[]]
    for (const { what, status, code, flaws } of [...cold, ...warm]) {
      expect(flaws).toEqual([])
      if (!LOCAL.has(what)) expect([what, status, code]).toEqual([what, 503, 'unavailable'])
    }
    for (const { what, status } of warm) if (LOCAL.has(what)) expect(usual.get(what), what).toContain(status)
    expect(granted(await s.fire(s.attacks))).toEqual([])
  })

  it('TE-10: known sessions go on until the lease is over, then get 503 in bounded time, and go on when it is back', async () => {
    s = await stage(() => false)
    const { clock, auth, witness } = s
    const [ask] = [s.ask(auth, witness)]
    const status = async () => (await s.fire([ask]))[0]?.status
    s.faulty.fail('hangs')
    const since = clock.monotonic()
    const seen: (number | undefined)[] = []
    while (clock.monotonic() - since < LEASE_MS - STEP_MS) {
      const before = clock.monotonic()
      seen.push(await status())
      // Nothing was waited for.
      expect(clock.monotonic()).toBe(before)
      await clock.advance(STEP_MS)
    }
    expect(new Set(seen)).toEqual(new Set([200]))
    await clock.advance(LEASE_MS)
    expect(await status()).toBe(503)
    expect(granted(await s.fire(s.attacks))).toEqual([])
    s.faulty.heal()
    await clock.advance(LEASE_MS)
    expect(await status()).toBe(200)
  })

  it('TE-10: an ending that could not be stored is said to have failed, and nothing is cleared', async () => {
    s = await stage((key) => key === 'POST /sign-out')
    s.faulty.fail('lost', 'sessions.end')
    const outcomes = await s.fire(s.shots)
    expect(outcomes.map(({ status, flaws }) => [status, flaws])).toEqual([
      [503, []],
      [503, []],
    ])
    s.faulty.heal()
    // Asked again, it is done, whatever became of the first one.
    expect((await s.fire(s.shots)).map(({ status, flaws }) => [status, flaws])).toEqual([
      [204, []],
      [204, []],
    ])
  })
})
