import { expect, it, vi } from 'vitest'
import { planted } from './plant.ts'
import { PLANTED_BUGS } from './planted-bugs.ts'
import { BASE_SEED, search } from './runs.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

/** So many schedules are enough for every one of them. */
const WITHIN = 3000

it.each(PLANTED_BUGS)(
  'P1: the simulation finds $name',
  async (bug) => {
    const { code, remove } = await planted(bug)
    const { kind = 'ordinary', strategy } = bug
    const seed = await search(code, { kind, strategy, from: BASE_SEED, count: WITHIN }).finally(remove)
    console.log(`${bug.name}: seed ${seed}, after ${(seed ?? 0) - BASE_SEED + 1} schedules`)
    expect(seed).not.toBeNull()
  },
  120_000,
)
