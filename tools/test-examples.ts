import { closingLine } from './closing-line.ts'
import { examples } from './examples/examples.ts'
import { build, install, isLocked } from './examples/prepare.ts'
import { run } from './run.ts'
import { tested } from './tested.ts'

/*
 * `npm run test:examples`: builds, looks at the lockfiles, installs the examples, checks their types and asks them as their users would, then one line
 * that says what it came to. That of Next takes minutes to build and is one of the long tests.
 */

build()
const unlocked = examples().filter((example) => !isLocked(example))
for (const example of examples()) if (example.name !== 'next') install(example)
const typed = run('tsc', '-p', 'examples')
process.env.TEST_EXAMPLES = '1'
const result = tested(unlocked.length + (typed ? 0 : 1))
for (const { name } of unlocked) console.log(`npm ci refuses the lockfile of examples/${name}: see above`)
if (!typed) console.log('tsc -p examples failed: see above')
console.log(closingLine(result))
process.exitCode = result.failed === 0 ? 0 : 1
