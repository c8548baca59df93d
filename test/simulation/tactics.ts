import type { Ending } from './ending.ts'
import { anyMishap, weatherOf } from './faults.ts'
import type { Cut, Weather } from './network.ts'
import type { Node } from './node.ts'
import { request } from './requests.ts'
import type { World } from './world.ts'

/**
 * What goes wrong around an ending, as if someone meant it. Chance alone would take long to come to these: each is what one
 * rule of the protocol is there for.
 */
export type Tactic = {
  /** How long before the ending it begins, milliseconds. */
  readonly lead: number
  /** Whether it is meant for a node that has nothing in memory. */
  readonly cold: boolean
  /** @param asked in how many milliseconds the ending is asked for */
  go(world: World, victim: Node, ending: Ending, asked: number): void
}

function between(world: World, from: number, until: number, begin: () => () => void): void {
  const { agenda, state } = world
  agenda.after(from, () => {
    if (state.calm) return
    const end = begin()
    agenda.after(until - Math.max(0, from), () => state.calm || end())
  })
}

function weather(world: World, victim: Node, from: number, until: number, what: Partial<Weather>): void {
  between(world, from, until, () => {
    world.note?.(`${victim.name} has other weather: ${JSON.stringify(what)}`)
    for (const link of victim.links) link.weather({ ...weatherOf(world.plan), ...what })
    return () => {
      for (const link of victim.links) link.weather(weatherOf(world.plan))
    }
  })
}

function cut(world: World, victim: Node, from: number, until: number, what: Cut): void {
  between(world, from, until, () => {
    world.note?.(`${victim.name} is cut off (${what}) from its databases`)
    const mend = victim.links.map((link) => link.cut(what))
    return () => {
      for (const one of mend) one()
    }
  })
}

/** Someone uses what is about to end, at a node that has not seen it lately. */
function lastUses(world: World, victim: Node, { tokens }: Ending, asked: number): void {
  const { agenda, chance } = world
  for (const token of tokens.slice(-3)) {
    agenda.after(asked + chance.between(-250, 100), () => request(world, victim, token))
  }
}

/** Whatever may go wrong, here and there. */
const anything: Tactic = {
  lead: 600,
  cold: false,
  go(world, victim, _ending, asked) {
    const { agenda, mishaps, nodes } = world
    for (let i = mishaps.whole(3); i > 0; i -= 1) {
      const whose = mishaps.chance(0.85) ? victim : mishaps.pick(nodes)
      agenda.after(asked + mishaps.between(-600, 400), () => anyMishap(world, whose))
    }
  },
}

/** A read of the feed is answered late, and it is the last. */
const lastWordIsLate: Tactic = {
  lead: 1300,
  cold: false,
  go(world, victim, _ending, asked) {
    const { mishaps } = world
    const from = asked + mishaps.between(-60, 20)
    weather(world, victim, from - 1200, from, { late: 0.9, slowest: mishaps.between(500, 2800) })
    cut(world, victim, from, from + mishaps.between(3500, 6000), 'requests')
  },
}

/** Look-ups are under way while it ends. */
const slowLookUps: Tactic = {
  lead: 300,
  cold: true,
  go(world, victim, ending, asked) {
    const slowest = world.mishaps.between(800, 3000)
    weather(world, victim, asked - 300, asked + 3000, { sluggish: 0.8, slowest })
    lastUses(world, victim, ending, asked)
  },
}

/** They are, at a node that hears nothing of it. */
const deafAndSlow: Tactic = {
  lead: 3000,
  cold: true,
  go(world, victim, ending, asked) {
    const { mishaps } = world
    cut(
      world,
      victim,
      asked - mishaps.between(50, 3000),
      asked + 6000,
      mishaps.pick(['feed', 'feed.read', 'feed.read']),
    )
    weather(world, victim, asked - 300, asked + 6000, { sluggish: 0.9, slowest: mishaps.between(2000, 2990) })
    lastUses(world, victim, ending, asked)
  },
}

/** The machine sleeps through it, sometimes with a look-up on its way. */
const asleep: Tactic = {
  lead: 300,
  cold: false,
  go(world, victim, ending, asked) {
    const { mishaps } = world
    slowLookUps.go(world, victim, ending, asked)
    between(world, asked + mishaps.between(-60, 60), asked + mishaps.between(3000, 7000), () => {
      world.note?.(`${victim.name} falls asleep`)
      victim.machine.pause(mishaps.chance(0.7) ? 'suspended' : 'stopped')
      return () => victim.machine.resume()
    })
  },
}

/** Rows are retired when another node starts. */
function startAnew(world: World, victim: Node, from: number): void {
  const { agenda, mishaps, nodes, note, state } = world
  const another = mishaps.pick(nodes.filter((one) => one !== victim))
  agenda.after(from, () => {
    if (state.calm) return
    note?.(`${another.name} starts anew`)
    another.crash()
    another.start()
  })
}

/** Its row is retired, it cannot get another, and goes on reading. */
const unlisted: Tactic = {
  lead: 3700,
  cold: false,
  go(world, victim, _ending, asked) {
    const from = asked - world.mishaps.between(3100, 3700)
    cut(world, victim, from, asked + 3000, 'feed.register')
    startAnew(world, victim, from)
  },
}

/** Its row was retired a moment ago. */
const justRetired: Tactic = {
  lead: 900,
  cold: false,
  go(world, victim, _ending, asked) {
    const { mishaps, plan } = world
    const from = asked - 10 * plan.delay - 150
    startAnew(world, victim, from)
    cut(world, victim, from + mishaps.between(0, 10 * plan.delay + 100), asked + 5000, 'requests')
  },
}

/** It hears nothing, and its wall clock is set back. */
const setBack: Tactic = {
  lead: 1600,
  cold: false,
  go(world, victim, _ending, asked) {
    const { agenda, mishaps } = world
    cut(world, victim, asked + mishaps.between(-200, 0), asked + 6000, 'requests')
    agenda.after(asked + mishaps.between(-1500, 1000), () => {
      if (world.state.calm) return
      world.note?.(`the wall clock of ${victim.name} is set back`)
      victim.machine.step(-mishaps.between(2000, 12_000))
    })
  },
}

const TACTICS = [
  anything,
  anything,
  lastWordIsLate,
  slowLookUps,
  slowLookUps,
  deafAndSlow,
  asleep,
  unlisted,
  justRetired,
  setBack,
]

/** One of them. */
export const tactic = ({ mishaps, plan }: World): Tactic => (plan.meant ? mishaps.pick(TACTICS) : anything)
