import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Code, codeIn } from './code.ts'
import type { PlantedBug } from './planted-bugs.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const QUICK = new URL('../faults/support/quick-argon2.ts', import.meta.url).href

/** A copy of the code with the fault in it. */
export async function planted({ edits }: PlantedBug): Promise<{ readonly code: Code; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-simulation-'))
  cpSync(join(ROOT, 'src'), join(folder, 'src'), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  // As `vi.mock` does it with the tree itself.
  writeFileSync(join(folder, 'src/credentials/password/argon2-threads.ts'), `export * from ${JSON.stringify(QUICK)}\n`)
  for (const [file, find, replace] of edits) {
    const path = join(folder, 'src', file)
    const parts = readFileSync(path, 'utf8').split(find)
    if (parts.length !== 2) throw new Error(`${file} holds ${JSON.stringify(find)} ${parts.length - 1} times, not once`)
    writeFileSync(path, parts.join(replace))
  }
  return { code: await codeIn(join(folder, 'src')), remove: () => rmSync(folder, { recursive: true }) }
}
