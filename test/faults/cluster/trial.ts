import { inParallel, pause } from '../support/client.ts'
import { seeded } from '../support/random.ts'
import { type Cluster, SECRET } from './cluster.ts'
import { type Load, load } from './load.ts'
import type { Member } from './member.ts'
import { populate } from './people.ts'
import { isDone } from './requests.ts'
import { within } from './troubles.ts'
import { RECOVERY_MS, undecided, verdict } from './verdict.ts'

/** Requests at the same time where every session is asked for. */
const WIDTH = 8

const AGE_EVERY_MS = 1000
const AGED_MS = 31_000
const AGE = `UPDATE sallyport.sessions SET rotated_at = rotated_at - ${AGED_MS} WHERE id = ANY (ARRAY(
  SELECT id FROM sallyport.sessions WHERE strategy = 'hybrid' AND ended_at IS NULL ORDER BY id FOR UPDATE SKIP LOCKED))`

const AGE_IN_REDIS = `for _, key in ipairs(redis.call('KEYS', '{sallyport:0}:s:*')) do
  local session = redis.call('HMGET', key, 'st', 'ea', 'ra')
  if session[1] == 'hybrid' and not session[2] then redis.call('HINCRBY', key, 'ra', -${AGED_MS}) end
end`

/** Lines that are shown of what went wrong. */
const SHOWN = 20

export type Outcome = {
  /** What should not have been; nothing when every promise was kept. */
  readonly wrong: readonly string[]
  /** How many requests were let in, refused, and not answered for want of the database. */
  readonly accepted: number
  readonly refused: number
  readonly unavailable: number
  /** How many endings were done, and how long the slowest took, milliseconds. */
  readonly done: number
  readonly slowest: number
  /** Requests that waited for a node that stood still, of sessions that were over when it went on. */
  readonly overtaken: number
  /** How long after the fault every node let everybody in again, milliseconds. */
  readonly recovery: number
}

/** Carried out under load. Resolves when the fault is over; what it does to whom is taken down as trouble. */
export type Fault = (load: Load) => Promise<unknown>

/**
 * Three nodes under load: until each has ended something, amid the fault, until every node lets everybody in again and each has ended
 * something more. Then every session is asked for at every node once more.
 */
export async function trial(
  nodes: Cluster,
  { seed, users = 36 }: { readonly seed: number; readonly users?: number },
  fault: Fault,
): Promise<Outcome> {
  const { members, databases, troubles, weather } = nodes
  const running = load(members, await populate(databases, SECRET, users), seeded(seed))
  const { journal, visit } = running
  const ageing = aging(nodes)
  await running.burst(members.length, members)
  await fault(running)
  const over = performance.now()
  const living = members.filter((member) => member.isAlive())
  await Promise.all(living.map((member) => back(running, member, over)))
  const recovered = performance.now()
  await running.burst(living.length, living)
  await Promise.all([running.stop(), ageing.stop()])
  const asked = running.held().flatMap((held) => living.map((member) => ({ held, member })))
  const last = await inParallel(asked, WIDTH, ({ held, member }) => visit(member, held))

  const recovery = recovered - over
  const late = within({ from: over, to: recovered }, weather.late)
  const wrong = [
    ...members.flatMap((member) => member.died() ?? []),
    ...verdict(journal, troubles, weather.late),
    ...undecided(last),
    ...(recovery - late > RECOVERY_MS ? [`the last node was back after ${Math.round(recovery)} ms`] : []),
  ]
  const { visits, endings } = journal
  const count = (of: number) => visits.filter(({ status }) => status === of).length
  const done = endings.filter(isDone)
  const outcome: Outcome = {
    wrong: wrong.slice(0, SHOWN),
    ...{ accepted: count(200), refused: count(401), unavailable: count(503), done: done.length },
    slowest: Math.round(Math.max(...done.map(({ from, to }) => to - from))),
    overtaken: visits.filter(({ member, held, from }) =>
      troubles.of(member, 'still').some((still) => still.from <= from && from <= still.to && held.settled <= still.to),
    ).length,
    recovery: Math.round(recovery),
  }
  console.log(JSON.stringify({ seed, ...outcome }))
  return outcome
}

/** Again and again as if half a minute had passed since refresh tokens were handed out, so that refreshes move the counter. */
function aging({ query, redis }: Cluster): { stop(): Promise<void> } {
  let goesOn = true
  async function age(): Promise<void> {
    for (; goesOn; await pause(AGE_EVERY_MS))
      await (redis ? redis.run('EVAL', AGE_IN_REDIS, '0') : query(AGE)).catch(() => {})
  }
  const done = age()
  return {
    stop() {
      goesOn = false
      return done
    },
  }
}

/** Resolves when the node lets everybody in who stays, or the time for that is up. */
async function back({ witnesses, visit }: Load, member: Member, since: number): Promise<void> {
  await inParallel(witnesses, WIDTH, async (held) => {
    while ((await visit(member, held)).status !== 200 && performance.now() - since < 2 * RECOVERY_MS) await pause(50)
  })
}
