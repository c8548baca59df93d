import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where an example listens and what it keeps. */
export type Settings = {
  readonly port: number
  readonly host: string
  /** Where browsers reach it. */
  readonly url: string
  readonly secret: string
  /** The path of a file of its data. */
  file(name: string): string
}

/** What the environment says; for development it has to say nothing. */
export function settings(folder: string, port = 3000): Settings {
  const { env } = process
  if (env.NODE_ENV === 'production' && !env.AUTH_SECRET) throw new Error('set AUTH_SECRET to 32 random characters')
  const data = env.DATA ?? join(folder, '.data')
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const own = Number(env.PORT ?? port)
  return {
    port: own,
    host: env.HOST ?? '127.0.0.1',
    url: env.AUTH_URL ?? `http://localhost:${own}`,
    secret: env.AUTH_SECRET ?? 'for development only: 0123456789abcdef',
    file: (name) => join(data, name),
  }
}
