import { accessSync, constants, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'

/** Programs that some tests need and a machine may lack: where they are looked for, and what installs them. */
const SERVICES = {
  chromium: {
    at: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'],
    variable: 'CHROMIUM_PATH',
    remedy: 'apt-get install chromium',
  },
} as const

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

function locate(name: Service): string | null {
  const { at, variable } = SERVICES[name]
  const named = process.env[variable]
  return (named ? [named] : at).find(isExecutable) ?? null
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
