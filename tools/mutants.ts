import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import type { Mutant } from './mutants/mutant.ts'
import { MUTANTS } from './mutants-list.ts'
import { copyOf } from './mutation/copy.ts'
import { type Found, trial } from './mutation/trial.ts'
import { ROOT } from './read-tree.ts'

const HELP = `npm run test:mutants -- [options] [words]

Plants one fault at a time into copies of the working tree and looks that the test named for it goes red. A fault that no test
notices, or one that cannot be planted, fails the run. Words narrow the list to faults whose file, row or test holds one of them.

  --sixth     every sixth, from where the commit says, so that each has its turn
  -h, --help  print this help`

export { plant } from './mutation/plant.ts'

const COPIES = 2

/** Prints what was found, and gives back what is wrong with it. */
function told(found: Found): string | null {
  const { mutant, verdict } = found
  const where = mutant.red.join(': ')
  if (!found.planted) {
    return `before anything is planted: ${verdict}: ${where}${found.message === null ? '' : `\n  ${found.message}`}`
  }
  const what = `${mutant.breaks.padEnd(6)} ${mutant.file}: ${mutant.find} → ${mutant.replace || 'nothing'}`
  console.log(`${verdict.padEnd(9)} ${what.replaceAll('\n', ' ')}`)
  return verdict === 'red' ? null : `${verdict}: ${what}\n  ${where} should have gone red`
}

function turn(mutants: readonly Mutant[]): readonly Mutant[] {
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' })
  const first = Number.parseInt(commit.slice(0, 8), 16) % 6
  console.log(`mutants: every sixth, from number ${first + 1}`)
  return mutants.filter((_, i) => i % 6 === first)
}

async function main(): Promise<void> {
  const began = performance.now()
  const { values, positionals: wanted } = parseArgs({
    options: { sixth: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  })
  if (values.help) {
    console.log(HELP)
    return
  }
  const matching = MUTANTS.filter(
    ({ breaks, file, red }) =>
      wanted.length === 0 || wanted.some((word) => [breaks, file, ...red].join(' ').includes(word)),
  )
  const chosen = values.sixth ? turn(matching) : matching
  /** By test file, the most faults first, so that no copy is left with a long one at the end. */
  const queue = [...Map.groupBy(chosen, ({ red }) => red[0])].sort(([, a], [, b]) => b.length - a.length)
  const copies = Array.from({ length: COPIES }, () => copyOf(ROOT))
  const problems: string[] = []
  try {
    await Promise.all(
      copies.map(async (copy) => {
        for (let next = queue.shift(); next; next = queue.shift()) {
          for await (const found of trial(copy, ...next)) {
            const problem = told(found)
            if (problem !== null) problems.push(problem)
          }
        }
      }),
    )
  } finally {
    await Promise.all(copies.map((copy) => copy.remove()))
  }
  for (const problem of problems) console.error(problem)
  const seconds = Math.round((performance.now() - began) / 1000)
  console.log(`mutants: ${chosen.length - problems.length} of ${chosen.length} noticed in ${seconds} s`)
  process.exitCode = problems.length === 0 && chosen.length > 0 ? 0 : 1
}

if (import.meta.main) await main()
