import { hostname } from 'node:os'
import type { LogLevel } from '../config.ts'
import type { Clock, Logger } from '../index.ts'
import { loggable } from './loggable.ts'

export type ServerLog = Logger & { debug(fields: LogFields, message: string): void }

type LogFields = Readonly<Record<string, unknown>>

type Level = Exclude<LogLevel, 'silent'>

/** Whatever could end a line, move a cursor or turn the reading direction (LG-04); JSON leaves some of it as it is. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

const RANK = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 } as const satisfies Record<LogLevel, number>

/**
 * One line for each record. In production JSON: `level`, `at` in milliseconds since the epoch, `node`, the fields, then `message`; in
 * development the message and the fields for people.
 * @param write gets a whole line with its end, and whether it is one for the error stream: warnings and errors are
 */
export function serverLog(
  { level: least, json }: { readonly level: LogLevel; readonly json: boolean },
  clock: Pick<Clock, 'now'>,
  write: (line: string, problem: boolean) => void,
): ServerLog {
  const node = `${hostname()}-${process.pid}`

  const at = (level: Level) => (fields: LogFields, message: string) => {
    if (RANK[level] < RANK[least]) return
    const told = loggable(fields)
    const text = json
      ? JSON.stringify({ level, at: clock.now(), node, ...told, message })
      : readable(level, told, message)
    write(`${text.replace(UNSAFE, escaped)}\n`, RANK[level] >= RANK.warn)
  }

  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function readable(level: Level, fields: LogFields, message: string): string {
  const told = Object.entries(fields)
    .filter(([, value]) => value !== null)
    .map(
      ([name, value]) =>
        ` ${name}=${typeof value === 'string' && /^[\w.:/-]+$/.test(value) ? value : JSON.stringify(value)}`,
    )
  return `${level === 'info' ? '' : `${level}: `}${message}${told.join('')}`
}

function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('')
}
