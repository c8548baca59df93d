import { ConfigurationError } from './errors.ts'

/** `'90s'`, `'30m'`, `'12h'`, `'14d'`, or a number of milliseconds. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/**
 * A duration in milliseconds.
 * @throws ConfigurationError naming `option` when it is not a positive, finite, whole number of milliseconds.
 */
export function milliseconds(value: Duration | string, option: string): number {
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value) : null
  // 8.05 * 1000 is 8050.000000000001: what is written as whole milliseconds is taken as such.
  const ms = match ? Number((Number(match[1]) * UNITS[match[2] as keyof typeof UNITS]).toFixed(4)) : value
  if (typeof ms !== 'number' || !Number.isSafeInteger(ms) || ms <= 0) {
    throw new ConfigurationError(
      `${option} is ${JSON.stringify(value)}: write a duration such as '30m', '12h' or '14d', or a whole number of milliseconds`,
    )
  }
  return ms
}
