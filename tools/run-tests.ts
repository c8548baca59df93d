import { closingLine } from './closing-line.ts'
import { run } from './run.ts'
import { tested } from './tested.ts'

/*
 * `npm test`: the checks, then every test, then one line that says what it came to. A failing check does not keep the
 * tests from running, and counts as a failure in the line. `--failed n` adds what failed before (.ci/run).
 */

const at = process.argv.indexOf('--failed')
const before = at < 0 ? 0 : Number(process.argv[at + 1])
const checked = run('node', 'tools/check.ts')
const result = tested(before + (checked ? 0 : 1))
if (!checked) console.log('npm run check failed: see above')
console.log('tests of the examples are apart: npm run test:examples')
console.log(closingLine(result))
process.exitCode = result.failed === 0 ? 0 : 1
