import { ConfigurationError } from '../index.ts'

/** What a module could not be loaded for: the package it is spoken to by, where that is not installed; else as it is. */
export function missing(fault: unknown, name: string, what: string): unknown {
  const isMissing =
    fault instanceof Error &&
    'code' in fault &&
    fault.code === 'ERR_MODULE_NOT_FOUND' &&
    fault.message.includes(`package '${name}'`)
  if (!isMissing) return fault
  const message = `${what} is spoken to by the package ${name}, which is not installed: npm install ${name}`
  return new ConfigurationError(message, { cause: fault })
}
