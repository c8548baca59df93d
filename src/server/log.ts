import { hostname } from 'node:os'
import { pino } from 'pino'
import type { LogLevel } from '../config.ts'
import type { Clock, Logger } from '../index.ts'

export type ServerLog = Logger & { debug(fields: LogFields, message: string): void }

type LogFields = Readonly<Record<string, unknown>>

/** Whatever could end a line, move a cursor or turn the reading direction (LG-04); JSON leaves some of it as it is. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** No field is longer, characters: a stack is, a name is not. */
const LONGEST = 4000

/** Members that hold a secret wherever they turn up. Nothing logs them; this is for what somebody adds one day (LG-03). */
const SECRETS = ['password', 'newPassword', 'currentPassword', 'secret', 'pepper', 'authorization', 'cookie', 'captcha']
const TOKENS = ['token', 'accessToken', 'refreshToken', 'csrfToken']
const REDACTED = [...SECRETS, ...TOKENS].flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

const WARN = pino.levels.values.warn as number

/**
 * One line for each record. In production JSON: `level`, `at` in milliseconds since the epoch, `node`, the fields, then `message`; in
 * development the message and the fields for people.
 * @param write gets a whole line with its end, and whether it is one for the error stream: warnings and errors are
 */
export function serverLog(
  { level, json }: { readonly level: LogLevel; readonly json: boolean },
  clock: Pick<Clock, 'now'>,
  write: (line: string, problem: boolean) => void,
): ServerLog {
  const stream = {
    // What pino asks of a stream that wants to know the level of a line.
    [Symbol.for('pino.metadata')]: true,
    lastLevel: 0,
    write(line: string) {
      const text = json ? line.trimEnd() : readable(JSON.parse(line))
      write(`${text.replace(UNSAFE, escaped)}\n`, stream.lastLevel >= WARN)
    },
  }
  const log = pino(
    {
      level,
      base: json ? { node: `${hostname()}-${process.pid}` } : null,
      messageKey: 'message',
      timestamp: () => `,"at":${clock.now()}`,
      formatters: { level: (label) => ({ level: label }), log: bounded },
      redact: { paths: REDACTED, censor: '[redacted]' },
    },
    stream,
  )
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
  }
}

function bounded(fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, LONGEST) : value]),
  )
}

function readable({ level, at: _, message, ...fields }: LogFields): string {
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
