import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Asked } from './host.ts'
import { runner } from './runner.ts'
import type { Outcome } from './verdict.ts'

const LEFT_OUT = new Set(['node_modules', '.git', '.data', 'dist', 'coverage', '.next'])

/** A copy of a tree to plant faults in. One thing at a time. */
export type Copy = {
  readonly read: (file: string) => string
  readonly write: (file: string, text: string) => void
  /** Runs tests on what is written now. One that takes longer than `withinMs` is ended. */
  readonly run: (asked: Omit<Asked, 'written'>, withinMs: number) => Promise<readonly Outcome[] | 'timed out'>
  readonly remove: () => Promise<void>
}

/** The packages are shared with the tree. */
export function copyOf(root: string): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-mutants-'))
  cpSync(root, folder, { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const { run, close } = runner(folder)
  const written = new Set<string>()
  return {
    read: (file) => readFileSync(join(folder, file), 'utf8'),
    write(file, text) {
      writeFileSync(join(folder, file), text)
      written.add(file)
    },
    run(asked, withinMs) {
      const full = { ...asked, written: [...written] }
      written.clear()
      return run(full, withinMs)
    },
    async remove() {
      await close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
