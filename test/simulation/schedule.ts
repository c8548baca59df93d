import { agenda as newAgenda } from './agenda.ts'
import { askFor } from './asking.ts'
import { burst } from './burst.ts'
import { afterwards } from './calm.ts'
import type { Code } from './code.ts'
import { database } from './database.ts'
import { anyEnding } from './endings.ts'
import { misfortune, strangersLeave, weatherOf } from './faults.ts'
import { loseData } from './lost-data.ts'
import { machine } from './machine.ts'
import { link } from './network.ts'
import { type Node, node } from './node.ts'
import { oracle, type Violation } from './oracle.ts'
import { type Person, settleIn } from './people.ts'
import type { Plan } from './plan.ts'
import { random } from './random.ts'
import { busy, request } from './requests.ts'
import { enter } from './sign-ins.ts'
import { tactic } from './tactics.ts'
import { unlock } from './user-endings.ts'
import type { World } from './world.ts'

export type Outcome = { readonly violation: Violation | null; readonly events: number }

/** From when on things go wrong, milliseconds: by then every node follows the feed, and people are signed in. */
const STORM = 900

/** Runs a schedule from its plan. */
export async function run(code: Code, plan: Plan, note: World['note'] = null): Promise<Outcome> {
  const world = await begin(code, plan, note)
  const { agenda, oracle } = world
  const end = STORM + plan.storm
  await agenda.pass(STORM)
  storm(world, end)
  for (let at = STORM; at < end && !oracle.violation(); at += 500) await agenda.pass(Math.min(end, at + 500))
  if (plan.calm && !oracle.violation()) await afterwards(world)
  await nothingElse(world)
  return { violation: oracle.violation(), events: agenda.count() }
}

async function begin(code: Code, plan: Plan, told: World['note']): Promise<World> {
  const agenda = newAgenda()
  const note = told && ((what: string) => told(`${agenda.now().toFixed(1).padStart(9)}  ${what}`))
  const chance = random(plan.seed, 'people')
  const mishaps = random(plan.seed, 'mishaps')
  const ways = random(plan.seed, 'network')
  const clocks = random(plan.seed, 'clocks')
  const names = plan.feeds === 1 ? ['the database'] : ["the users' database", "the sessions' database"]
  const databases = names.map((name) => database(name, code.memory, agenda, plan.kind === 'lost data'))
  const calling = { agenda, chance: ways, unavailable: (message: string) => new code.StoreUnavailable(message) }
  const rate = () => (plan.faults.drift ? clocks.pick([0.99505, 1, 1.00495]) : 1)
  const nodes = Array.from({ length: plan.nodes }, (_, i): Node => {
    const name = `node ${i + 1}`
    const work = { rate: rate(), wallRate: rate(), off: plan.faults.steps > 0 ? clocks.between(-14_000, 14_000) : 0 }
    const links = databases.map((one) => link(one, ways))
    return node(name, machine(name, agenda, random(plan.seed, name), work), links, calling, { code, plan })
  })
  const people: Person[] = []
  for (let i = 0; i < plan.people; i += 1) people.push(await settleIn(databases[0] as (typeof databases)[0], i))
  const world: World = {
    code,
    plan,
    agenda,
    databases,
    nodes,
    people,
    visits: [],
    doubtedKeys: new Set(),
    keyClaims: new Map(),
    oracle: oracle(agenda, databases),
    chance,
    mishaps,
    state: { calm: false, seen: new Set(), unpromised: Number.NEGATIVE_INFINITY },
    note,
  }
  for (const one of nodes) agenda.after(chance.real() * 50, () => one.start())
  for (let i = 0; i < plan.visits; i += 1) {
    agenda.after(300 + chance.real() * 50, () => enter(world, chance.pick(nodes), chance.pick(people)))
  }
  agenda.after(600, () => {
    for (const { tokens } of world.visits) {
      for (const one of busy(world)) for (const token of tokens) if (chance.chance(0.8)) request(world, one, token)
    }
  })
  return world
}

/** @throws when something happens that is not on the agenda: what a schedule comes to would not be its seed's alone. */
async function nothingElse({ agenda }: World): Promise<void> {
  const planned = agenda.planned()
  await new Promise((resolve) => setImmediate(resolve))
  if (agenda.planned() !== planned) throw new Error('something took place in real time')
}

function storm(world: World, end: number): void {
  const { agenda, chance, databases, mishaps, nodes, plan, people } = world
  for (const { links } of nodes) for (const one of links) one.weather(weatherOf(plan))
  if (plan.faults.pages) for (const one of databases) one.pages(1 + mishaps.whole(3))
  if (plan.kind === 'lost data') agenda.after(1500 + mishaps.real() * plan.storm * 0.6, () => void loseData(world))
  if (plan.kind === 'burst') agenda.after(500, () => void burst(world))
  misfortune(world, end)
  requests(world, end)
  for (let i = 0; i < plan.endings; i += 1) agenda.after(chance.real() * plan.storm * 0.7, () => anEnding(world, end))
  for (let i = 0; i < 2; i += 1) {
    agenda.after(chance.real() * plan.storm, () => enter(world, chance.pick(nodes), chance.pick(people)))
  }
}

/** Holders go on using their sessions, at any node, also when they are over. */
function requests(world: World, end: number): void {
  const { agenda, chance, visits } = world
  const again = () => {
    const wait = chance.pause(220)
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

/** Someone ends something, while other things go wrong; and asks again when nothing was answered, or is impatient. */
function anEnding(world: World, end: number): void {
  const { agenda, chance, mishaps, nodes, people, plan } = world
  const ending = anyEnding(world)
  if (!ending) return
  const ender = chance.pick(nodes)
  const ask = (at: Node, left: number) =>
    askFor(world, at, ending, (returned) => {
      if (returned || left === 0 || agenda.now() > end || chance.chance(0.2)) return
      agenda.after(chance.pause(200), () => ask(chance.pick(nodes), left - 1))
    })
  const { lead, cold, go } = tactic(world)
  const asked = lead + 100 + mishaps.real() * 800
  const others = nodes.filter((one) => one !== ender)
  const fitting = others.filter((one) => plan.cold && cold === (one === nodes[0]))
  go(world, mishaps.pick(fitting.length > 0 && mishaps.chance(0.85) ? fitting : others), ending, asked)
  agenda.after(asked, () => ask(ender, 3))
  if (chance.chance(0.3)) agenda.after(asked + chance.pause(300), () => ask(chance.pick(nodes), 1))
  for (const token of ending.tokens.slice(-2)) {
    for (const one of nodes) agenda.after(asked + chance.between(-200, 200), () => request(world, one, token))
  }
  if (plan.faults.pages) agenda.after(asked + mishaps.between(-30, 30), () => strangersLeave(world))
  // Someone signs in while it is under way.
  const { raced } = ending
  for (let i = chance.whole(3) + (raced ? 2 : 0); i > 0; i -= 1) {
    const at = asked + chance.between(raced ? 0 : -5, 8) * plan.delay
    agenda.after(at, () => enter(world, chance.pick(nodes), raced ?? chance.pick(people)))
  }
  for (const person of people) {
    agenda.after(asked + 2000 + chance.pause(2000), () => {
      if (!person.locked) return
      void unlock(world, chance.pick(nodes), person)
      agenda.after(chance.real() * 8 * plan.delay, () => enter(world, chance.pick(nodes), person))
    })
  }
}
