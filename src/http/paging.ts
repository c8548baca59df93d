import { z } from 'zod'

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 200

/** Text of a filter. */
export const text = z.string().min(1).max(200)

export const cursor = z.string().max(500).optional().describe('The nextCursor of the page before')

export const limit = z
  .string()
  .regex(/^[1-9]\d{0,2}$/)
  .transform(Number)
  .pipe(z.number().max(MAX_LIMIT))
  .optional()
  .transform((given) => given ?? DEFAULT_LIMIT)
  .describe(`Items of a page: 1 to ${MAX_LIMIT}, ${DEFAULT_LIMIT} when left out`)

/** A moment, milliseconds since the epoch. */
export const moment = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)
