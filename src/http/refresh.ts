import { z } from 'zod'
import { refused } from '../result.ts'
import { route } from './route.ts'
import { reissuedShape } from './shapes.ts'

export const refreshRoutes = [
  route({
    method: 'POST',
    path: '/refresh',
    summary: 'Exchange a refresh token; strategies without one answer not_supported',
    access: 'public',
    body: z.strictObject({ refreshToken: z.string().optional() }),
    responses: { 200: reissuedShape },
    handle: () => refused({ code: 'not_supported' }),
  }),
]
