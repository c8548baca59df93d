import { expect, it, vi } from 'vitest'
import { realCode } from './code.ts'
import { type Kind, type Plan, plan } from './plan.ts'
import { planted } from './plant.ts'
import { PLANTED_BUGS, type PlantedBug } from './planted-bugs.ts'
import { report } from './report.ts'
import { BASE_SEED, search } from './runs.ts'
import { run } from './schedule.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const { SIMULATION_SEED, SIMULATION_KIND, SIMULATION_STRATEGY, SIMULATION_BUG } = process.env

/** One schedule again, with everything that happens in it. */
it.runIf(SIMULATION_SEED)(`P1: schedule ${SIMULATION_SEED}`, async () => {
  const bug = PLANTED_BUGS.find(({ name }) => name === SIMULATION_BUG)
  const { code, remove } = bug ? await planted(bug) : { code: await realCode(), remove() {} }
  const kind = (SIMULATION_KIND ?? bug?.kind ?? 'ordinary') as Kind
  const strategy = (SIMULATION_STRATEGY ?? bug?.strategy ?? null) as Plan['strategy'] | null
  const given = plan(Number(SIMULATION_SEED), kind, strategy)
  const lines: string[] = [JSON.stringify(given)]
  const { violation } = await run(code, given, (line) => lines.push(line)).finally(remove)
  console.log(lines.join('\n'))
  if (violation) throw new Error(`${violation.invariant}: ${violation.what}`)
})

it.each(['ordinary', 'lost data'] as const)('a seed is all there is to a schedule: %s', async (kind) => {
  const code = await realCode()
  const told = async (seed: number) => {
    const lines: string[] = []
    const { events } = await run(code, plan(seed, kind), (line) => lines.push(line))
    return { events, lines }
  }
  for (let seed = BASE_SEED; seed < BASE_SEED + 40; seed += 1) expect(await told(seed)).toEqual(await told(seed))
  expect(await told(BASE_SEED)).not.toEqual(await told(BASE_SEED + 1))
})

it('what goes wrong is told with its seed, what it takes and what happened', async () => {
  const bug = PLANTED_BUGS.find(({ name }) => name === 'an ending that waits half of a lease') as PlantedBug
  const { code, remove } = await planted(bug)
  try {
    const seed = (await search(code, { kind: 'ordinary', from: BASE_SEED, count: 1000 })) as number
    const text = await report(code, { seed, kind: 'ordinary' })
    expect(text).toMatch(new RegExp(`^seed ${seed}, ordinary, (session|hybrid|jwt): .*\\(ended, at \\d+\\.\\d\\)`))
    expect(text).toContain(`SIMULATION_SEED=${seed} SIMULATION_KIND='ordinary' SIMULATION_STRATEGY=`)
    expect(text).toMatch(/\n +\d+\.\d {2}node \d answers: .* is true everywhere/)
    expect(text.split('\n').length).toBeLessThan(90)
  } finally {
    remove()
  }
})
