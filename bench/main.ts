import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { adapters } from './adapters.ts'
import { admin } from './admin.ts'
import { authenticate } from './authenticate.ts'
import { capacity } from './capacity.ts'
import { clusters } from './cluster.ts'
import { jwt } from './jwt.ts'
import type { Bench } from './lib/bench.ts'
import { calm } from './lib/calm.ts'
import { folder } from './lib/folder.ts'
import { formatMachine, machine } from './lib/machine.ts'
import { peersAreHere } from './lib/peers.ts'
import { formatBars, formatTable } from './lib/report.ts'
import { packaged } from './package.ts'
import { sessions } from './sessions.ts'
import { signIn } from './sign-in.ts'

const BENCHES: Readonly<Record<string, Bench>> = {
  authenticate,
  adapters,
  jwt,
  'sign-in': signIn,
  sessions,
  cluster: clusters,
  admin,
  capacity,
  package: packaged,
}

/** To measure memory after a collection, and to keep what Node says of its own parts out of the tables. */
const FLAGS = ['--expose-gc', '--disable-warning=ExperimentalWarning']

const USAGE = [
  'Usage: npm run bench -- <name> [--json] [--quick]\n',
  ...Object.entries(BENCHES).map(([known, { about }]) => `  ${known.padEnd(14)}${about}`),
  '\n  --json        for machines',
  '  --quick       a few seconds, to see that it works: decides nothing',
].join('\n')

/** Null for what is not understood. */
function asked() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch {
    return null
  }
}

const { values, positionals } = asked() ?? { values: { help: false, json: false, quick: false }, positionals: [] }
const [name = '', ...more] = positionals
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined

if (values.help) console.log(USAGE)
else if (!bench || more.length > 0) {
  console.error(USAGE)
  process.exitCode = 2
} else if (!process.execArgv.includes('--expose-gc')) {
  const again = spawnSync(process.execPath, [...FLAGS, ...process.argv.slice(1)], { stdio: 'inherit' })
  process.exitCode = again.status ?? 1
} else if (!peersAreHere()) {
  console.error('What the benches compare with is missing: run npm ci --prefix bench')
  process.exitCode = 1
} else {
  process.on('SIGINT', () => process.exit(130))
  const facts = machine()
  const begun = performance.now()
  const moments = calm(bench.patience)
  const { tables, bars } = await bench.run({ quick: values.quick, folder: folder(), calm: moments })
  const seconds = Math.round((performance.now() - begun) / 1000)
  if (values.json) {
    const results = tables.map(({ title, rows }) => ({ title, rows }))
    const about = { bench: name, quick: values.quick, seconds, machine: facts, calm: moments.note() }
    console.log(JSON.stringify({ ...about, results, bars }, null, 2))
  } else {
    for (const table of tables) console.log(`\n${formatTable(table)}`)
    console.log(`\n${formatBars(bars)}\n\n${formatMachine(facts)}\n${moments.note()}`)
    console.log(`${seconds} s${values.quick ? ', quick: decides nothing' : ''}`)
  }
}
