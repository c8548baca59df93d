import { it, vi } from 'vitest'
import { realCode } from '../simulation/code.ts'
import { allHold } from '../simulation/runs.ts'
import { SEED } from './seed.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

/** `SCHEDULES=…` for another number. */
const SCHEDULES = Number(process.env.SCHEDULES ?? 1_000_000)

/** Of a thousand. */
it.each([
  ['ordinary', 880],
  ['lost data', 119],
  ['burst', 1],
] as const)(
  `P1 P3 P7 TE-01: whatever goes wrong: %s, %i in a thousand of ${SCHEDULES} schedules from ${SEED}`,
  async (kind, share) => {
    const count = Math.ceil((SCHEDULES * share) / 1000)
    const began = performance.now()
    await allHold(await realCode(), { kind, from: SEED, count }, (done) => {
      const each = (performance.now() - began) / done
      console.log(
        `${kind}: ${done} of ${count}, ${each.toFixed(2)} ms each, ${Math.ceil(((count - done) * each) / 60_000)} min left`,
      )
    })
  },
  // Half a day.
  43_200_000,
)
