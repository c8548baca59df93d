import { z } from 'zod'
import { answer, route } from './route.ts'

const readinessShape = z.strictObject({
  status: z.enum(['ok', 'unavailable']),
  parts: z.record(z.string(), z.boolean()).describe('Every part by name, and whether it is up'),
})

export const healthRoutes = [
  route({
    method: 'GET',
    path: '/livez',
    root: true,
    summary: 'Whether the process serves requests',
    access: 'public',
    responses: { 200: z.strictObject({ status: z.literal('ok') }) },
    handle: () => answer(200, { status: 'ok' }),
  }),
  route({
    method: 'GET',
    path: '/readyz',
    root: true,
    summary: 'Whether every part is up',
    access: 'public',
    responses: { 200: readinessShape, 503: readinessShape },
    async handle(auth) {
      await auth.ready().catch((fault) => auth.fault(fault, 'starting'))
      const parts = await auth.health()
      const up = Object.values(parts).every(Boolean)
      if (up) return answer(200, { status: 'ok', parts })
      return answer(503, { status: 'unavailable', parts }, { headers: { 'Retry-After': '1' } })
    },
  }),
]
