import { type Random, random } from './random.ts'

export type Kind = 'ordinary' | 'lost data' | 'burst'

/** What can go wrong in a schedule, each in a measure of its own. Probabilities, or how often it happens. */
export type Faults = {
  /** Messages that never arrive. */
  readonly lost: number
  /** Messages that take up to `slowest` ms. */
  readonly slow: number
  readonly slowest: number
  /** Nodes that are cut off from a database, altogether or in part. */
  readonly cuts: number
  readonly pauses: number
  readonly steps: number
  readonly crashes: number
  /** Clocks that run at different speeds. */
  readonly drift: boolean
  /** The database answers with pages of few entries. */
  readonly pages: boolean
  /** Wake-ups are late, lost, or for nothing. */
  readonly wakes: boolean
}

/** Everything about a schedule that is decided before it begins. */
export type Plan = {
  readonly seed: number
  readonly kind: Kind
  readonly strategy: 'session' | 'jwt' | 'hybrid'
  /** Other strategies are honoured beside it. */
  readonly accepts: boolean
  /** Databases: with two, sessions are in one of their own. */
  readonly feeds: 1 | 2
  readonly nodes: number
  readonly people: number
  readonly visits: number
  /** How long faults and endings go on, milliseconds. */
  readonly storm: number
  /** How long a message takes on average, milliseconds. */
  readonly delay: number
  readonly endings: number
  readonly faults: Faults
  /** Whether what goes wrong around an ending is meant to (`tactics.ts`). */
  readonly meant: boolean
  /** One node is hardly used. */
  readonly cold: boolean
  /** Whether it is looked at afterwards that everything is well again. */
  readonly calm: boolean
  /** And that endings are fast again. */
  readonly thorough: boolean
}

const STRATEGIES = ['session', 'jwt', 'hybrid'] as const

/** Not every fault in every schedule: each hides what another would show (swarm testing, Groce et al., ISSTA 2012). */
export function plan(seed: number, kind: Kind, strategy: Plan['strategy'] | null = null): Plan {
  const chance = random(seed, 'plan')
  const meant = kind === 'ordinary' && chance.chance(0.5)
  return {
    seed,
    kind,
    strategy: strategy ?? chance.pick(STRATEGIES),
    accepts: chance.chance(0.1),
    feeds: chance.chance(0.35) ? 2 : 1,
    nodes: chance.chance(0.65) ? 2 : 3,
    people: chance.chance(0.6) ? 1 : 2,
    visits: 2 + chance.whole(2),
    storm: chance.between(4000, 6500),
    delay: chance.pick([2, 8, 20, 60]),
    endings: meant ? 1 + chance.whole(2) : 2 + chance.whole(3),
    faults: faults(chance, meant),
    meant,
    cold: chance.chance(0.4),
    calm: chance.chance(0.2),
    thorough: chance.chance(0.3),
  }
}

/** Where something is meant, chance does not get in its way as often. */
function faults(chance: Random, meant: boolean): Faults {
  const some = (often: number, measure: () => number) => (chance.chance(meant ? often / 3 : often) ? measure() : 0)
  return {
    lost: some(0.3, () => chance.between(0.01, 0.3)),
    slow: some(0.4, () => chance.between(0.02, 0.3)),
    slowest: chance.between(300, 6000),
    cuts: some(0.5, () => chance.between(0.3, 2)),
    pauses: some(0.5, () => chance.between(0.3, 1.5)),
    steps: some(0.5, () => chance.between(0.3, 1.5)),
    crashes: some(0.3, () => chance.between(0.2, 1)),
    drift: chance.chance(0.5),
    pages: chance.chance(0.3),
    wakes: chance.chance(meant ? 0.2 : 0.4),
  }
}

/** The same without one of its faults. */
export function without(plan: Plan, fault: keyof Faults): Plan {
  const none = typeof plan.faults[fault] === 'boolean' ? false : 0
  return { ...plan, faults: { ...plan.faults, [fault]: none } }
}
