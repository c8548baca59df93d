import { dirname, join, normalize } from 'node:path/posix'
import { readTree } from './read-tree.ts'
import { type ImportFact, type SourceFacts, sourceFacts, type Use } from './source-facts.ts'

/**
 * Which part of the house stands on which. `paths` are files, or folders when they end in a slash, under `src/`; the
 * longest that matches counts. `may` names the layers a file of this one may import, besides its own. `types` are
 * further ones it may import types of. `apart`: its files and folders are siblings that do not know each other.
 */
type Layer = {
  readonly name: string
  readonly paths: readonly string[]
  readonly may: readonly string[]
  readonly types?: readonly string[]
  readonly apart?: true
}

const BASE = ['base', 'wire'] as const
const NOUNS = [...BASE, 'contracts'] as const
const PARTS = [...NOUNS, 'view'] as const
const FACADE = [...PARTS, 'tokens', 'credentials', 'texts', 'mail'] as const
const FACES = [...FACADE, 'flows', 'messages', 'faces'] as const
const IMPLEMENTATIONS = ['strategies', 'stores'] as const

export const LAYERS: readonly Layer[] = [
  {
    name: 'base',
    paths: [
      'result.ts',
      'errors.ts',
      'duration.ts',
      'recent.ts',
      'clock.ts',
      'carrier.ts',
      'peer.ts',
      'threads.ts',
      'entrance.ts',
      'crypto.ts',
      'crypto/',
    ],
    may: [],
  },
  { name: 'wire', paths: ['wire/'], may: ['base'] },
  {
    name: 'contracts',
    paths: [
      ...['session.ts', 'user.ts', 'policy.ts', 'presets.ts', 'guard.ts', 'events.ts', 'strategy.ts', 'credential.ts'],
      ...[
        'feed.ts',
        'feed-state.ts',
        'cursor.ts',
        'sections.ts',
        'source.ts',
        'store.ts',
        'counters.ts',
        'settings.ts',
        'words.ts',
        'sample.ts',
        'throttle-state.ts',
        'options.ts',
        'options/',
        'keyring.ts',
        'service.ts',
        'checks.ts',
        'audit.ts',
        'webhook.ts',
        'tracing.ts',
        'rotation.ts',
        'mailer.ts',
        'databases.ts',
        'brand.ts',
      ],
    ],
    may: BASE,
    types: ['texts'],
  },
  { name: 'view', paths: ['view/'], may: NOUNS },
  { name: 'tokens', paths: ['tokens/'], may: NOUNS },
  { name: 'strategies', paths: ['strategies/'], may: [...PARTS, 'tokens'], apart: true },
  { name: 'credentials', paths: ['credentials/'], may: PARTS, apart: true },
  { name: 'stores', paths: ['stores/'], may: PARTS, apart: true },
  { name: 'webhooks', paths: ['webhooks/'], may: NOUNS },
  { name: 'providers', paths: ['providers/'], may: NOUNS, apart: true },
  { name: 'texts', paths: ['texts.ts', 'texts/'], may: NOUNS },
  { name: 'mail', paths: ['mail/'], may: [...NOUNS, 'texts'] },
  {
    name: 'flows',
    paths: ['flows/', 'auth.ts', 'create-auth.ts', 'desks.ts', 'assemble.ts', 'start-up.ts'],
    may: [...FACADE, 'webhooks'],
  },
  // Requests and responses of node:http, which every server has in the same way.
  { name: 'messages', paths: ['adapters/request.ts', 'adapters/send.ts'], may: FACADE, types: ['flows', 'faces'] },
  { name: 'faces', paths: ['http/', 'pages/', 'adapters/'], may: [...FACADE, 'flows', 'messages'] },
  { name: 'verify', paths: ['verify/'], may: [...PARTS, 'tokens'] },
  { name: 'client', paths: ['client/', 'client.ts', 'react.ts'], may: [], types: [...FACES, ...IMPLEMENTATIONS] },
  { name: 'testing', paths: ['testing/'], may: [...FACES, ...IMPLEMENTATIONS, 'verify', 'client', 'entries'] },
  {
    name: 'entries',
    paths: [
      ...['index.ts', 'sqlite.ts', 'postgres.ts', 'redis.ts', 'smtp.ts', 'verify.ts', 'testing.ts', 'config.ts'],
      ...['pages.ts', 'providers.ts', 'webhooks.ts', 'node.ts', 'express.ts', 'fastify.ts', 'hono.ts', 'next.ts'],
    ],
    may: [...FACES, ...IMPLEMENTATIONS, 'providers', 'verify', 'testing'],
  },
  { name: 'server', paths: ['server/'], may: ['entries', 'messages'] },
  { name: 'cli', paths: ['cli/'], may: ['entries', 'server'] },
]

/** Imports that go against the table, each with its reason. */
const EXCEPTIONS: readonly { readonly from: string; readonly to: string; readonly why: string }[] = [
  { from: 'create-auth.ts', to: 'http/app.ts', why: 'the handler is loaded when it is first asked for' },
]

/** Which `node:` modules may be imported where. The longest prefix counts; what is not here may import none. */
const NODE: Readonly<Record<string, readonly string[] | 'any'>> = {
  'crypto.ts': ['crypto'],
  'crypto/': ['crypto', 'util'],
  'wire/source.ts': ['net'],
  'credentials/': ['os'],
  'credentials/password/argon2-threads.ts': ['os', 'worker_threads'],
  'credentials/password/argon2-worker.ts': ['os', 'worker_threads'],
  'stores/sql/': ['fs', 'fs/promises', 'path', 'sqlite', 'url', 'worker_threads'],
  'http/': ['async_hooks'],
  'webhooks/': ['dns', 'http', 'https', 'net'],
  'adapters/': ['http', 'net', 'stream', 'stream/web'],
  'testing/': ['assert', 'assert/strict'],
  'server/': 'any',
  'cli/': 'any',
}

/** Layers that use nothing but the language: no package either. */
const BARE = new Set(['base', 'texts', 'contracts', 'view', 'client'])

/** Where what is forbidden elsewhere has its place, and how the refusal reads. */
const USES: Readonly<Record<Use, { readonly at: readonly string[]; readonly say: string }>> = {
  time: { at: ['clock.ts'], say: 'asks the machine for the time: take now or a Clock as an argument' },
  environment: { at: ['server/config.ts'], say: 'reads process.env, which only server/config.ts does' },
  random: { at: [], say: 'uses Math.random: unguessable values come from crypto.ts' },
  console: { at: ['cli/'], say: 'writes to the console, which only cli does' },
  any: { at: [], say: "says 'any': use unknown and narrow it" },
  'default export': { at: [], say: 'has a default export: name it' },
  class: { at: [], say: 'has a class that is no error: use a value and functions' },
  suppression: { at: [], say: 'switches the compiler off' },
  'import of an expression': {
    at: ['server/config-file.ts'],
    say: 'imports what cannot be read from the text: write a literal',
  },
}

const MAX_LINES = 300
/** Lists that are data, not code. */
const DATA = new Set(['credentials/common-passwords.ts', 'credentials/password/common-passwords.ts'])

type Edge = { readonly to: string; readonly fact: ImportFact }

/**
 * What breaks the rules of the house, one line each, sorted by file.
 * @param files path from the root of the repository → text: everything under `src/`, and `package.json`, whose
 * `exports` say which files are public.
 */
export function checkLayers(files: ReadonlyMap<string, string>): readonly string[] {
  const facts = new Map<string, SourceFacts>()
  for (const [path, text] of files) {
    if (/^src\/.*\.tsx?$/.test(path)) facts.set(path.slice('src/'.length), sourceFacts(path, text))
  }
  const open = publicFiles(files.get('package.json'))
  const problems: string[] = []
  const graph = new Map<string, readonly Edge[]>()

  for (const [path, fact] of facts) {
    if (!layerOf(path)) problems.push(`src/${path} belongs to no layer: add it to the table in tools/check-layers.ts`)
    if (fact.lines > MAX_LINES && !DATA.has(path)) {
      problems.push(`src/${path} has ${fact.lines} lines, more than ${MAX_LINES}: it holds two concepts, part them`)
    }
    for (const { use, line } of fact.uses) {
      if (!USES[use].at.some((place) => covers(place, path))) problems.push(`src/${path}:${line} ${USES[use].say}`)
    }
    const edges: Edge[] = []
    for (const one of fact.imports) {
      const problem = one.specifier.startsWith('.')
        ? local(path, one, facts, open, edges)
        : foreign(path, one.specifier, layerOf(path))
      if (problem) problems.push(`src/${path}:${one.line} ${problem}`)
    }
    graph.set(path, edges)
  }
  return [...problems.sort(bySource), ...cycles(graph)]
}

function local(
  from: string,
  fact: ImportFact,
  facts: ReadonlyMap<string, unknown>,
  open: ReadonlySet<string>,
  edges: Edge[],
): string | null {
  const to = normalize(join(dirname(from), fact.specifier))
  const says = `imports src/${to}`
  if (to.startsWith('..')) return `imports ${fact.specifier}, outside src`
  if (!facts.has(to)) return `${says}, which does not exist (imports name the file, with its ending)`
  if (EXCEPTIONS.some((one) => one.from === from && one.to === to && fact.kind === 'dynamic')) return null
  edges.push({ to, fact })

  if (covers('crypto/', to) && !isCrypto(from)) return `${says}, which is reached through src/crypto.ts only`
  const [mine, other] = [layerOf(from), layerOf(to)]
  if (!mine || !other) return null
  if (mine === other) {
    const siblings = mine.apart && unitOf(from) !== unitOf(to)
    return siblings ? `${says}: siblings under ${mine.name}/ may not import each other` : null
  }
  const typesOnly = fact.kind === 'type' && mine.types?.includes(other.name)
  if (!typesOnly && !mine.may.includes(other.name)) {
    const still = mine.types?.includes(other.name) ? ', except for types' : ''
    return `${says}: ${mine.name} may not import ${other.name}${still}`
  }
  const outside = (mine.name === 'server' || mine.name === 'cli') && other.name === 'entries'
  return outside && !open.has(to) ? `${says}: ${mine.name} may only import what package.json exports` : null
}

function foreign(from: string, specifier: string, layer: Layer | undefined): string | null {
  if (specifier === 'sallyport' || specifier.startsWith('sallyport/'))
    return `imports ${specifier}: write the relative path`
  if (!specifier.startsWith('node:')) {
    return layer && BARE.has(layer.name) ? `imports the package ${specifier}: ${layer.name} may import none` : null
  }
  const name = specifier.slice('node:'.length)
  if (name === 'crypto' && !isCrypto(from)) return 'imports node:crypto, which only crypto.ts does'
  if (name === 'process')
    return USES.environment.at.includes(from) ? null : `imports node:process: ${USES.environment.say}`
  const prefix = longest(Object.keys(NODE), from)
  const allowed = prefix === undefined ? [] : (NODE[prefix] ?? [])
  return allowed === 'any' || allowed.includes(name) ? null : `imports ${specifier}: not in the list for this place`
}

/** The one door to cryptography, and the rooms behind it. */
function isCrypto(path: string): boolean {
  return path === 'crypto.ts' || covers('crypto/', path)
}

/** One line for every group of files that need each other to load. */
function cycles(graph: ReadonlyMap<string, readonly Edge[]>): readonly string[] {
  const found: string[] = []
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) {
      const loop = trail.slice(start)
      const first = loop.indexOf([...loop].sort()[0] as string)
      const turned = [...loop.slice(first), ...loop.slice(0, first), loop[first]]
      found.push(`src/${turned.join(' → src/')}: these files import each other in a circle`)
      return
    }
    if (done.has(path)) return
    for (const { to, fact } of graph.get(path) ?? []) if (fact.kind !== 'type') walk(to, [...trail, path])
    done.add(path)
  }
  for (const path of [...graph.keys()].sort()) walk(path, [])
  return [...new Set(found)].sort()
}

function layerOf(path: string): Layer | undefined {
  const prefix = longest(
    LAYERS.flatMap((layer) => layer.paths),
    path,
  )
  return LAYERS.find((layer) => prefix !== undefined && layer.paths.includes(prefix))
}

/** `stores/sql/sqlite.ts` and `stores/sql.ts` are parts of `stores/sql`. */
function unitOf(path: string): string {
  return path
    .split('/')
    .slice(0, 2)
    .join('/')
    .replace(/\.tsx?$/, '')
}

function longest(prefixes: readonly string[], path: string): string | undefined {
  return prefixes.filter((prefix) => covers(prefix, path)).sort((a, b) => b.length - a.length)[0]
}

function covers(place: string, path: string): boolean {
  return place.endsWith('/') ? path.startsWith(place) : path === place
}

/** The files under `src/` that `exports` of package.json lead to. */
export function publicFiles(manifest: string | undefined): ReadonlySet<string> {
  const targets = JSON.stringify(manifest ? (JSON.parse(manifest).exports ?? {}) : {})
  return new Set([...targets.matchAll(/"\.\/dist\/([^"]+?)\.js"/g)].map((match) => `${match[1]}.ts`))
}

function bySource(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}

if (import.meta.main) {
  const problems = checkLayers(readTree(['src', 'package.json']))
  for (const problem of problems) console.error(problem)
  console.log(problems.length === 0 ? 'layers: in order' : `layers: ${problems.length} to mend`)
  process.exitCode = problems.length === 0 ? 0 : 1
}
