import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** A folder on the disk the repository is on, gone when the process ends: what /tmp is on may be no disk at all. */
export function folder(): string {
  const parent = join(import.meta.dirname, '..', '.data')
  mkdirSync(parent, { recursive: true })
  const made = mkdtempSync(join(parent, 'run-'))
  process.on('exit', () => rmSync(made, { recursive: true, force: true }))
  return made
}
