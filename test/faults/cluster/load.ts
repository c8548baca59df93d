import { pause } from '../support/client.ts'
import { between, type Random } from '../support/random.ts'
import { type Clients, clients } from './clients.ts'
import type { Member } from './member.ts'
import { type Held, hold, type Population } from './people.ts'
import { isDone } from './requests.ts'

/** Clients that ask each node who they are, and how long they rest in between, milliseconds. */
const READERS = 4
const READ_EVERY = [40, 120] as const

/** Clients of each node that end what they hold. */
const ENDERS = 2
const END_EVERY = [300, 700] as const

/** Of what is to end, the part that is kept for bursts. */
const RESERVED = 0.6

const SIGN_IN_EVERY = [200, 400] as const

const REFRESH_EVERY = [100, 300] as const

/** How long endings are waited for, milliseconds. */
const PATIENCE_MS = 20_000

export type Load = Clients & {
  /** Every session that was begun. */
  held(): readonly Held[]
  /** Those nobody is going to end. */
  readonly witnesses: readonly Held[]
  /** Ends so much at once, in turn at these nodes, besides what ends anyway. Resolves when all of it was answered as done. */
  burst(count: number, at: readonly Member[]): Promise<void>
  /** Resolves when each of these nodes has answered so many more endings as done. @throws when they do not. */
  endings(count: number, at: readonly Member[]): Promise<void>
  /** Resolves when everything was answered. */
  stop(): Promise<void>
}

/**
 * People who ask who they are, sign in, refresh and leave, at all nodes at once. Of each three users one stays; the sessions of the second
 * end one by one, those of the third together.
 */
export function load(members: readonly Member[], { people, admin }: Population, random: Random): Load {
  const all = clients(members, admin, random)
  const { journal, any, begun, visit, visitAll, signIn, refresh, leave, over } = all
  const staying = people.filter((_, i) => i % 3 === 0)
  const leaving = shuffled(
    people.flatMap(({ held }, i) => (i % 3 === 0 ? [] : i % 3 === 1 ? held.map((one) => [one]) : [[...held]])),
    random,
  )
  const reserve = leaving.splice(0, Math.round(leaving.length * RESERVED))
  const witnesses = [...staying.flatMap(({ held }) => held), admin]
  let stopped = false

  const rest = ([least, most]: readonly [number, number]) => pause(between(random, least, most))

  async function reading(member: Member): Promise<void> {
    while (!stopped) {
      const shown = over.length > 0 && random() < 0.5 ? any(over) : any(any(people).held)
      if (member.isAlive()) await visit(member, shown)
      await rest(READ_EVERY)
    }
  }

  async function ending(member: Member): Promise<void> {
    while (!stopped) {
      const what = member.isAlive() ? leaving.shift() : undefined
      if (what) await leave(member, what)
      await rest(END_EVERY)
    }
  }

  async function signingIn(): Promise<void> {
    while (!stopped) {
      const [owner, member] = [any(staying), any(members)]
      const reply = member.isAlive() ? await signIn(member, owner) : null
      if (reply && isDone(reply)) {
        const held = hold('hybrid', owner, reply)
        void visitAll(held)
        leaving.push([held])
      }
      await rest(SIGN_IN_EVERY)
    }
  }

  async function refreshing(): Promise<void> {
    const rotating = witnesses.filter(({ refresh: token }) => token !== null)
    while (!stopped) {
      const member = any(members)
      if (member.isAlive()) await refresh(member, any(rotating))
      await rest(REFRESH_EVERY)
    }
  }

  for (const member of members) {
    for (let i = 0; i < READERS; i += 1) void begun(reading(member))
    for (let i = 0; i < ENDERS; i += 1) void begun(ending(member))
  }
  void begun(signingIn())
  void begun(refreshing())

  return {
    ...all,
    held: () => [...people.flatMap(({ held }) => held), admin],
    witnesses,
    async burst(count, at) {
      if (reserve.length < count) throw new Error('nothing is left to end')
      const those = reserve.splice(0, count)
      await Promise.all(those.map((what, i) => leave(at[i % at.length] as Member, what)))
    },
    async endings(count, at) {
      const since = performance.now()
      const isOf = (member: Member) => (one: (typeof journal.endings)[number]) =>
        one.member === member.name && one.from >= since && isDone(one)
      while (!at.every((member) => journal.endings.filter(isOf(member)).length >= count)) {
        if (performance.now() - since > PATIENCE_MS) throw new Error('sessions cannot be ended any more')
        await pause(20)
      }
    },
    async stop() {
      stopped = true
      all.hush()
      await all.quiet()
    },
  }
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  return list
    .map((one) => ({ one, by: random() }))
    .sort((a, b) => a.by - b.by)
    .map(({ one }) => one)
}
