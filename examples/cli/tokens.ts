import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

export type Tokens = { readonly accessToken: string; readonly refreshToken: string }

const { env } = process
const FILE = env.TOKENS ?? join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'sallyport-example', 'tokens.json')

/** What is kept, for its owner's eyes only; null when nobody is signed in. */
export function kept(): Tokens | null {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Whoever reads meanwhile finds what was there before or what comes, and nothing in between. */
export function keep(tokens: Tokens): void {
  mkdirSync(dirname(FILE), { recursive: true, mode: 0o700 })
  const beside = `${FILE}.${process.pid}`
  writeFileSync(beside, JSON.stringify(tokens), { mode: 0o600 })
  renameSync(beside, FILE)
}

export function forget(): void {
  rmSync(FILE, { force: true })
}
