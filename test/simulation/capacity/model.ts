import { LEASE_MS } from '../../../src/view/lease.ts'
import { random } from '../random.ts'
import { entriesOf, type Load } from './habits.ts'
import { type Latency, meanOf, NEAR, oneWay } from './latency.ts'
import { bytesOf, nothing, type Tally } from './tally.ts'

/*
 * What the feed costs, before anything was counted. N nodes follow P parts; E entries are appended a second, of which W are endings
 * that somebody waits for. A way to the database and back takes S.
 *
 *   told           N x E: everybody is told of every entry.
 *   acknowledged   N x P / (S + e^(-ES/P) x P/E): one at a time by each node and part; what came meanwhile is acknowledged by the next
 *                  one. So N x E while entries are rarer than ways there and back, and never more than N x P / S. What a slow message
 *                  held up arrives together and is acknowledged together.
 *   read           N x P, once a second; an entry that was told of needs no read, unless one is under way (then up to a few more),
 *                  and an ender who is not told of its own entry within a millisecond reads it.
 *   looked         W x looks, of N rows each, until the last of N acknowledgements is there: five at once where there are few rows, the
 *                  others half as long apart as was waited so far, 1 to 25 ms.
 */

export type Setting = {
  readonly nodes: number
  readonly partitions: number
  readonly load: Load
  readonly latency?: Latency
}

export type Prediction = {
  /** Of one entry by one node: 1, or less where entries come in bursts. */
  readonly acknowledged: number
  /** By one node of one part in a second. */
  readonly reads: number
  /** For one ending. */
  readonly looks: number
  /** Milliseconds an ending waits, half of them. */
  readonly settled: number
  /** All of it, a second. */
  readonly perSecond: Tally
  /** What a database sends and is sent, a second. */
  readonly megabytes: number
}

/** `src/view/follower.ts`, `src/view/settle.ts`. */
const READ_EVERY_S = LEASE_MS / 3 / 1000
const TOLD_MS = 1
const PAUSE_MS = { least: 1, most: 25 }
const AT_ONCE = 5
const FEW = 16
/** How late a timer is, on average; that of the simulation's machines. */
const LATE_MS = 0.46

const WAYS = 60_000
const WAITS = 1_000

export function predict({ nodes, partitions, load, latency = NEAR }: Setting): Prediction {
  const entries = entriesOf(load)
  const each = entries / partitions / 1000
  const way = sample(latency)
  const quiet = way.reduce((sum, one, i) => sum + Math.exp(-each * (one + (way[WAYS - 1 - i] as number))), 0) / WAYS
  const late = latency.often * latency.much
  // Entries that arrive together with one that a slow message held up.
  const held = latency.often * each * latency.much
  // One at a time means: the rarer they are, the more of them a slow message meets. A few rounds find where that comes to rest.
  let acknowledged = 1
  let trip = 0
  for (let i = 0; i < 20; i += 1) {
    trip = 2 * meanOf(latency) + late / acknowledged
    const alone = Math.min(1, 1 / (each * trip + quiet))
    acknowledged = alone * Math.max(0, 1 - held * alone)
  }
  const busy = Math.min(1, acknowledged * each * trip)

  const { looks, settled, untold } = waits(sample(crowded(latency, each)), way, nodes, busy)
  // Of its own entries a node reads those of which it is not told soon after the answer to its commit.
  const own = (untold * load.waited) / (nodes * partitions)
  const pause = own > 0 ? (1 - Math.exp(-own * READ_EVERY_S)) / own : READ_EVERY_S
  const more = ((1 - busy) * (1 - quiet) ** 2) / quiet
  const reads = (1 + more) / (pause + (trip + LATE_MS + 2 * more * trip) / 1000)

  const followers = nodes * partitions
  const perSecond = {
    ...nothing(),
    append: entries,
    read: followers * reads,
    acknowledge: nodes * entries * acknowledged,
    rows: load.waited * looks,
    looked: load.waited * looks * nodes,
    told: nodes * entries,
    ids: nodes * (load.waited + load.unwaited + load.swept * load.batch),
  }
  const { out, into } = bytesOf(perSecond)
  return { acknowledged, reads, looks, settled, perSecond, megabytes: (out + into) / 1e6 }
}

/** Messages arrive in order: one that takes much longer holds up those behind it. */
function crowded(latency: Latency, each: number): Latency {
  return { ...latency, often: Math.min(1, latency.often * (1 + each * latency.much)) }
}

function sample(latency: Latency): readonly number[] {
  const chance = random(1, 'model')
  return Array.from({ length: WAYS }, () => oneWay(latency, chance))
}

/** How often an ender looks before it sees that all have acknowledged, and when. @param busy how often one is just acknowledging */
function waits(
  crowd: readonly number[],
  way: readonly number[],
  nodes: number,
  busy: number,
): { readonly looks: number; readonly settled: number; readonly untold: number } {
  const chance = random(2, 'model')
  const one = () => chance.pick(way)
  const until = Float64Array.from(
    crowd,
    (told) => told + one() + (chance.chance(busy) ? chance.real() * (one() + one()) : 0),
  ).sort()
  const taken: number[] = []
  let looks = 0
  let untold = 0
  for (let i = 0; i < WAITS; i += 1) {
    const [answered, told] = [one(), chance.pick(crowd)]
    const last = nodes === 1 ? 0 : (until[Math.floor(chance.real() ** (1 / (nodes - 1)) * WAYS)] as number)
    const patience = answered + TOLD_MS + LATE_MS
    if (told > patience) untold += 1
    let at = Math.min(Math.max(answered, told), patience + one() + one())
    for (let look = 0; ; look += 1) {
      looks += 1
      at += one()
      const seen = at >= last
      at += one()
      if (seen) break
      if (nodes <= FEW && look + 1 < AT_ONCE) continue
      const { least, most } = PAUSE_MS
      at += Math.max(least, Math.min(most, Math.ceil((at - answered) / 2))) + LATE_MS
    }
    taken.push(at - answered)
  }
  const half = taken.sort((a, b) => a - b)[WAITS / 2] as number
  return { looks: looks / WAITS, settled: half, untold: untold / WAITS }
}

/** What a prediction says of so many entries, of which so many endings, in so many seconds. */
export function expected(
  { nodes, partitions }: Setting,
  { acknowledged, reads, looks }: Prediction,
  { entries, endings, seconds }: { readonly entries: number; readonly endings: number; readonly seconds: number },
): Pick<Tally, 'read' | 'acknowledge' | 'rows'> {
  return {
    read: nodes * partitions * reads * seconds,
    acknowledge: nodes * entries * acknowledged,
    rows: endings * looks,
  }
}
