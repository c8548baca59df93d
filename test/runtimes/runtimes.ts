import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const HERE = join(ROOT, 'test/runtimes')
const CACHE = join(ROOT, 'node_modules/.cache/runtimes')
const PACKAGES = join(CACHE, 'node_modules')

/** A program that runs the verifier: what is started, with which arguments before the name of the file. */
export type Runtime = {
  readonly name: string
  readonly program: string
  readonly flags: readonly string[]
  /** The file of `test/runtimes` that listens there. */
  readonly listener: string
  /** What `--version` has to begin with. */
  readonly version: string
}

const ALLOWED = '--allow-net=localhost,127.0.0.1 --allow-env=ISSUER,SERVICE_ID,SERVICE_SECRET'

/** Every one that can be had for this machine, at the versions of the lockfile; the pinned Node first. */
export function runtimes(): readonly Runtime[] {
  installed()
  const pinned = { name: `Node ${process.versions.node}`, program: process.execPath, version: process.version }
  const bun = ({ arm64: 'aarch64' } as Partial<Record<string, string>>)[process.arch] ?? process.arch
  return [
    { ...pinned, flags: [], listener: 'node' },
    ...packaged('Node', `node-${process.platform}-${process.arch}`, 'bin/node', 'v', []),
    ...packaged('Bun', `@oven/bun-${process.platform}-${bun}`, 'bin/bun', '', []),
    ...packaged('Deno', `@deno/${process.platform}-${process.arch}-glibc`, 'deno', 'deno ', [
      'run',
      '--no-prompt',
      '--no-config',
      ...ALLOWED.split(' '),
    ]),
  ]
}

function packaged(
  name: string,
  folder: string,
  program: string,
  before: string,
  flags: readonly string[],
): readonly Runtime[] {
  const at = join(PACKAGES, folder)
  if (!existsSync(at)) {
    if (process.env.REQUIRE_SERVICES === '1') throw new Error(`there is no ${folder}`)
    console.error(`the verifier is not run on ${name}: there is no ${folder}`)
    return []
  }
  const told = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as { readonly version: string }
  const version = told.version.replace(/^v/, '')
  const listener = name.toLowerCase()
  return [{ name: `${name} ${version}`, program: join(at, program), flags, listener, version: `${before}${version}` }]
}

/** Programs as packages, without the scripts of any: the packages of the platform hold them. */
function installed(): void {
  const [lock, here] = ['package-lock.json', 'package.json'].map((name) => join(HERE, name)) as [string, string]
  const had = join(CACHE, 'package-lock.json')
  if (existsSync(PACKAGES) && existsSync(had) && readFileSync(had, 'utf8') === readFileSync(lock, 'utf8')) return
  rmSync(CACHE, { recursive: true, force: true })
  mkdirSync(CACHE, { recursive: true })
  copyFileSync(here, join(CACHE, 'package.json'))
  copyFileSync(lock, had)
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--silent', '--fetch-timeout', '60000']
  execFileSync('npm', ['ci', ...quiet, '--prefix', CACHE], { stdio: 'inherit' })
}

/** The verifier and the listeners as they would be shipped: plain JavaScript, made by the compiler with the options of the build. A folder to be removed. */
export function built(): string {
  const out = mkdtempSync(join(tmpdir(), 'sallyport-runtimes-'))
  const config = join(out, 'tsconfig.json')
  const listeners = ['node', 'bun', 'deno'].map((name) => join(HERE, `${name}.ts`))
  const options = {
    outDir: out,
    rootDir: ROOT,
    declaration: false,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
  }
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(ROOT, 'tsconfig.build.json'),
      compilerOptions: options,
      include: [],
      files: listeners,
    }),
  )
  execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', config], { stdio: 'inherit' })
  writeFileSync(join(out, 'package.json'), '{ "type": "module" }\n')
  return out
}
