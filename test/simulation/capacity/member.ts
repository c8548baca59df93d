import type { Feed } from '../../../src/feed.ts'
import { type Follower, follower } from '../../../src/view/follower.ts'
import type { Machine, Process } from '../machine.ts'
import { type Line, line, type Wires } from './line.ts'

/** A node as far as the feed is concerned: its followers, and which endings it knows. */
export type Member = {
  readonly machine: Machine
  readonly process: Process
  readonly lines: readonly Line[]
  readonly followers: readonly Follower[]
  /** Whether it may decide from its memory at this instant. */
  leased(): boolean
  knows(ending: number): boolean
  /** Whether it would let in whoever brings the session that this ending ends, from memory. */
  accepts(ending: number): boolean
}

/** What a database has appended so far: endings by their number, in the part that each is in. */
export type Appended = { readonly known: Uint8Array; readonly part: (ending: number) => number }

/** @param name another one at each start */
export function member(
  wires: Wires,
  machine: Machine,
  name: string,
  feeds: readonly Feed[],
  appended: Appended,
): Member {
  const process = machine.process(name)
  const known = new Uint8Array(appended.known.length)

  /** Who registers at the tail has nothing in memory, and asks the store for what it is asked next: that has it all. */
  function learn(part: number): void {
    for (const [ending, has] of appended.known.entries()) if (has && appended.part(ending) === part) known[ending] = 1
  }

  const lines = feeds.map((feed, part) => line(wires, process, feed, () => learn(part)))
  const followers = lines.map(({ feed }) =>
    follower(feed, process.clock, {
      apply(change) {
        const ending = change.kind === 'ended' ? Number(change.sessions[0]) : Number.NaN
        if (ending >= 0) known[ending] = 1
      },
      reset: () => {},
      onFault: () => {},
      onRound: () => {},
    }),
  )
  const leased = () => process.alive() && !machine.paused() && followers.every((one) => one.leased())
  const start = () => {
    for (const one of followers) one.start().catch(() => {})
  }
  process.deliver(start)
  return {
    machine,
    process,
    lines,
    followers,
    leased,
    knows: (ending) => known[ending] === 1,
    accepts: (ending) => leased() && known[ending] !== 1,
  }
}
