import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder of this run, where the first worker that misses a service leaves its name. */
    readonly missingServices: string
  }
}

/** Once per run, before the workers start. */
export function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-services-'))
  project.provide('missingServices', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}
