import { createRequire } from 'node:module'
import { ConfigurationError } from '../index.ts'

const { resolve } = createRequire(import.meta.url)

/** Whether the package can be loaded from here, without loading it. */
function isInstalled(name: string): boolean {
  try {
    resolve(name)
    return true
  } catch (fault) {
    // One without an entry for `require` is there as well.
    return !(fault instanceof Error && 'code' in fault && fault.code === 'MODULE_NOT_FOUND')
  }
}

/** What is to be installed, one line for each package that something in the configuration asks for: `[who asks, package]`. */
export function missing(needed: readonly (readonly [who: string, name: string])[]): readonly string[] {
  return needed
    .filter(([, name]) => !isInstalled(name))
    .map(([who, name]) => `${who} needs ${name}: npm install ${name}`)
}

/** @throws ConfigurationError with that line */
export function demand(who: string, name: string): void {
  const [line] = missing([[who, name]])
  if (line !== undefined) throw new ConfigurationError(line)
}
