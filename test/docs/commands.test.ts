import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Script } from 'node:vm'
import { CommanderError, type Command as Program } from 'commander'
import { describe, expect, it } from 'vitest'
import { examples } from '../../tools/examples/examples.ts'
import { ROOT, readTree } from '../../tools/read-tree.ts'
import { commandLine, leaves } from '../../tools/reference/cli.ts'
import { openApi } from '../../tools/reference/http.ts'
import { curlOf } from './curl.ts'
import { allBlocks } from './pages.ts'
import { type Command, commandsOf } from './shell.ts'

const MANIFEST = JSON.parse(readTree(['package.json']).get('package.json') ?? '{}')
const PACKAGES = new Set([
  'sallyport',
  ...['dependencies', 'devDependencies', 'peerDependencies'].flatMap((kind) => Object.keys(MANIFEST[kind])),
])

/** Programs of others: that they are called rightly is for whoever has them to say. */
const FOREIGN = new Set([
  ...[
    'apt-get',
    'cat',
    'cd',
    'cp',
    'export',
    'install',
    'jq',
    'kill',
    'mkdir',
    'openssl',
    'pg_dump',
    'pg_restore',
    'psql',
  ],
  ...[
    'redis-cli',
    'sleep',
    'source',
    'systemctl',
    'tr',
    'umask',
    'xargs',
    'docker',
    'git',
    'echo',
    'test',
    'head',
    'grep',
  ],
])

const { paths } = await openApi()

/** Beside the document: what answers to `/metrics`. */
const ROUTES: ReadonlyMap<string, readonly string[]> = new Map([
  ...Object.entries(paths).map(([path, methods]) => [path, Object.keys(methods)] as const),
  ['/metrics', ['get']],
])

const EXAMPLES = new Set(examples().map(({ name }) => name))

/** Every path that stands in the sources of the example a page is of. */
function routesOf(page: string): ReadonlySet<string> {
  const folder = page.split('/').slice(0, 2).join('/')
  const names = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.ts'))
  const texts = [...readTree(names.map((name) => `${folder}/${name}`)).values()]
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/'(?:[A-Z]+ )?(\/[\w/-]*)'/g)].map(([, path]) => path ?? '')),
  )
}

/** What is wrong with a command, or null. */
function flaw(command: Command, at: string): string | null {
  const [program = '', ...given] = command
  if (program === 'npm') return ofNpm(given)
  if (program === 'npx' || program === 'sallyport') return ofOurs(program === 'npx' ? given.slice(1) : given)
  if (program === 'curl') return ofCurl(given, at)
  if (program === 'node') return ofNode(given)
  return FOREIGN.has(program) ? null : 'is a program nobody knows'
}

function ofNpm([verb = '', ...given]: readonly string[]): string | null {
  const words = given.filter((word) => !word.startsWith('-'))
  if (verb === 'ci' || verb === 'init' || verb === 'pack') return null
  if (verb === 'install') return words.find((name) => !PACKAGES.has(name.replace(/(?<=.)@[\d.]+$/, ''))) ?? null
  const script = verb === 'run' ? words[0] : verb
  const after = given.indexOf('--')
  const rest = after < 0 ? [] : given.slice(after + 1)
  if (verb === 'exec') return rest[0] === 'node' ? ofNode(rest.slice(1)) : 'runs what is not installed here'
  if (MANIFEST.scripts[script ?? ''] === undefined) return `there is no script ${script}`
  if (script === 'sallyport') return ofOurs(rest)
  if (script === 'example') return EXAMPLES.has(rest[0] ?? '') ? null : `there is no example ${rest[0]}`
  return script === 'start' ? ofOurs(['serve', ...rest]) : null
}

/** As the program itself would read it, but that nothing is done. */
function ofOurs(given: readonly string[]): string | null {
  const program = commandLine()
  for (const command of everyCommand(program)) {
    command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} })
  }
  for (const { command } of leaves(program, [])) command.action(() => {})
  try {
    program.parse(given, { from: 'user' })
    return null
  } catch (error) {
    return error instanceof CommanderError && error.exitCode === 0 ? null : String(error)
  }
}

function everyCommand(command: Program): readonly Program[] {
  return [command, ...command.commands.flatMap(everyCommand)]
}

function ofCurl(given: readonly string[], at: string): string | null {
  const asked = curlOf(given)
  if ('flaw' in asked) return asked.flaw
  if (at.startsWith('examples/') && routesOf(at).has(asked.path)) return null
  const found = [...ROUTES].find(([path]) =>
    new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(asked.path),
  )
  if (!found) return `there is no ${asked.path}`
  return found[1].includes(asked.method.toLowerCase()) ? null : `there is no ${asked.method} ${asked.path}`
}

function ofNode([flag = '', code = '']: readonly string[]): string | null {
  if (flag === '-e' || flag === '-p') {
    new Script(code)
    return null
  }
  return existsSync(join(ROOT, flag)) ? null : `there is no ${flag}`
}

describe('commands of the pages', () => {
  // Quick starts are typed as a whole: `quick-start.test.ts`.
  const blocks = allBlocks().filter(({ kind, page }) => kind === 'sh' && !page.startsWith('docs/quick-start'))

  it.each(blocks.map((block) => [`${block.page}:${block.line}`, block] as const))('%s', (at, { text }) => {
    execFileSync('bash', ['-n'], { input: text, stdio: ['pipe', 'ignore', 'pipe'] })
    const flaws = commandsOf(text).map((command) => [command.join(' '), flaw(command, at)])
    expect(flaws.filter(([, said]) => said !== null)).toEqual([])
  })

  it('are read as a shell does', () => {
    expect(commandsOf(`A=1 one "two three" 'f\\o' < in > out && x | y # z\n\\\nfive $(six "7") a\\ b`)).toEqual([
      ['one', 'two three', 'f\\o'],
      ['x'],
      ['y'],
      ['six', '7'],
      ['five', '$ANSWER', 'a b'],
    ])
  })

  it.each([
    ['npm run sallyport -- users creat', /unknown command/],
    ['npm run sallyport -- users create', /--email/],
    ['sallyport keys list --jason', /unknown option/],
    ['npm start -- --strategi jwt', /unknown option/],
    ['npm run nothing', /no script/],
    ['npm run example -- nothing', /no example/],
    ['npm install left-pad', /left-pad/],
    ['curl localhost:3000/auth/nowhere', /no \/auth\/nowhere/],
    ['curl -X PUT localhost:3000/auth/session', /no PUT/],
    ['curl --jason x localhost:3000/auth/session', /--jason/],
    ['frobnicate', /nobody knows/],
  ])('%s is noticed', (text, message) => {
    const [command = []] = commandsOf(text)
    expect(flaw(command, 'README.md')).toMatch(message)
  })
})
