import { z } from 'zod'
import { answer, route } from './route.ts'

const ms = z
  .number()
  .nullable()
  .describe('Milliseconds: an upper bound; null of none, and beyond the length of a lease')

const statsShape = z.strictObject({
  node: z
    .strictObject({
      signInsPerMinute: z.int(),
      refreshesPerMinute: z.int(),
      endings: z.record(z.string(), z.int()).describe('By reason, since it began'),
      state: z.enum(['leased', 'lookup']).describe('Whether it decides from its own memory'),
      cachedSessions: z.int(),
      lookups: z.strictObject({ underWay: z.int(), count: z.int(), refused: z.int() }),
      settling: z
        .strictObject({ count: z.int(), p50: ms, p99: ms })
        .describe('How long endings took to be true everywhere'),
    })
    .describe('Of the server that answers, since it began: ask each, or add up'),
  installation: z
    .strictObject({
      sessions: z
        .strictObject({ count: z.int(), margin: z.int() })
        .describe('Records that are open: counted where the margin is 0, else a guess that is hardly ever further off'),
      nodes: z.array(
        z.strictObject({
          source: z.string(),
          row: z.string(),
          behind: z.int().describe('Changes it has not acknowledged yet'),
          mayLease: z.boolean(),
          own: z.boolean().describe('The server that answers'),
        }),
      ),
      stores: z.array(z.strictObject({ name: z.string(), reachable: z.boolean(), ms: z.int().nullable() })),
    })
    .describe('Of all servers together'),
})

export const adminStatsRoutes = [
  route({
    method: 'GET',
    path: '/admin/stats',
    summary: 'What happens, on this server and in the installation',
    access: 'auditor',
    responses: { 200: statsShape },
    handle: async (auth) => answer(200, await auth.stats()),
  }),
]
