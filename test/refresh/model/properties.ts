import fc from 'fast-check'
import { expect } from 'vitest'
import { honest, type Plan, robbed } from './commands.ts'
import { cookiesOf } from './jar.ts'
import { WINDOW } from './reference.ts'
import type { Servers } from './servers.ts'
import { type Tally, tally } from './tally.ts'
import { act } from './thief.ts'
import { type Party, present, use, type World, world } from './world.ts'

/** How many runs, of how many commands at most. Stops in time to be told what was found, and is a failure then. */
export type Extent = {
  readonly seed: number
  readonly runs: number
  readonly commands: number
  readonly within?: number
}

const SIX_MINUTES = 360_000

/** (a) Whoever nobody has stolen from is signed out by time only, whatever becomes of their refreshes. */
export function neverSignedOut(servers: Servers, extent: Extent): Promise<Tally> {
  return held(servers, extent, honest(extent.commands), async () => {})
}

/**
 * (b) A theft ends when a spent token is used more than 30 s after its child was first seen, which is looked at with every
 * refresh, and when owner and thief both rotate afterwards, outside each other's window: at the latest when the first comes again.
 */
export function theftEnds(servers: Servers, extent: Extent): Promise<Tally> {
  return held(servers, extent, robbed(extent.commands), async (world) => {
    if (world.thief === null || ended(world) === 'time') return
    // One after the other comes back to a quiet line, and uses what it gets.
    world.agenda.clear()
    world.servers.mend()
    await pauseAnd(world, () => ownerComes(world))
    await pauseAnd(world, () => act(world, world.thief ?? world.owner, 0, true))
    await pauseAnd(world, () => ownerComes(world))
    if (ended(world) === 'time') return
    expect(ended(world)).toBe('theft')
    await bothOut(world)
  })
}

const ended = ({ line }: World) => line.over

async function ownerComes(world: World): Promise<void> {
  const got = await present(world, world.owner, { server: 1 })
  if (got) world.owner.jar = got(world.owner.jar)
  await use(world, world.owner, 1)
}

async function pauseAnd(world: World, act: () => Promise<void>): Promise<void> {
  await world.agenda.pass(SIX_MINUTES)
  if (ended(world) === null) await act()
}

/**
 * (c) What is not promised: a thief that asks again within 30 s of each of the owner's rotations is taken for a tab of theirs.
 * One rotation that it misses ends the session.
 */
export async function mirrored(servers: Servers, { seed, runs, within = 550_000 }: Extent): Promise<void> {
  const delays = fc.array(fc.integer({ min: 0, max: WINDOW }), { minLength: 1, maxLength: 6 })
  const property = fc.asyncProperty(delays, async (mirrorings) => {
    const real = await world(servers, tally())
    const thief: Party = { name: 'thief', jar: real.owner.jar }
    real.thief = thief
    for (const delay of mirrorings) {
      await real.agenda.pass(SIX_MINUTES)
      await ownerComes(real)
      await real.agenda.pass(delay)
      await act(real, thief, 0, true)
      expect([ended(real), thief.jar.refresh]).toEqual([null, real.owner.jar.refresh])
    }
    await real.agenda.pass(SIX_MINUTES)
    await ownerComes(real)
    await real.agenda.pass(WINDOW + 1)
    await act(real, thief, 0, true)
    expect(ended(real)).toBe('theft')
    await bothOut(real)
  })
  await fc.assert(property, { seed, numRuns: runs, interruptAfterTimeLimit: within, markInterruptAsFailure: true })
}

/** Both parties hear why, of either server, and that the session ended was told once. */
async function bothOut({ servers, owner, thief, tally }: World): Promise<void> {
  for (const party of [owner, thief ?? owner]) {
    const refreshed = await servers.refresh(party === owner ? 0 : 1, cookiesOf(party.jar, 'refresh'))
    expect(refreshed).toEqual({ kind: 'refused', code: 'token_reused' })
    expect(await servers.use(party === owner ? 1 : 0, cookiesOf(party.jar, 'elsewhere'))).toBe('token_reused')
  }
  const told = servers.events.filter(({ reason }) => reason === 'token_reused')
  const endings = told.filter(({ type }) => type === 'session.ended')
  expect(endings).toHaveLength(1)
  // Requests that gave it away at the same instant are each told of.
  const reused = servers.events.filter(({ type }) => type === 'token.reused')
  expect(reused.length).toBeGreaterThan(0)
  expect(new Set(reused.map(({ session, subject }) => `${session} ${subject}`))).toEqual(
    new Set(endings.map(({ session, subject }) => `${session} ${subject}`)),
  )
  tally.count('both out')
}

async function held(
  servers: Servers,
  { seed, runs, commands, within = 550_000 }: Extent,
  lives: ReturnType<typeof robbed>,
  after: (world: World) => Promise<void>,
): Promise<Tally> {
  const counts = tally()
  const property = fc.asyncProperty(lives, async ([plan, steps]) => {
    const real: World & { plan: Plan } = Object.assign(await world(servers, counts), { plan })
    await fc.asyncModelRun(() => ({ model: real.line, real }), steps)
    await after(real)
  })
  const limits = { interruptAfterTimeLimit: within, markInterruptAsFailure: true }
  await fc.assert(property, { seed, numRuns: runs, ...limits })
  console.log(`${runs} lives of at most ${commands} steps, seed ${seed}:`, counts.counts)
  return counts
}
