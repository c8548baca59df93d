import type { Source } from '../../source.ts'
import type { Driver } from './driver.ts'

const TAKE = `INSERT INTO turns (work, holder, until) VALUES (?, ?, ?)
  ON CONFLICT (work) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE turns.holder = excluded.holder OR turns.until <= ?
  RETURNING work`

/** `Source.turn`. */
export function turns({ change }: Driver): Source['turn'] {
  return async (work, holder, now, until) => (await change(TAKE, work, holder, until, now)) !== undefined
}
