import type { LogLevel } from '../config.ts'
import type { Clock, Logger } from '../index.ts'

export type ServerLog = Logger & { debug(fields: LogFields, message: string): void }

type LogFields = Readonly<Record<string, unknown>>

const ORDER: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 }

/** Whatever could end a line, move a cursor or turn the reading direction (LG-04); JSON leaves some of it as it is. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/**
 * One line for each record. In production JSON: `at` in milliseconds since the epoch, `level`, `message`, then the fields;
 * in development the message and the fields for people.
 * @param write gets a whole line with its end, and whether it is one for the error stream: warnings and errors are
 */
export function serverLog(
  { level, json }: { readonly level: LogLevel; readonly json: boolean },
  clock: Pick<Clock, 'now'>,
  write: (line: string, problem: boolean) => void,
): ServerLog {
  function log(of: Exclude<LogLevel, 'silent'>, fields: LogFields, message: string): void {
    if (ORDER[of] < ORDER[level]) return
    const line = json
      ? JSON.stringify({ at: clock.now(), level: of, message, ...fields })
      : `${of === 'info' ? '' : `${of}: `}${message}${readable(fields)}`
    write(`${line.replace(UNSAFE, escaped)}\n`, ORDER[of] >= ORDER.warn)
  }
  return {
    debug: (fields, message) => log('debug', fields, message),
    info: (fields, message) => log('info', fields, message),
    warn: (fields, message) => log('warn', fields, message),
    error: (fields, message) => log('error', fields, message),
  }
}

function readable(fields: LogFields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(
      ([name, value]) =>
        ` ${name}=${typeof value === 'string' && /^[\w.:/-]+$/.test(value) ? value : JSON.stringify(value)}`,
    )
    .join('')
}

function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('')
}
