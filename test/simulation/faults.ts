import type { SessionId } from '../../src/session.ts'
import type { Cut, Weather } from './network.ts'
import type { Node } from './node.ts'
import type { Plan } from './plan.ts'
import type { World } from './world.ts'

const CUTS: readonly Cut[] = [
  'everything',
  'everything',
  'requests',
  'answers',
  'feed',
  'feed.read',
  'feed.register',
  'feed.acknowledge',
  'look-ups',
]

/** The weather of a schedule. */
export function weatherOf({ delay, faults }: Plan): Weather {
  const { lost, slow, slowest, wakes } = faults
  const [wakeDelay, wakesLost] = wakes ? [300, 0.4] : [delay, 0]
  return { delay, lost, slow, slowest, late: 0, sluggish: 0, wakeDelay, wakesLost }
}

/** Lets one thing go wrong at a node, for a while. */
type Mishap = (world: World, node: Node) => void

const cut: Mishap = ({ agenda, mishaps, nodes, note, plan, state }, node) => {
  const what = mishaps.pick(CUTS)
  const lasting = mishaps.between(100, 7000)
  const links = mishaps.chance(0.5) ? node.links : [mishaps.pick(node.links)]
  const names = links.map(({ database }) => database.name).join(', ')
  // What goes wrong begins slowly, now and then.
  const slowly = mishaps.chance(0.3) ? mishaps.between(100, 1500) : 0
  if (slowly > 0) {
    note?.(`${node.name} hears late from ${names} for ${slowly.toFixed(0)} ms`)
    for (const link of links) link.weather({ ...weatherOf(plan), slow: 0.7, slowest: 2500 })
  }
  agenda.after(slowly, () => {
    if (state.calm) return
    if (slowly > 0) for (const link of links) link.weather(weatherOf(plan))
    const mend = links.map((link) => link.cut(what))
    note?.(`${node.name} is cut off (${what}) from ${names} for ${lasting.toFixed(0)} ms`)
    agenda.after(lasting, () => {
      for (const one of mend) one()
    })
  })
  // Rows are retired when another node starts: this one cannot get another.
  const others = nodes.filter((one) => one !== node)
  if (what === 'feed.register' && mishaps.chance(0.7)) {
    agenda.after(slowly, () => state.calm || restart(agenda, note, mishaps.pick(others), 0))
  }
}

/** The database takes its time, with everything but the feed. */
const sluggish: Mishap = ({ agenda, mishaps, note, plan, state }, { name, links }) => {
  const lasting = mishaps.between(300, 3000)
  note?.(`${name} waits for its databases, for ${lasting.toFixed(0)} ms`)
  for (const link of links) link.weather({ ...weatherOf(plan), sluggish: 0.7, slowest: mishaps.between(500, 3000) })
  agenda.after(lasting, () => {
    if (!state.calm) for (const link of links) link.weather(weatherOf(plan))
  })
}

const pause: Mishap = ({ agenda, mishaps, note }, { name, machine }) => {
  const kind = mishaps.pick(['stopped', 'suspended'] as const)
  const lasting = mishaps.chance(0.5) ? mishaps.between(1, 1000) : mishaps.between(1000, 9000)
  note?.(`${name} is ${kind} for ${lasting.toFixed(0)} ms`)
  machine.pause(kind)
  agenda.after(lasting, () => machine.resume())
}

const step: Mishap = ({ mishaps, note }, { name, machine }) => {
  const ms = mishaps.between(-14_000, 14_000)
  note?.(`the wall clock of ${name} is set by ${ms.toFixed(0)} ms`)
  machine.step(ms)
}

const crash: Mishap = ({ agenda, mishaps, note }, node) => restart(agenda, note, node, mishaps.between(0, 4000))

function restart(agenda: World['agenda'], note: World['note'], node: Node, down: number): void {
  note?.(`${node.name} crashes, and starts again in ${down.toFixed(0)} ms`)
  node.crash()
  agenda.after(down, () => node.start())
}

/** Everything that can go wrong here, each as often as the plan says. */
function possible({ faults }: Plan): readonly (readonly [weight: number, mishap: Mishap])[] {
  const all = [
    [faults.cuts, cut],
    [faults.pauses, pause],
    [faults.steps, step],
    [faults.crashes, crash],
    [faults.slow > 0 ? 1 : 0, sluggish],
  ] as const
  return all.filter(([weight]) => weight > 0)
}

/** One thing goes wrong at a node. */
export function anyMishap(world: World, node: Node): void {
  const list = possible(world.plan)
  if (list.length === 0 || world.state.calm) return
  let at = world.mishaps.real() * list.reduce((sum, [weight]) => sum + weight, 0)
  for (const [weight, mishap] of list) {
    at -= weight
    if (at > 0) continue
    mishap(world, node)
    return
  }
}

/** Strangers' sessions end, many at once: entries that a node has to read before it comes to those that matter. */
export function strangersLeave({ databases, mishaps }: World): void {
  const { denials } = (databases.at(-1) as (typeof databases)[number]).store()
  for (let i = 3 + mishaps.whole(6); i > 0; i -= 1) {
    const sid = `stranger ${mishaps.whole(1e9)}` as SessionId
    void denials.deny({ sid, reason: 'signed_out', until: 3e12 }, 1.8e12)
  }
}

/** Things go wrong now and then, everywhere. */
export function misfortune(world: World, until: number): void {
  const { agenda, mishaps, nodes, plan } = world
  const often = possible(plan).reduce((sum, [weight]) => sum + weight, 0)
  if (often === 0) return
  const again = () => {
    const wait = mishaps.pause(6000 / often)
    if (agenda.now() + wait > until) return
    agenda.after(wait, () => {
      anyMishap(world, mishaps.pick(nodes))
      again()
    })
  }
  again()
}
