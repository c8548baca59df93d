import assert from 'node:assert/strict'
import { type Agenda, agenda } from './agenda.ts'
import { cookiesOf, type Jar, jarOf } from './jar.ts'
import { type Ledger, ledger, said } from './ledger.ts'
import { presented, type Reference, reference, used } from './reference.ts'
import { ABSOLUTE, IDLE, type Outcome, type Servers } from './servers.ts'
import type { Tally } from './tally.ts'

/** Someone who holds tokens of the session. */
export type Party = { readonly name: 'owner' | 'thief'; jar: Jar }

/** One sign-in, with everybody who holds its tokens, and what is promised of it. */
export type World = {
  readonly servers: Servers
  readonly agenda: Agenda
  readonly line: Reference
  readonly ledger: Ledger
  readonly tally: Tally
  readonly owner: Party
  thief: Party | null
  /** Refreshes that the owner waits for. */
  waiting: number
}

/** A crash loses the uses of one step at most; so an idle session may be over that much early. */
const STEP = 60_000

export async function world(servers: Servers, tally: Tally): Promise<World> {
  servers.mend()
  // Nothing of the session before is under way any more.
  await servers.pass(60_000)
  servers.events.length = 0
  const { session, carried } = await servers.open()
  const jar = jarOf(carried)
  return {
    servers,
    tally,
    agenda: agenda(servers.clock, servers.pass),
    line: reference(session.createdAt),
    ledger: ledger(session, jar),
    owner: { name: 'owner', jar },
    thief: null,
    waiting: 0,
  }
}

/** What a jar holds once the answer has arrived. */
export type Answer = (held: Jar) => Jar

/**
 * A party presents the refresh token out of this jar. Answers with what it gets, null when it gets none; every outcome
 * is held against the table, and against what is promised without it.
 */
export async function present(
  world: World,
  party: Party,
  { server, given = party.jar, crash = false }: { server: number; given?: Jar; crash?: boolean },
): Promise<Answer | null> {
  const { servers, line, tally, ledger } = world
  const now = servers.clock.now()
  const number = given.refreshNumber
  const what = `${party.name} with ${number} of ${line.newest}`
  const late = lateness(world, now)
  const mustEnd = ledger.mustEnd(number, now)
  const before = line.newest
  const wasOver = line.over
  const expected = wasOver === null && late === 'over' ? 'time' : presented(line, number, now)

  if (crash) servers.loseAnswer(server)
  const outcome = await servers.refresh(server, cookiesOf(given, 'refresh'))

  if (outcome.kind === 'refused' && late !== 'in time' && isOfTime(outcome)) {
    timedOut(line)
    return null
  }
  if (outcome.kind === 'refused' && world.thief === null) assert.fail(`P4: ${what} was signed out: ${said(outcome)}`)
  if (mustEnd) assert.equal(said(outcome), 'token_reused', `${what} got ${said(outcome)}`)
  if (expected === 'theft' || expected === 'time') {
    assert.equal(
      said(outcome),
      expected === 'theft' ? 'token_reused' : 'an end by time',
      `${what} got ${said(outcome)}`,
    )
    if (wasOver === null) tally.count('theft ended')
    return null
  }
  if (outcome.kind === 'fault') {
    tally.count('answer lost by a crash')
    return null
  }
  if (outcome.kind !== 'handed') assert.fail(`${what} got ${said(outcome)}`)
  const { carried, session } = outcome.value
  const jar = jarOf(carried, given)
  ledger.handed(jar, session)
  assert.equal(jar.number, line.newest, what)
  assert.equal(carried.cookies.length, expected === null ? 1 : 2, what)
  tally.count(line.newest > before ? 'advanced' : number < line.newest ? 'child again' : 'same again')
  return (held) => jarOf(carried, held)
}

/** A party uses its access token. @param crash the server is gone before it has written that */
export async function use(world: World, party: Party, server: number, crash = false): Promise<void> {
  const { servers, line, ledger, tally } = world
  const now = servers.clock.now()
  const { jar } = party
  const stale = now >= jar.accessEnds
  const late = lateness(world, now)
  const heard = await servers.use(server, cookiesOf(jar, 'elsewhere'))
  if (line.over === 'theft') return assert.equal(heard, 'token_reused')
  if (heard !== 'in' && late !== 'in time' && heard.startsWith('session_expired_')) return timedOut(line)
  assert.notEqual(late, 'over', `${party.name} uses ${jar.number}, and is ${heard}`)
  assert.equal(heard, stale ? 'token_stale' : 'in', `${party.name} uses ${jar.number}`)
  if (heard !== 'in') return
  tally.count(crash ? 'crashed before it was written' : 'used')
  if (crash) return servers.crash(server)
  used(line, jar.number, now)
  // Of an older number it says nothing any more.
  if (jar.number === line.newest) ledger.seen(jar.number, now)
}

function timedOut(line: Reference): void {
  line.over = 'time'
}

/** Whether the session is over by time: for certain, perhaps, or not yet. */
function lateness({ line, ledger }: World, now: number): 'over' | 'perhaps' | 'in time' {
  if (now >= Math.min(line.usedAt + IDLE, ledger.session.createdAt + ABSOLUTE)) return 'over'
  return now >= line.usedAt + IDLE - STEP ? 'perhaps' : 'in time'
}

function isOfTime(outcome: Outcome & { kind: 'refused' }): boolean {
  return outcome.code === 'session_expired_idle' || outcome.code === 'session_expired_absolute'
}
