import { it, vi } from 'vitest'
import { realCode } from './code.ts'
import { allHold, BASE_SEED } from './runs.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const FROM = BASE_SEED + 200000

it.each([
  ['ordinary', 5970],
  ['lost data', 690],
  ['burst', 12],
] as const)(
  `P1 P3 P7 TE-01: whatever goes wrong, by jwt: %s, %i schedules from seed ${FROM}`,
  async (kind, count) => allHold(await realCode(), { kind, strategy: 'jwt', from: FROM, count }),
  600_000,
)
