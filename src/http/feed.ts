import { z } from 'zod'
import { MOST_ENTRIES, MOST_WAIT } from '../flows/relay.ts'
import { MOST_PLACE } from '../flows/relay-places.ts'
import type { Result } from '../result.ts'
import { relayedShape } from './feed-shapes.ts'
import { type Answer, answer, NO_CONTENT, route } from './route.ts'

/** Uses in one call. */
const MOST_USES = 1000

/** A whole number of a query. */
function count(least: number, most: number) {
  return z
    .string()
    .regex(/^(?:0|[1-9]\d{0,3})$/)
    .transform(Number)
    .pipe(z.number().min(least).max(most))
    .optional()
}

const query = z
  .strictObject({
    place: z.string().max(MOST_PLACE).optional().describe('Of the answer before. Without one, new rows are registered'),
    ask: z
      .enum(['read', 'register', 'epoch'])
      .optional()
      .describe('register: new rows where the place is, as after a row was marked. epoch: no more than that'),
    feed: count(0, 999).describe('To follow this one alone, with a place of its own; all when left out'),
    wait: count(0, MOST_WAIT).describe('Seconds to wait for news. The answer grants no lease'),
    limit: count(1, MOST_ENTRIES).describe('Entries of each feed'),
    once: z
      .string()
      .max(64)
      .optional()
      .describe(
        'Never looked at. Another one each time keeps what lies between from answering two requests with one read',
      ),
  })
  .refine(({ ask, place }) => ask !== 'read' || place !== undefined, { path: ['place'] })
  .refine(({ feed, place }) => feed === undefined || place === undefined, { path: ['feed'] })

const acknowledgement = z
  .strictObject({
    place: z.string().max(MOST_PLACE).optional().describe('Everything up to here is applied'),
    leave: z.boolean().optional().describe('Removes the rows: give up the leases before'),
    uses: z
      .array(
        z.strictObject({
          sid: z.string().min(1).max(64),
          counter: z.int().min(0).optional().describe('The claim ctr of the access token'),
          at: z.int().min(0).describe('Milliseconds since the epoch'),
        }),
      )
      .max(MOST_USES)
      .optional()
      .describe('Sessions that were used with this service. The last hour is believed'),
  })
  .refine(({ leave, place }) => !leave || place !== undefined, { path: ['place'] })

export const feedRoutes = [
  route({
    method: 'GET',
    path: '/feed',
    summary:
      'The feeds of endings and changes, for services that decide by themselves: rows, reads that are leases, epochs',
    access: 'service',
    query,
    responses: { 200: relayedShape },
    async handle({ relay }, { service, query: { place, ask, feed, wait, limit }, signal }) {
      if (ask === 'epoch') return told(await relay.epochs(feed))
      if (ask === 'register' || place === undefined) return told(await relay.register(service, { place, feed }))
      const reading = { ...(wait !== undefined && { wait }), ...(limit !== undefined && { limit }), signal }
      return told(await relay.read(service, place, reading))
    },
  }),
  route({
    method: 'POST',
    path: '/feed/ack',
    summary:
      'Acknowledge what was applied, which endings wait for; leave; tell of uses, which keep sessions from idling out',
    access: 'service',
    // A thousand uses are three thousand members and their names.
    limits: { length: 131_072, depth: 4, members: 3100 },
    body: acknowledgement,
    responses: { 204: null },
    async handle({ relay }, { service, body: { place, leave = false, uses = [] } }) {
      // Somebody's ending may wait for the first, and nobody for the rest.
      if (place !== undefined) {
        const done = await (leave ? relay.leave(service, place) : relay.acknowledge(service, place))
        if (!done.ok) return done
      }
      if (uses.length > 0) await relay.used(uses)
      return NO_CONTENT
    },
  }),
]

function told<T>(result: Result<T>): Result<Answer> {
  return result.ok ? answer(200, result.value) : result
}
