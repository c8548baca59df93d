import type { Ending } from './ending.ts'
import { type Errand, errands } from './network.ts'
import type { Node } from './node.ts'
import { request } from './requests.ts'
import type { World } from './world.ts'

/** What an ender's timers and its last look at the rows may take beyond the wait itself, milliseconds. */
const SLACK = 10

/** How long after an ending has returned it is still tried whether anybody lets in, milliseconds: longer than a lease. */
const LOOKED_AT = 4000

/** Asks a node for an ending. `then`: whether it returned. */
export function askFor(world: World, node: Node, ending: Ending, then: (returned: boolean) => void = () => {}): void {
  const running = node.running()
  if (!running) {
    then(false)
    return
  }
  const { process, auth, orElse } = running
  const { agenda, oracle, note, code } = world
  process.deliver(() => {
    const began = agenda.now()
    const finish = ending.begin()
    note?.(`${node.name} is asked for ${ending.name}`)
    const forget = orElse(() => {
      finish(false)
      then(false)
    })
    const errand: Errand = { unanswered: 0, answeredAt: began }
    errands
      .run(errand, () => ending.carryOut(auth))
      .then(
        (claims) => {
          forget()
          if (!process.alive()) return
          finish(true)
          note?.(`${node.name} answers: ${ending.name} ${claims ? 'is true everywhere' : 'was refused'}`)
          if (claims && began > world.state.unpromised) {
            claims(oracle.claim(ending.name, began))
            punctual(world, node, ending, errand)
            lookEverywhere(world, ending)
          }
          then(true)
        },
        (fault) => {
          forget()
          if (!process.alive()) return
          finish(false)
          note?.(`${node.name} answers: ${ending.name} failed (${fault})`)
          if (!(fault instanceof code.StoreUnavailable)) oracle.wrong('honest', `${ending.name} throws ${fault}`)
          then(false)
        },
      )
  })
}

/** An ending waits no longer than L x 1.01 by the ender's clock, from when the last thing it had to know was answered. */
function punctual({ agenda, oracle, code }: World, node: Node, ending: Ending, errand: Errand): void {
  const { machine } = node
  const { name, goesOn } = ending
  const { unanswered, answeredAt } = errand
  if (goesOn || unanswered > 0 || machine.awakeSince() > answeredAt) return
  const took = agenda.now() - answeredAt
  if (took > code.SETTLE_MS / machine.rate + SLACK) {
    oracle.wrong('settles', `${name} returned ${took.toFixed(0)} ms after ${node.name} had heard of its commit`)
  }
}

/** At once, which is when a node that decides too long would; and now and then for the time of a lease. */
function lookEverywhere(world: World, { tokens }: Ending): void {
  const { agenda, chance, nodes, visits } = world
  const chosen = tokens.length > 4 ? chance.shuffled(tokens).slice(0, 4) : tokens
  // Also with what was opened meanwhile.
  const newest = visits.at(-1)?.tokens.at(-1)
  for (const token of new Set(newest ? [...chosen, newest] : chosen)) {
    for (const node of nodes) {
      request(world, node, token)
      agenda.after(chance.real() * LOOKED_AT, () => request(world, node, token))
    }
  }
}
