import { milliseconds } from '../../config.ts'
import { ConfigurationError } from '../../index.ts'

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** A duration in milliseconds; null for none, and for what is none, which the library says better. */
export function span(value: string | number | undefined): number | null {
  if (value === undefined) return null
  try {
    return milliseconds(value as Parameters<typeof milliseconds>[0], '')
  } catch (fault) {
    if (fault instanceof ConfigurationError) return null
    throw fault
  }
}

export function over(value: number | null, most: number): boolean {
  return value !== null && value > most
}

const UNITS = [
  ['d', DAY],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', SECOND],
] as const

/** Milliseconds as they are written in a configuration: `90d`, `5m`, `1500ms`. */
export function written(ms: number): string {
  const unit = UNITS.find(([, length]) => ms >= length && ms % length === 0)
  return unit ? `${ms / unit[1]}${unit[0]}` : `${ms}ms`
}
