import { z } from 'zod'

/*
 * The shapes of the relayed feed: what is in `Change` of `feed.ts`, and nothing besides.
 */

const id = z.string()
const at = z.int().describe('A position: a whole number that only grows')
const reason = z.string().describe('As codes of refusals have it')

const changeShape = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ended'),
    sessions: z.array(id),
    reason,
    at: z.int().describe('Milliseconds since the epoch'),
  }),
  z.strictObject({ kind: z.literal('session'), session: id }),
  z.strictObject({
    kind: z.literal('user'),
    user: id,
    ended: reason.nullable().describe('Why all sessions of the user ended; null when none did'),
  }),
  z.strictObject({ kind: z.literal('everyone'), everyone: z.int().describe('The new generation of the installation') }),
  z.strictObject({ kind: z.literal('key'), kid: id, removed: z.boolean() }),
  z.strictObject({
    kind: z.literal('policy'),
    version: z.int().describe('One more with each change'),
    value: z.record(z.string(), z.unknown()).describe('The limits, as the servers of this installation read them'),
  }),
])

const positionShape = z.strictObject({ at, id })

export const entryShape = z.strictObject({ at, id, change: changeShape })

const feed = z.int().describe('Number of the feed')
const epoch = z.string().describe('Another one means that data was lost: forget everything')
const total = z.int().describe('How many feeds there are, numbered from 0: all have to be followed')
const place = z.string().describe('Where the service stands after this, for the next request')

const epochsShape = z.strictObject({ total, feeds: z.array(z.strictObject({ feed, epoch })) })

const rowsShape = z.strictObject({
  place,
  total,
  feeds: z.array(z.strictObject({ feed, epoch, position: positionShape })),
})

const readShape = z.strictObject({
  place,
  total,
  lease: z
    .boolean()
    .describe('Whether it counts as a lease: 3000 ms from when the request was sent, per feed. Never after a wait'),
  feeds: z.array(
    z.strictObject({
      feed,
      position: positionShape,
      epoch,
      standing: z.enum(['good', 'marked', 'unknown']).describe('Not good: no lease, register anew from the place'),
      lost: z.boolean().describe('What stood at the place is gone: forget everything and register anew'),
      complete: z.boolean().describe('Not complete: no lease, read on'),
      entries: z.array(entryShape),
    }),
  ),
})

export const relayedShape = z
  .union([readShape, rowsShape, epochsShape])
  .describe('By what was asked: a read; new rows; epochs')
