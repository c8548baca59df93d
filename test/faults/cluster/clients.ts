import { pause } from '../support/client.ts'
import { between, type Random } from '../support/random.ts'
import type { Member } from './member.ts'
import type { Held, Person } from './people.ts'
import { ask, end, isDone, type Reply, refresh, signIn, type Way } from './requests.ts'

/** How long nobody waits any longer for the nodes that are to have a session in memory, milliseconds. */
const WARM_MS = 250

/** How often an ending is asked for that was not answered as done, and after how long, milliseconds. */
const ASK_AGAIN = 10
const ASK_AGAIN_MS = 400

/** Ended sessions that are shown again and again. */
const SHOWN = 40

export type Visit = Reply & { readonly held: Held }
export type Ending = Reply & { readonly what: readonly Held[]; readonly way: Way }

/** What was sent, and what became of it. */
export type Journal = {
  readonly visits: Visit[]
  readonly endings: Ending[]
  readonly signIns: Reply[]
  readonly refreshes: Reply[]
}

export type Clients = {
  readonly journal: Journal
  /** The newest of those that are over. */
  readonly over: readonly Held[]
  /** `quiet` waits for this work too. */
  begun<T>(work: Promise<T>): Promise<T>
  visit(member: Member, held: Held): Promise<Visit>
  /** At every node that lives. */
  visitAll(held: Held): Promise<readonly Visit[]>
  /** Asks for an ending, and shows all nodes at once what is over when it is answered as done. */
  ending(member: Member, what: readonly Held[], way: Way): Promise<Ending>
  signIn(member: Member, owner: Person): Promise<Reply>
  /** Goes on with the next tokens when they are answered, and else with those there are. */
  refresh(member: Member, held: Held): Promise<Reply>
  /** Ends one session, or all of somebody, that the nodes have in memory. Whoever is not told that it is done asks again, here or there. */
  leave(member: Member, what: readonly Held[]): Promise<void>
  any<T>(list: readonly T[]): T
  /** Resolves when everything is answered that was asked so far, or so much time has passed. */
  answered(ms: number): Promise<unknown>
  /** Nobody asks again any more. */
  hush(): void
  /** Resolves when everything was answered. */
  quiet(): Promise<void>
}

/** People with browsers, and an administrator. */
export function clients(members: readonly Member[], admin: Held, random: Random): Clients {
  const journal: Journal = { visits: [], endings: [], signIns: [], refreshes: [] }
  const over: Held[] = []
  const requests = new Set<Promise<unknown>>()
  const works = new Set<Promise<unknown>>()
  let hushed = false

  const any = <T>(list: readonly T[]): T => list[between(random, 0, list.length - 1)] as T
  const alive = () => members.filter((member) => member.isAlive())

  function begun<T>(work: Promise<T>): Promise<T> {
    return tracked(works, work)
  }

  async function sent<T extends Reply>(to: T[], request: Promise<T>): Promise<T> {
    const reply = await tracked(requests, request)
    to.push(reply)
    return reply
  }

  function visit(member: Member, held: Held): Promise<Visit> {
    return sent(
      journal.visits,
      ask(member, held).then((reply) => ({ ...reply, held })),
    )
  }

  function visitAll(held: Held): Promise<readonly Visit[]> {
    return Promise.all(alive().map((member) => visit(member, held)))
  }

  async function ending(member: Member, what: readonly Held[], way: Way): Promise<Ending> {
    for (const held of what) held.asked = Math.min(held.asked, performance.now())
    const request = end(member, way, what[0] as Held, admin)
    const reply = await sent(
      journal.endings,
      request.then((answer) => ({ ...answer, what, way })),
    )
    if (!isDone(reply)) return reply
    for (const held of what) held.settled = Math.min(held.settled, reply.to)
    over.push(...what)
    if (over.length > SHOWN) over.splice(0, over.length - SHOWN)
    for (const held of what) void visitAll(held)
    return reply
  }

  async function refreshed(member: Member, held: Held): Promise<Reply> {
    const reply = await sent(journal.refreshes, refresh(member, held))
    if (reply.tokens) {
      held.token = reply.tokens.accessToken
      held.refresh = reply.tokens.refreshToken ?? null
    }
    return reply
  }

  async function leave(member: Member, what: readonly Held[]): Promise<void> {
    await Promise.race([Promise.all(what.map(visitAll)), pause(WARM_MS)])
    const way = what.length > 1 ? any(['lock', 'end all'] as const) : any(['sign-out', 'own', 'admin'] as const)
    let answer = await ending(member, what, way)
    for (let i = 0; i < ASK_AGAIN && !isDone(answer) && !hushed; i += 1) {
      await pause(ASK_AGAIN_MS)
      const elsewhere = alive()
      if (elsewhere.length > 0) answer = await ending(any(elsewhere), what, what.length > 1 ? way : 'sign-out')
    }
  }

  return {
    journal,
    over,
    begun,
    visit,
    visitAll,
    ending,
    signIn: (member, owner) => sent(journal.signIns, signIn(member, owner)),
    refresh: refreshed,
    leave: (member, what) => begun(leave(member, what)),
    any,
    answered: (ms) => Promise.race([Promise.all(requests), pause(ms)]),
    hush() {
      hushed = true
    },
    async quiet() {
      while (works.size + requests.size > 0) await Promise.all([...works, ...requests])
    },
  }
}

function tracked<T>(among: Set<Promise<unknown>>, work: Promise<T>): Promise<T> {
  const kept = work.finally(() => among.delete(kept))
  among.add(kept)
  return kept
}
