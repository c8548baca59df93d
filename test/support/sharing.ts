import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const TESTS = join(import.meta.dirname, '..')

/** Their tests keep to themselves: what they open they close, and no module of theirs remembers anything from test to test. */
const FOLDERS = [
  'adapters',
  'crypto',
  'flows',
  'http',
  'mail',
  'pages',
  'providers',
  'refresh',
  'server',
  'testing',
  'texts',
  'tokens',
  'types',
  'verify',
  'view',
  'webhooks',
  'wire',
]

/** Whoever replaces a module needs one that nobody has loaded yet. */
const REPLACES = /\bvi\.(mock|doMock|resetModules)\(/

/**
 * The test files that share a process with others: to load and compile the sources anew for each costs more than most of
 * them. From the root of the repository.
 */
export function sharing(): readonly string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(TESTS, folder), { encoding: 'utf8', recursive: true })
      .filter((name) => name.endsWith('.test.ts') && !REPLACES.test(readFileSync(join(TESTS, folder, name), 'utf8')))
      .map((name) => `test/${folder}/${name}`),
  )
}
