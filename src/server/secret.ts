import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigurationError } from '../index.ts'

/** Where the secret of development is kept. */
export function secretPath(folder: string): string {
  return join(folder, 'secret')
}

/** In development: the secret of this folder, made at the first start and kept, for its owner's eyes only. */
export function developmentSecret(folder: string): string {
  const path = secretPath(folder)
  try {
    return kept(path) ?? made(folder, path)
  } catch (cause) {
    throw unkept(path, cause)
  }
}

/** Makes the folder, open to its owner only, unless it is there. */
export function dataFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
}

/** The secret of development, if there is one; nothing is made or changed. */
export function keptSecret(folder: string): string | null {
  const path = secretPath(folder)
  try {
    return contents(path) || null
  } catch (cause) {
    throw unkept(path, cause)
  }
}

function unkept(path: string, cause: unknown): unknown {
  if (cause instanceof ConfigurationError) return cause
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown fault'
  const message = `${path} cannot be kept (${code}): set SALLYPORT_DATA to a folder this process may write`
  return new ConfigurationError(message, { cause })
}

function kept(path: string): string | null {
  const secret = contents(path)
  if (secret === '') throw new ConfigurationError(`${path} is empty: remove it, and a new secret is made`)
  if (secret !== null) chmodSync(path, 0o600)
  return secret
}

function contents(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
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
