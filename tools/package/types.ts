import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../read-tree.ts'
import { link } from './entries.ts'

const STRICT = {
  ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true, target: 'es2024' },
  ...{ lib: ['es2024', 'dom', 'dom.iterable'], types: ['node'] },
}

const WAYS = {
  nodenext: { module: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
}

/** Whose declarations speak of a package that is the application's. */
const TYPED_BY: Readonly<Record<string, string>> = { 'sallyport/fastify': 'fastify' }

/**
 * Compiles a file that imports all entries, as an application under each way of finding modules would, and looks into our declarations too. No
 * optional peer is there but the one that an entry is about.
 */
export function compiling(folder: string, names: readonly string[]): readonly string[] {
  for (const name of ['@types/node', ...Object.values(TYPED_BY)]) link(folder, name)
  const lines = names.map((name, i) => `import * as entry${i} from '${name}'`)
  writeFileSync(
    join(folder, 'all.ts'),
    `${lines.join('\n')}\nexport const all = [${names.map((_, i) => `entry${i}`)}]\n`,
  )
  return Object.entries(WAYS).flatMap(([way, options]) => {
    const project = join(folder, `tsconfig.${way}.json`)
    writeFileSync(project, JSON.stringify({ compilerOptions: { ...STRICT, ...options }, files: ['all.ts'] }))
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', project], { cwd: folder, encoding: 'utf8' })
    return status === 0 ? [] : [`under ${way} it does not compile:\n${stdout.trim()}`]
  })
}
