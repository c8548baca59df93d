import { accessSync, constants, existsSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, inject } from 'vitest'
import { findPostgres } from './postgres-server.ts'
import { findRedis } from './redis-server.ts'

type Place = Program | { readonly find: () => string | null; readonly remedy: string }

type Program = {
  /** Where the program is looked for. */
  readonly at: readonly string[]
  /** Files it needs besides. Whoever names a program of their own answers for them. */
  readonly beside?: readonly string[]
  /** Names a program of one's own. */
  readonly variable: string
  readonly remedy: string
}

/** Programs that some tests need and a machine may lack: where they are looked for, and what installs them. */
const SERVICES = {
  chromium: {
    at: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'],
    variable: 'CHROMIUM_PATH',
    remedy: 'apt-get install chromium',
  },
  'python3-jwt': {
    at: ['/usr/bin/python3'],
    beside: ['/usr/lib/python3/dist-packages/jwt/api_jwk.py', '/usr/lib/python3/dist-packages/cryptography/fernet.py'],
    variable: 'PYTHON_JWT_PATH',
    remedy: 'apt-get install python3-jwt python3-cryptography',
  },
  postgres: { find: findPostgres, remedy: 'apt-get install postgresql' },
  redis: { find: findRedis, remedy: 'apt-get install redis-server' },
  nginx: { at: ['/usr/sbin/nginx'], variable: 'NGINX_PATH', remedy: 'apt-get install nginx' },
  caddy: { at: ['/usr/bin/caddy'], variable: 'CADDY_PATH', remedy: 'apt-get install caddy' },
  curl: { at: ['/usr/bin/curl'], variable: 'CURL_PATH', remedy: 'apt-get install curl' },
} as const satisfies Readonly<Record<string, Place>>

export type Service = keyof typeof SERVICES

/**
 * Where the service is, or null when the machine has none: `describe.skipIf(!service('chromium'))`. A missing service
 * is said in one line per run.
 * @throws when it is missing and `REQUIRE_SERVICES` is `1`, so that nothing is passed over in CI.
 */
export function service(name: Service): string | null {
  const found = locate(name)
  if (found) return found
  const line = `tests that need ${name} are skipped: ${SERVICES[name].remedy}`
  if (process.env.REQUIRE_SERVICES === '1') throw new Error(`${name} is required and missing: ${SERVICES[name].remedy}`)
  if (isFirst(name)) writeSync(2, `${line}\n`)
  return null
}

/**
 * `describe` for tests that need the service: `describeWith('postgres')('a real server', () => { … })`. They are
 * skipped where it is missing, and so are the hooks among them.
 * @throws like `service`.
 */
export function describeWith(name: Service): ReturnType<typeof describe.skipIf> {
  return describe.skipIf(service(name) === null)
}

function locate(name: Service): string | null {
  const place: Place = SERVICES[name]
  if ('find' in place) return place.find()
  const { at, beside = [], variable } = place
  const named = process.env[variable]
  if (named) return isExecutable(named) ? named : null
  return beside.every((path) => existsSync(path)) ? (at.find(isExecutable) ?? null) : null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Test files run in processes of their own; the first to leave the mark speaks. */
function isFirst(name: Service): boolean {
  try {
    writeFileSync(join(inject('missingServices'), name), '', { flag: 'wx' })
    return true
  } catch {
    return false
  }
}
