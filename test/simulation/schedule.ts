import { agenda as newAgenda } from './agenda.ts'
import { afterwards } from './calm.ts'
import type { Code } from './code.ts'
import { database } from './database.ts'
import { machine } from './machine.ts'
import { link } from './network.ts'
import { type Node, node } from './node.ts'
import { oracle, type Violation } from './oracle.ts'
import { type Person, settleIn } from './people.ts'
import type { Plan } from './plan.ts'
import { versions } from './policies.ts'
import { random } from './random.ts'
import { busy, request } from './requests.ts'
import { enter } from './sign-ins.ts'
import { storm } from './storm.ts'
import type { World } from './world.ts'

export type Outcome = { readonly violation: Violation | null; readonly events: number }

/** From when on things go wrong, milliseconds: by then every node follows the feed, and people are signed in. */
const STORM = 900

/** Runs a schedule from its plan. */
export async function run(code: Code, plan: Plan, note: World['note'] = null): Promise<Outcome> {
  const world = await begin(code, plan, note)
  const { agenda, oracle } = world
  await agenda.pass(STORM)
  const end = storm(world)
  while (agenda.now() < end && !oracle.violation()) await agenda.pass(Math.min(end, agenda.now() + 500))
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
  const state: World['state'] = { calm: false, seen: new Set(), unpromised: Number.NEGATIVE_INFINITY, policy: null }
  const known = versions()
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
    oracle: oracle(agenda, databases, state, known),
    versions: known,
    chance,
    mishaps,
    state,
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
