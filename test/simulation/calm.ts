import type { Result } from '../../src/result.ts'
import { askFor } from './asking.ts'
import { CALM } from './network.ts'
import type { Node } from './node.ts'
import { claims, type Visit } from './people.ts'
import { freshen, request } from './requests.ts'
import { endOf } from './session-endings.ts'
import { enter } from './sign-ins.ts'
import type { World } from './world.ts'

/**
 * How long after the last fault everything has to be well again, milliseconds: what waits for a lost answer gives up within
 * 10 s by its own clock, and is asked anew by whoever comes next.
 */
const RECOVERY = 11_000

/** How long an answer takes where nothing is wrong, several calls one after the other. */
const PROMPT = 400

/** Nothing goes wrong any more. After a while everybody is let in who may be, everywhere and from memory. */
export async function afterwards(world: World): Promise<void> {
  const { agenda, nodes, databases, note, oracle } = world
  note?.('nothing goes wrong from now on')
  world.state.calm = true
  for (const one of databases) one.pages(Number.POSITIVE_INFINITY)
  for (const { links, machine } of nodes) {
    machine.resume()
    for (const one of links) {
      one.mend()
      one.weather(CALM)
    }
  }
  for (const one of nodes) agenda.after(0, () => one.start())
  const until = agenda.now() + RECOVERY
  while (agenda.now() < until && !oracle.violation()) await agenda.pass(Math.min(until, agenda.now() + 1000))
  const steps = [renewed, everybodyIsIn, everybodyIsIn, newcomers, endings]
  for (const step of steps) {
    if (oracle.violation()) return
    await step(world)
  }
}

/** Whose token is out of date gets the next one. */
async function renewed(world: World): Promise<void> {
  for (const visit of world.visits) {
    const token = visit.tokens.at(-1)
    if (token?.mayBeStale && claims(token).length === 0) freshen(world, world.chance.pick(world.nodes), token)
  }
  await world.agenda.pass(world.agenda.now() + PROMPT)
}

/** Every node says of every session what all others say; and the second time it does so at once. */
async function everybodyIsIn(world: World): Promise<void> {
  const { agenda, nodes, oracle, visits, state } = world
  const answers = new Map<Visit, Map<Node, boolean>>()
  for (const visit of visits) {
    answers.set(visit, new Map())
    const token = visit.tokens.at(-1)
    if (token) for (const one of nodes) request(world, one, token, (result, asked) => heard(one, visit, result, asked))
  }
  await agenda.pass(agenda.now() + PROMPT)
  for (const [visit, said] of answers) {
    if (said.size < nodes.length) oracle.wrong('well again', `not every node answers for ${visit.name}`)
    if (new Set(said.values()).size > 1) oracle.wrong('agreed', `some nodes accept ${visit.name}, and some do not`)
    state.seen.add(visit)
  }

  function heard(node: Node, visit: Visit, result: Result<unknown>, asked: boolean): void {
    answers.get(visit)?.set(node, result.ok)
    if (!result.ok && result.refusal.code === 'unavailable') {
      oracle.wrong('well again', `${node.name} still answers that it is unavailable`)
    }
    if (result.ok && asked && state.seen.has(visit))
      oracle.wrong('well again', `${node.name} still asks for ${visit.name}`)
  }
}

/** Whoever has an account gets in at every node. Where data was lost nobody is sure to have one, and who has gets in all the same. */
async function newcomers(world: World): Promise<void> {
  const { agenda, chance, nodes, oracle, people } = world
  const free = people.filter(({ mayBeOut }) => !mayBeOut)
  const sure = free.length > 0
  let entered = 0
  for (const one of nodes) {
    enter(world, one, chance.pick(sure ? free : people), () => {
      entered += 1
    })
  }
  await agenda.pass(agenda.now() + PROMPT)
  if (sure && entered < nodes.length) oracle.wrong('well again', 'somebody cannot sign in')
}

/** Rows that nobody has any more hold up one ending, and are gone after that. */
async function endings(world: World): Promise<void> {
  const { agenda, chance, code, nodes, oracle, visits, plan } = world
  const { SETTLE_MS } = code
  for (const most of plan.thorough ? [SETTLE_MS * 1.02 + PROMPT, PROMPT] : []) {
    const left = visits.filter(({ over, inDoubt }) => over === null && !inDoubt)
    if (left.length === 0) return
    const visit = chance.pick(left)
    const began = agenda.now()
    let took = Number.POSITIVE_INFINITY
    askFor(world, chance.pick(nodes), endOf(visit), (returned) => {
      if (returned) took = agenda.now() - began
    })
    await agenda.pass(began + 2 * SETTLE_MS * 1.02 + 2 * PROMPT)
    if (took > most) oracle.wrong('settles', `${visit.name} ends in ${took.toFixed(0)} ms where nothing is wrong`)
  }
}
