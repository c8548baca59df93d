import { existsSync, readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Config } from '../config.ts'
import { ConfigurationError } from '../index.ts'
import { nearest } from './nearest.ts'

/** Looked for in the working folder, in this order. */
const NAMES = ['sallyport.config.ts', 'sallyport.config.mts', 'sallyport.config.js', 'sallyport.config.mjs']

/** Every member there is; a name that is missing here does not compile. */
const MEMBERS: Readonly<Record<keyof Config, true>> = {
  ...{ port: true, host: true, strategy: true, accept: true, database: true, data: true, logLevel: true },
  ...{ baseUrl: true, basePath: true, secret: true, timeouts: true, sessionLimit: true, roles: true, fresh: true },
  ...{ retention: true, signUp: true, password: true, throttle: true, cookies: true, cors: true, trustedProxies: true },
  ...{ captcha: true, webhooks: true, metrics: true, tracer: true },
  ...{ clearSiteData: true, keys: true, jwt: true, hybrid: true, postgres: true, redis: true },
  ...{ verifyEmail: true, mailer: true, smtp: true, mail: true, brand: true },
  ...{ fields: true, cache: true, onContextChange: true, on: true },
}

/**
 * What the configuration file exports, by default or as `config`; nothing when there is none.
 * @param named the path somebody asked for; it has to exist
 * @throws ConfigurationError when it cannot be loaded, or says what means nothing
 */
export async function fromFile(folder: string, named: string | undefined): Promise<Config> {
  const path = pathOf(folder, named)
  if (path === undefined) return {}
  if (!existsSync(path))
    throw new ConfigurationError(`SALLYPORT_CONFIG names ${path}, which does not exist: correct the path`)
  const { default: byDefault, config = byDefault } = await load(path)
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new ConfigurationError(`${path} exports no configuration: write export default defineConfig({ … })`)
  }
  const strange = Object.keys(config).find((member) => !Object.hasOwn(MEMBERS, member))
  if (strange !== undefined) {
    const meant = nearest(strange, Object.keys(MEMBERS))
    throw new ConfigurationError(
      `${path} has '${strange}', which means nothing here: ${meant ? `did you mean '${meant}'?` : 'remove it'}`,
    )
  }
  return config
}

function pathOf(folder: string, named: string | undefined): string | undefined {
  return named === undefined ? NAMES.map((name) => resolve(folder, name)).find(existsSync) : resolve(folder, named)
}

/** Whether a value stands in the configuration file as it is, and is not read there from elsewhere. */
export function isWritten(folder: string, named: string | undefined): (value: string) => boolean {
  const path = pathOf(folder, named)
  const text = path === undefined ? '' : readFileSync(path, 'utf8')
  return (value) => value !== '' && text.includes(value)
}

type Loaded = { readonly default?: unknown; readonly config?: unknown }

/** The first line of a fault is enough to find it, and no line of the file, which may hold a secret, is in it. */
async function load(path: string): Promise<Loaded> {
  const hooks = registerHooks({ resolve: ourselves })
  try {
    return await import(pathToFileURL(path).href)
  } catch (cause) {
    const [line] = (cause instanceof Error ? cause.message : String(cause)).trim().split('\n')
    throw new ConfigurationError(`${path} cannot be loaded: ${line}`, { cause })
  } finally {
    hooks.deregister()
  }
}

/** `import 'sallyport/config'` means the program that reads the file, wherever that is installed, in a clone too. */
const ourselves: NonNullable<Parameters<typeof registerHooks>[0]['resolve']> = (specifier, context, next) => {
  const [, subpath] = /^sallyport(?:\/([a-z]+))?$/.exec(specifier) ?? [null, null]
  if (subpath === null) return next(specifier, context)
  const ending = import.meta.url.slice(import.meta.url.lastIndexOf('.'))
  return { url: new URL(`../${subpath ?? 'index'}${ending}`, import.meta.url).href, shortCircuit: true }
}
