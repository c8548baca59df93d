import type { Result } from '../../src/result.ts'
import type { Carried } from '../../src/strategy.ts'
import type { Node } from './node.ts'
import { handed, type Person, type Token, type Visit } from './people.ts'
import type { World } from './world.ts'

/** Nodes that requests come to all the time; another is found cold by those that matter. */
export const busy = ({ nodes, plan }: World): readonly Node[] => (plan.cold ? nodes.slice(1) : nodes)

type Heard = (result: Result<unknown>, asked: boolean) => void

/** One request with a token, wherever the node is: down, it refuses the connection; paused, it answers when it goes on. */
export function request(world: World, node: Node, token: Token, heard: Heard = () => {}): void {
  const running = node.running()
  if (!running) return
  const { process, auth } = running
  const { oracle, note } = world
  process.deliver(() => {
    const arrival = oracle.arrival(node, process)
    const answer = auth.authenticate(token.carrier)
    const said = (result: Awaited<typeof answer>, asked: boolean) => {
      if (!process.alive()) return
      const how = result.ok ? 'accepts' : `refuses (${result.refusal.code})`
      note?.(`${node.name} ${how} ${token.visit.name}, ${asked ? 'asked' : 'from memory'}`)
      oracle.said(token, arrival, result, asked)
      if (!result.ok && result.refusal.code === 'token_stale' && token.newest) freshen(world, node, token)
      heard(result, asked)
    }
    if (!(answer instanceof Promise)) said(answer, false)
    else {
      answer.then(
        (result) => said(result, true),
        (fault) => oracle.wrong('honest', `authenticate throws: ${fault}`),
      )
    }
  })
}

/** A token that is out of date is exchanged, as its holder's client does. */
export function freshen(world: World, node: Node, token: Token): void {
  const running = node.running()
  if (!running || world.plan.strategy === 'session') return
  const { auth, process } = running
  const { visit } = token
  const next = async (): Promise<Carried | null> => {
    if (token.refresh !== null) {
      const refreshed = await auth.refresh(token.carrier, token.refresh)
      return refreshed.ok ? refreshed.value.carried : null
    }
    const who = await auth.authenticate(token.carrier, { renewing: true })
    const renewed = who.ok ? await auth.renew(who.value) : null
    return renewed?.ok ? renewed.value.carried : null
  }
  process.deliver(() => {
    const changes = changesOf(visit.person)
    next().then(
      (carried) => {
        if (!process.alive() || !carried || !token.newest) return
        world.note?.(`${node.name} hands ${visit.name} its next token`)
        takeOver(world, visit, carried, changes)
      },
      () => {},
    )
  })
}

/** How often roles were given so far; null while some are being given: a token that is made meanwhile may be of either. */
export const changesOf = ({ changes, changing }: Person): number | null => (changing > 0 ? null : changes)

/** @param changes as they were when it was asked for */
export function takeOver(world: World, visit: Visit, carried: Carried, changes: number | null): Token {
  const token = handed(visit, carried)
  token.mayBeStale = changes === null || changes !== changesOf(visit.person)
  if (token.kid !== null) {
    token.inDoubt = world.doubtedKeys.has(token.kid)
    token.over = world.keyClaims.get(token.kid) ?? null
  }
  return token
}
