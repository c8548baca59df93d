import { it, vi } from 'vitest'
import { realCode } from './code.ts'
import { type Kind, type Plan, plan } from './plan.ts'
import { planted } from './plant.ts'
import { PLANTED_BUGS } from './planted-bugs.ts'
import { run } from './schedule.ts'

vi.mock('@node-rs/argon2', () => import('../faults/support/quick-argon2.ts'))

const { SIMULATION_SEED, SIMULATION_KIND, SIMULATION_STRATEGY, SIMULATION_BUG } = process.env

/** One schedule again, with everything that happens in it. */
it.runIf(SIMULATION_SEED)(`P1: seed ${SIMULATION_SEED}`, async () => {
  const bug = PLANTED_BUGS.find(({ name }) => name === SIMULATION_BUG)
  const { code, remove } = bug ? await planted(bug) : { code: await realCode(), remove() {} }
  const kind = (SIMULATION_KIND ?? bug?.kind ?? 'ordinary') as Kind
  const strategy = (SIMULATION_STRATEGY ?? bug?.strategy ?? null) as Plan['strategy'] | null
  const given = plan(Number(SIMULATION_SEED), kind, strategy)
  console.log(JSON.stringify(given))
  const { violation } = await run(code, given, console.log)
  remove()
  if (violation) throw new Error(`${violation.invariant}: ${violation.what}`)
})
