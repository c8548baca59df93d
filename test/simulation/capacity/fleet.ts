import { memoryFeed } from '../../../src/stores/memory/feed.ts'
import { verbs } from '../../../src/stores/memory/verb.ts'
import { settle } from '../../../src/view/settle.ts'
import { agenda } from '../agenda.ts'
import { type Random, random } from '../random.ts'
import type { Load } from './habits.ts'
import { type Latency, NEAR, oneWay } from './latency.ts'
import type { Member } from './member.ts'
import { place } from './place.ts'
import { promises } from './promises.ts'
import { nothing, since, type Tally } from './tally.ts'
import { harm, PEACE, type Trouble } from './trouble.ts'

export type Plan = {
  readonly seed: number
  readonly nodes: number
  readonly partitions: number
  readonly load: Load
  /** How many endings that somebody waits for; then it is over. */
  readonly endings: number
  readonly trouble?: Trouble
  readonly latency?: Latency
  /** The real one, unless a test is to show that another would be found out. */
  readonly settling?: typeof settle
}

export type Found = {
  /** How long the endings came in, seconds. */
  readonly seconds: number
  readonly entries: number
  /** What they cost, from the first until the last had returned. */
  readonly counted: Tally
  readonly countedSeconds: number
  /** What was asked in a second in which nothing happened. */
  readonly idle: Tally
  /** How long each ending took that returned, from the answer of its commit on, milliseconds, shortest first. */
  readonly settled: readonly number[]
  readonly violations: readonly string[]
  /** How often a node was asked about an ending that had returned. */
  readonly asked: number
}

/** Milliseconds: until everybody has a lease, how long a quiet time is counted, and how long is looked at what follows. */
const BEGINNING_MS = 2000
const QUIET_MS = 3000
const AFTERWARDS_MS = 8000
const AFTER_PEACE_MS = 500

/** How long the last endings are waited for at most, beside what they may take. */
const PATIENCE_MS = 4000
/** A commit waits for a disk. */
const COMMIT_MS = 0.5

/** Nodes that follow feeds and hold leases with the code of `src/view`, on machines, lines and databases of chance. */
export async function fleet(plan: Plan): Promise<Found> {
  const { seed, nodes, partitions, load, endings, trouble = PEACE, latency = NEAR, settling = settle } = plan
  const events = agenda()
  const tally = nothing()
  const lines = random(seed, 'lines')
  const truths = Array.from({ length: partitions }, () => memoryFeed(verbs(() => false)))
  const feeds = truths.map(({ feed }) => feed)
  const appended = { known: new Uint8Array(endings), part: (ending: number) => ending % partitions }
  const wires = { agenda: events, chance: lines, latency, tally }
  const places = Array.from({ length: nodes }, (_, i) => place(wires, seed, `m${i}`, feeds, appended))
  const members = () => places.flatMap((one) => one.member() ?? [])
  const streams = random(seed, 'endings')
  for (const one of places) events.after(streams.between(0, BEGINNING_MS / 2), one.start)

  await events.pass(BEGINNING_MS)
  const late = members().filter((one) => !one.leased()).length
  if (late > 0) throw new Error(`${late} nodes have no lease yet`)
  const began = { ...tally }
  await events.pass(BEGINNING_MS + QUIET_MS)
  const idle = since(began, tally)

  const before = { ...tally }
  const from = events.now()
  const kept = promises(members, random(seed, 'requests'), events)
  const settled: number[] = []
  let [open, entries] = [0, 0]

  function append(part: number, sessions: readonly string[]): number {
    tally.append += 1
    entries += 1
    return (truths[part] as (typeof truths)[number]).append({ kind: 'ended', sessions, reason: 'signed_out', at: 0 })
  }

  /** Its verb has a connection of its own: the answer does not wait for what the feed says. */
  function end(ending: number, by: Member): void {
    const part = appended.part(ending)
    const [feed, own] = [by.lines[part]?.feed, by.followers[part]]
    if (!feed || !own) return
    events.after(oneWay(latency, lines) + COMMIT_MS, () => {
      const at = append(part, [String(ending)])
      appended.known[ending] = 1
      events.after(oneWay(latency, lines), () =>
        by.process.deliver(async () => {
          const answered = events.now()
          open += 1
          await settling(feed, own, at, by.process.clock)
          open -= 1
          settled.push(events.now() - answered)
          kept.returned(ending)
        }),
      )
    })
  }

  const moments = times(streams, load.waited, endings)
  const lasting = moments.at(-1) ?? 0
  const upTo = (rate: number) => times(streams, rate, Math.round((rate * lasting) / 1000))
  for (const [ending, at] of moments.entries()) {
    events.after(at, () => end(ending, streams.pick(members().filter(({ machine }) => !machine.paused()))))
  }
  for (const at of upTo(load.unwaited)) events.after(at, () => append(streams.whole(partitions), ['nobody']))
  const swept = Array.from({ length: load.batch }, (_, i) => `swept ${i}`)
  for (const at of upTo(load.swept)) events.after(at, () => append(streams.whole(partitions), swept))
  harm(events, random(seed, 'trouble'), trouble, places, lasting)

  await events.pass(from + lasting + 5)
  const latest = events.now() + PATIENCE_MS
  while (open > 0 && events.now() < latest) await events.pass(events.now() + 5)
  const counted = since(before, tally)
  const countedSeconds = (events.now() - from) / 1000
  await events.pass(events.now() + (trouble === PEACE ? AFTER_PEACE_MS : AFTERWARDS_MS))
  kept.close()
  settled.sort((a, b) => a - b)
  return {
    seconds: lasting / 1000,
    entries,
    counted,
    countedSeconds,
    idle: perSecond(idle, QUIET_MS),
    settled,
    ...kept.found(),
  }
}

/** When things happen that nobody arranges, so many a second, milliseconds from now. */
function times(chance: Random, rate: number, count: number): readonly number[] {
  let at = 0
  return Array.from({ length: count }, () => {
    at += chance.pause(1000 / rate)
    return at
  })
}

function perSecond(counted: Tally, ms: number): Tally {
  const each = { ...counted }
  for (const key of Object.keys(each) as (keyof Tally)[]) each[key] = (each[key] * 1000) / ms
  return each
}
