import { execFile } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

export type Credentials = { readonly id: string; readonly secret: string }

/** Of every service its own, made once by `sallyport services create` and kept beside the data of the auth server. */
export async function credentials<N extends string>(
  names: readonly N[],
  program: readonly [file: string, ...args: string[]],
  env: Readonly<Record<string, string>>,
): Promise<Readonly<Record<N, Credentials>>> {
  const path = join(env.SALLYPORT_DATA as string, 'services.json')
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'))
  const [file, ...args] = program
  const made: [string, Credentials][] = []
  for (const name of names) {
    const { stdout } = await promisify(execFile)(file, [...args, 'services', 'create', name, '--json'], { env })
    const { id, secret } = JSON.parse(stdout) as Credentials
    made.push([name, { id, secret }])
  }
  writeFileSync(path, JSON.stringify(Object.fromEntries(made)), { mode: 0o600 })
  return Object.fromEntries(made) as Record<N, Credentials>
}
