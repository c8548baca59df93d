import { guessed } from '../../sample.ts'
import type { Counted } from '../../store.ts'
import type { Driver } from './driver.ts'

/** So many rows are looked at: the guess is then within a few in a hundred. */
const SAMPLE = 4_000

const LOOK = `SELECT count(*) AS count, coalesce(sum(1 - ended), 0) AS open, max(session_id) AS last
  FROM (SELECT session_id, ended FROM session_list WHERE session_id >= ? ORDER BY session_id LIMIT ?) AS few`

type Look = { readonly count: number; readonly open: number; readonly last: string | null }

/** `Sessions.count`. */
export async function countSessions({ one }: Pick<Driver, 'one'>, from: string): Promise<Counted> {
  const all = (await one<Look>(LOOK, '', SAMPLE)) as Look
  if (all.count < SAMPLE) return { count: Number(all.open), margin: 0 }
  const some = (await one<Look>(LOOK, from, SAMPLE)) as Look
  return guessed(Number(some.open), from, some.count < SAMPLE ? null : some.last)
}
