import { LEASE_MS } from '../../../src/view/lease.ts'
import type { Ending, Journal, Visit } from './clients.ts'
import type { Held } from './people.ts'
import { isDone, type Reply } from './requests.ts'
import { meets, type Span, type Troubles, within } from './troubles.ts'

/** What an ending may take besides a lease, milliseconds. */
const SLACK_MS = 1000

/** When every request is answered, whatever befell the database, milliseconds. */
const ANSWER_MS = 15_000

/** How soon after a trouble is over everything goes on as before, milliseconds. */
export const RECOVERY_MS = 5000

/** What may go wrong and be told as a 503 where there was trouble. */
const UNAVAILABLE = 503

/**
 * Everything that should not have been, as lines to read.
 *
 * 1. What was sent after an ending was answered as done is not accepted. Nor what was sent a lease after anybody refused it,
 *    nor what the same node has refused before: also when nobody knows whether the ending was done.
 * 2. A session that nobody has asked to end is never refused, and always gets its next tokens.
 * 3. An answer is 200, 401 or 503, and 503 only for whom trouble excuses it. Nobody is taken for somebody else.
 * 4. Every request is answered in time, as long as there is a node to answer it.
 * 5. An ending that is done is done within a lease and a second, besides the time for which the trouble kept the node from it.
 *
 * @param late what this process was late by, because the machine was busy
 */
export function verdict(
  { visits, endings, signIns, refreshes }: Journal,
  troubles: Troubles,
  late: readonly Span[],
): string[] {
  const own = (reply: Reply, ...kinds: Parameters<Troubles['of']>[1][]) => troubles.of(reply.member, ...kinds)

  /** When the node can have judged what it was sent, at the earliest. */
  function heard(reply: Reply): number {
    const still = own(reply, 'still').find(({ from, to }) => from <= reply.from && reply.from <= to)
    return still ? Math.min(still.to, reply.to) : reply.from
  }

  function isExcused(reply: Reply): boolean {
    return meets(reply, own(reply, 'still', 'dead', 'cut'), RECOVERY_MS)
  }

  function untimely(reply: Reply): string[] {
    const [took, held] = [reply.to - reply.from, within(reply, own(reply, 'still', 'dead'))]
    return took - held > ANSWER_MS ? [`answered after ${seconds(took)}`] : []
  }

  /** What is wrong with any answer. */
  function odd(reply: Reply, ...good: readonly number[]): string[] {
    const { status, code, retryAfter } = reply
    if (status === 0) return meets(reply, own(reply, 'dead')) ? [] : ['no answer from a node that lives']
    if (good.includes(status)) return untimely(reply)
    if (status !== UNAVAILABLE) return [`${status} ${code}`]
    if (code !== 'unavailable' || retryAfter === null) return [`503 ${code}, Retry-After ${retryAfter}`]
    return isExcused(reply) ? untimely(reply) : ['503 without trouble']
  }

  function ofVisit(visit: Visit): string[] {
    const { held, status, code, user, session } = visit
    const lines = odd(visit, 200, 401)
    if (status === 401 && !(held.asked <= visit.to)) lines.push(`refused (${code}), and nobody ended it`)
    if (status === 200 && (user !== held.owner.id || session !== held.sid)) lines.push('taken for somebody else')
    if (status === 200 && heard(visit) >= held.settled) {
      lines.push(`accepted ${seconds(heard(visit) - held.settled)} after its ending had been answered`)
    }
    return lines
  }

  function ofEnding(ending: Ending): string[] {
    const lines = odd(ending, 200, 204)
    const took = ending.to - ending.from - within(ending, own(ending, 'still', 'cut'))
    const most = LEASE_MS + SLACK_MS + within(ending, late)
    return isDone(ending) && took > most ? [...lines, `done after ${seconds(took)}`] : lines
  }

  return [
    ...visits.flatMap((visit) => ofVisit(visit).map((line) => `${nameOf(visit)}, ${visit.held.kind}: ${line}`)),
    ...[...Map.groupBy(visits, ({ held }) => held)].flatMap(([, of]) => ofSession(of, heard)),
    ...endings.flatMap((ending) => {
      const what = `${ending.way} of ${ending.what.map(({ kind }) => kind).join(' ')}`
      return ofEnding(ending).map((line) => `${nameOf(ending)}, ${what}: ${line}`)
    }),
    ...signIns.flatMap((reply) => odd(reply, 200).map((line) => `${nameOf(reply)}, sign-in: ${line}`)),
    ...refreshes.flatMap((reply) => odd(reply, 200).map((line) => `${nameOf(reply)}, refresh: ${line}`)),
  ]
}

/** What one session was answered, taken together. */
function ofSession(visits: readonly Visit[], heard: (reply: Reply) => number): string[] {
  const refused = visits.filter(({ status }) => status === 401)
  return visits.flatMap((visit) => {
    if (visit.status !== 200) return []
    const lines = refused.flatMap((before) => {
      const since = heard(visit) - before.to
      if (since >= 0 && before.member === visit.member) return ['accepted by a node that had refused it']
      return since >= LEASE_MS ? [`accepted ${seconds(since)} after another node had refused it`] : []
    })
    return lines.slice(0, 1).map((line) => `${nameOf(visit)}, ${visit.held.kind}: ${line}`)
  })
}

/** Sessions whose ending was never answered as done are over everywhere or nowhere, once everything is calm. */
export function undecided(visits: readonly Visit[]): string[] {
  return [...Map.groupBy(visits, ({ held }) => held)].flatMap(([held, of]: [Held, Visit[]]) => {
    const answers = new Set(of.map(({ status }) => status))
    return answers.size > 1 ? [`${held.kind}: in the end ${of.map(({ member, status }) => `${member} ${status}`)}`] : []
  })
}

function nameOf({ member, from }: Reply): string {
  return `${member} at ${seconds(from)}`
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`
}
