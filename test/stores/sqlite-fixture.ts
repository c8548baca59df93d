import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Store } from '../../src/store.ts'
import { type SqliteOptions, sqlite } from '../../src/stores/sql/sqlite.ts'
import { sourceOf } from './source-of.ts'

/** Runs after the test, the latest first. */
export function later(cleanUp: () => Promise<void> | void): void {
  onTestFinished(cleanUp)
}

/** A folder that is gone after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'sallyport-sqlite-'))
  later(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** Where a database can be made. */
export function newFile(): string {
  return join(folder(), 'auth.db')
}

/** The store in this file, open until the test is over. */
export async function opened(file: string = newFile(), options: SqliteOptions = {}): Promise<Store> {
  const store = sqlite(file, options)
  later(() => closed(store))
  await sourceOf(store).open()
  return store
}

export async function closed(store: Store): Promise<void> {
  await sourceOf(store).close()
}
