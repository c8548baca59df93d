import fc from 'fast-check'
import { type Errand, type Habit, mayRefresh, refreshBy } from './owner.ts'
import type { Reference } from './reference.ts'
import { FLUSH_MS } from './servers.ts'
import { act, type Style, steal } from './thief.ts'
import { use, type World } from './world.ts'

/** What a run is about. */
export type Plan = { readonly habit: Habit; readonly theft: Style | null }

type Step = fc.AsyncCommand<Reference, World & { readonly plan: Plan }>

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Time passes, short or long, and to the very edges of the window. */
const PAUSES = [100, 2 * SECOND, 5 * SECOND, 29_900, 30_000, 30_001, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 8 * HOUR]

function step(
  name: string,
  check: (world: Reference) => boolean,
  run: (world: World & { plan: Plan }) => Promise<unknown>,
) {
  const command: Step = {
    check: (line) => check(line),
    run: async (_, world) => void (await run(world)),
    toString: () => name,
  }
  return command
}

const open = (line: Readonly<Reference>) => line.over === null
const always = () => true

const pass = fc
  .oneof(
    { weight: 4, arbitrary: fc.constantFrom(...PAUSES) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: MINUTE }) },
  )
  .map((ms) => step(`pass ${ms} ms`, open, ({ agenda }) => agenda.pass(ms)))

const untilOver = fc.constant(
  step('pass until a refresh is due', open, ({ agenda, owner, servers, plan }) =>
    agenda.pass(Math.max(0, owner.jar.accessEnds - plan.habit.lead - servers.clock.now())),
  ),
)

const errand: fc.Arbitrary<Errand> = fc.record({
  server: fc.nat(1),
  there: delay(),
  back: delay(),
  fate: fc.oneof(
    { weight: 5, arbitrary: fc.constant('arrives' as const) },
    { weight: 2, arbitrary: fc.constant('lost' as const) },
    { weight: 1, arbitrary: fc.constant('crash' as const) },
  ),
  retry: fc.constantFrom(2 * SECOND, 10 * MINUTE, 8 * HOUR),
})

function delay() {
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constant(15 * SECOND) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 15 * SECOND }) },
  )
}

const tabs = fc.oneof(
  { weight: 2, arbitrary: fc.tuple(errand) },
  { weight: 1, arbitrary: fc.array(errand, { minLength: 2, maxLength: 5, size: 'max' }) },
)

const refresh = tabs.map((errands) =>
  step(`refresh ${JSON.stringify(errands)}`, open, async (world) => {
    const { habit } = world.plan
    if (!mayRefresh(world, habit)) return
    await refreshBy(world, habit, errands)
  }),
)

const uses = fc.nat(1).map((server) =>
  step(`use at ${server}`, always, async (world) => {
    if (world.plan.habit.uses) await use(world, world.owner, server)
  }),
)

/** What was used before is written by then, and this is not. */
const usesAndCrashes = fc.nat(1).map((server) =>
  step(`use at ${server}, which crashes`, open, async (world) => {
    if (!world.plan.habit.uses || !world.agenda.quiet(FLUSH_MS)) return
    await world.agenda.pass(FLUSH_MS)
    await use(world, world.owner, server, true)
  }),
)

const theft = fc.constant(
  step('steal', open, async (world) => {
    if (world.plan.theft && world.thief === null) await steal(world, world.plan.theft)
  }),
)

const thiefActs = fc.nat(1).map((server) =>
  step(`the thief at ${server}`, always, async (world) => {
    if (world.thief) await act(world, world.thief, server, world.plan.theft?.uses ?? true)
  }),
)

const habit: fc.Arbitrary<Habit> = fc.record({
  refreshes: fc.constantFrom('when over', 'when over', 'at will'),
  lead: fc.constantFrom(0, 30 * SECOND, 3 * MINUTE),
  uses: fc.constantFrom(true, true, true, false),
})

const style: fc.Arbitrary<Style> = fc.record({
  comes: fc.constantFrom('+5 s', '+10 min', 'first'),
  uses: fc.constantFrom(true, true, true, false),
})

/** Lives of a session that nobody else holds. */
export const honest = (most: number) =>
  fc.tuple(
    fc.record<Plan>({ habit, theft: fc.constant(null) }),
    fc.commands([pass, untilOver, untilOver, refresh, refresh, refresh, uses, uses, usesAndCrashes], {
      maxCommands: most,
      size: 'max',
    }),
  )

/** Lives of a session whose jar is copied. */
export const robbed = (most: number) =>
  fc.tuple(
    fc.record<Plan>({ habit, theft: style }),
    fc.commands([pass, untilOver, refresh, refresh, uses, usesAndCrashes, theft, thiefActs], {
      maxCommands: most,
      size: 'max',
    }),
  )
