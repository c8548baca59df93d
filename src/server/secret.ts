import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigurationError } from '../index.ts'

/** In development: the secret of this folder, made at the first start and kept, for its owner's eyes only. */
export function developmentSecret(folder: string): string {
  const path = join(folder, 'secret')
  try {
    return kept(path) ?? made(folder, path)
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown fault'
    throw new ConfigurationError(
      `${path} cannot be kept (${code}): set SALLYPORT_DATA to a folder this process may write`,
      { cause },
    )
  }
}

/** Makes the folder, open to its owner only, unless it is there. */
export function dataFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
}

function kept(path: string): string | null {
  try {
    const secret = readFileSync(path, 'utf8').trim()
    if (secret === '') throw new ConfigurationError(`${path} is empty: remove it, and a new secret is made`)
    chmodSync(path, 0o600)
    return secret
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null
    throw cause
  }
}

/** Written whole under another name first: of two that start at once, both use the secret of the one that came first. */
function made(folder: string, path: string): string {
  dataFolder(folder)
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  const secret = Buffer.from(bytes).toString('base64url')
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${secret}\n`, { mode: 0o600 })
  try {
    linkSync(draft, path)
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
  } finally {
    rmSync(draft, { force: true })
  }
  return readFileSync(path, 'utf8').trim()
}
