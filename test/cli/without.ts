import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { folder } from './folder.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The program where every package is installed but these: where it is, and its main file. */
export function without(...absent: readonly string[]): { readonly at: string; readonly main: string } {
  const at = folder()
  for (const name of ['src', 'package.json']) cpSync(join(ROOT, name), join(at, name), { recursive: true })
  for (const name of installed()) {
    if (absent.some((one) => name === one || name.startsWith(`${one}-`))) continue
    const link = join(at, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules', name), link)
  }
  return { at, main: join(at, 'src/cli/main.ts') }
}

function installed(): readonly string[] {
  return readdirSync(join(ROOT, 'node_modules')).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(ROOT, 'node_modules', name)).map((one) => `${name}/${one}`) : [name],
  )
}
