import { run } from './run.ts'

/** What `npm run check` looks at. Each says what is wrong by itself; all are run, so that one look shows everything. */
const CHECKS: readonly (readonly [command: string, ...args: string[]])[] = [
  ['biome', 'check', '--error-on-warnings'],
  ['tsc', '--noEmit', '-p', '.'],
  ['node', 'tools/check-layers.ts'],
  ['node', 'tools/check-exports.ts'],
  ['knip'],
  ['node', 'tools/security-table.ts', '--check'],
  ['node', 'tools/reference.ts', '--check'],
]

const failed = CHECKS.filter(([command, ...args]) => {
  console.log(`> ${[command, ...args].join(' ')}`)
  return !run(command, ...args)
})
if (failed.length > 0) {
  console.error(`failed: ${failed.map((check) => check.slice(0, 2).join(' ')).join(', ')}`)
  process.exitCode = 1
}
