import { ConfigurationError } from './errors.ts'

/*
 * Packages that an installation has only where they are used. Each is imported where it is, written out and with `.catch(absent('name'))`
 * behind it: so bundlers see that it may not be there.
 */

/** Answers null for an import that failed as the package is not installed. Any other fault stays one. */
export function absent(name: string): (fault: unknown) => null {
  return (fault) => {
    const isAbsent =
      fault instanceof Error &&
      'code' in fault &&
      fault.code === 'ERR_MODULE_NOT_FOUND' &&
      fault.message.includes(`package '${name}'`)
    if (isAbsent) return null
    throw fault
  }
}

/** The one line about it. `who` is what asks for the package, as whoever reads it knows it. */
export function needs(who: string, name: string): ConfigurationError {
  return new ConfigurationError(`${who} needs ${name}: npm install ${name}`)
}
