import { askFor } from './asking.ts'
import { burst } from './burst.ts'
import type { Ending } from './ending.ts'
import { anyEnding } from './endings.ts'
import { misfortune, strangersLeave, weatherOf } from './faults.ts'
import { loseData } from './lost-data.ts'
import type { Node } from './node.ts'
import { busy, request } from './requests.ts'
import { enter } from './sign-ins.ts'
import { tactic } from './tactics.ts'
import { unlock } from './user-endings.ts'
import type { World } from './world.ts'

/** How long an ending is followed: it has settled by then, and no lease from before it is left. Milliseconds. */
const FOLLOWED = 4300

/** People come, go on and end things, and things go wrong. Answers until when, in global time. */
export function storm(world: World): number {
  const { agenda, chance, databases, mishaps, nodes, plan, people } = world
  for (const { links } of nodes) for (const one of links) one.weather(weatherOf(plan))
  if (plan.faults.pages) for (const one of databases) one.pages(1 + mishaps.whole(3))
  const asked = plan.meant ? anEnding(world) : 0
  const end = agenda.now() + Math.max(plan.storm, asked + FOLLOWED)
  if (!plan.meant) {
    for (let i = 0; i < plan.endings; i += 1) agenda.after(chance.real() * plan.storm * 0.6, () => anEnding(world))
  }
  if (plan.kind === 'lost data') agenda.after(1500 + mishaps.real() * plan.storm * 0.6, () => void loseData(world))
  if (plan.kind === 'burst') agenda.after(500, () => void burst(world))
  misfortune(world, end)
  requests(world, end)
  for (let i = 0; i < 2; i += 1) {
    agenda.after(chance.real() * plan.storm, () => enter(world, chance.pick(nodes), chance.pick(people)))
  }
  return end
}

/** Holders go on using their sessions, at any node, also when they are over. */
function requests(world: World, end: number): void {
  const { agenda, chance, visits } = world
  const again = () => {
    const wait = chance.pause(260)
    if (agenda.now() + wait > end) return
    agenda.after(wait, () => {
      if (visits.length > 0) {
        const { tokens } = chance.pick(visits)
        const token = chance.chance(0.8) ? tokens.at(-1) : chance.pick(tokens)
        if (token) request(world, chance.pick(busy(world)), token)
      }
      again()
    })
  }
  again()
}

/**
 * Someone ends something, while other things go wrong, and asks again when nothing was answered, or is impatient. Answers in how
 * many milliseconds it is asked for first.
 */
function anEnding(world: World): number {
  const { agenda, chance, mishaps, nodes, plan } = world
  const { lead, cold, go } = tactic(world)
  const ending = (cold && anyEnding(world, ({ single }) => single === true)) || anyEnding(world)
  if (!ending) return 0
  const ender = chance.pick(nodes)
  const asked = lead + 100 + mishaps.real() * 800
  const others = nodes.filter((one) => one !== ender)
  const fitting = others.filter((one) => plan.cold && cold === (one === nodes[0]))
  go(world, mishaps.pick(fitting.length > 0 && mishaps.chance(0.85) ? fitting : others), ending, asked)
  agenda.after(asked, () => ask(world, ender, ending, 3))
  if (chance.chance(0.3)) agenda.after(asked + chance.pause(300), () => ask(world, chance.pick(nodes), ending, 1))
  // Another is asked for at the same time.
  const beside = chance.chance(0.25) ? anyEnding(world) : null
  if (beside) agenda.after(asked + chance.between(0, 8) * plan.delay, () => askFor(world, chance.pick(nodes), beside))
  if (plan.faults.pages) agenda.after(asked + mishaps.between(-30, 30), () => strangersLeave(world))
  meanwhile(world, ending, asked)
  return asked
}

/** Until it is answered, or whoever asks gives up. */
function ask(world: World, node: Node, ending: Ending, left: number): void {
  const { agenda, chance, nodes, state } = world
  askFor(world, node, ending, (returned) => {
    if (returned || left === 0 || state.calm || chance.chance(0.2)) return
    agenda.after(chance.pause(200), () => ask(world, chance.pick(nodes), ending, left - 1))
  })
}

/** What is about to end is used, someone signs in, and whoever was locked is let in again. */
function meanwhile(world: World, { tokens, raced }: Ending, asked: number): void {
  const { agenda, chance, nodes, people, plan } = world
  for (const token of tokens.slice(-2)) {
    for (const one of nodes) agenda.after(asked + chance.between(-200, 200), () => request(world, one, token))
  }
  for (let i = chance.whole(3) + (raced ? 2 : 0); i > 0; i -= 1) {
    const at = asked + chance.between(raced ? 0 : -5, 8) * plan.delay
    agenda.after(at, () => enter(world, chance.pick(nodes), raced ?? chance.pick(people)))
  }
  for (const person of people) {
    agenda.after(asked + 2000 + chance.pause(2000), () => {
      if (!person.locked) return
      void unlock(world, chance.pick(nodes), person)
      for (let i = 0; i < 2; i += 1) {
        agenda.after(chance.between(2, 8) * plan.delay, () => enter(world, chance.pick(nodes), person))
      }
    })
  }
}
