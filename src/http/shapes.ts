import { z } from 'zod'
import { CODES } from '../errors.ts'
import { entryShape } from './feed-shapes.ts'

/*
 * The shapes of what goes over the wire: what the OpenAPI document says of answers, and what tests hold answers to.
 */

/** What may be in the body of a request that needs none. */
export const nothingShape = z.strictObject({})

const time = z.int().describe('Milliseconds since the epoch, by the server’s clock')
const id = z.string().describe('Opaque')

export const userShape = z.strictObject({
  id,
  email: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  status: z.enum(['active', 'locked']),
  emailVerified: z.boolean(),
  createdAt: time,
  fields: z.record(z.string(), z.unknown()).optional().describe('What the application declares'),
})

const deviceShape = z.strictObject({ browser: z.string(), os: z.string(), type: z.string() })

const session = {
  id: id.describe('A handle, not a credential'),
  strategy: z.string(),
  createdAt: time,
  authenticatedAt: time.describe('When its owner last proved who they are'),
  lastActiveAt: time,
  idleExpiresAt: time.nullable().describe('When it ends without use; null when the strategy has no idle limit'),
  expiresAt: time.describe('The absolute limit; nothing moves it'),
  warnAt: time.describe('From when its owner should be warned'),
  now: time.describe('The server’s time of this answer: count down from here'),
  current: z.boolean().describe('Whether it is the session of this request'),
  amr: z.array(z.string()).describe('How its owner proved who they are (RFC 8176)'),
  device: deviceShape,
  ip: z.string(),
  remember: z.boolean(),
  tokenExpiresAt: time.optional().describe('When the access token ends, under strategies that have one'),
  fields: z.record(z.string(), z.unknown()).optional().describe('What the application declares'),
  endedAt: time.optional(),
  endReason: z.string().optional(),
}

export const sessionShape = z.strictObject(session)

const ownerShape = z.strictObject({ id, email: z.string(), name: z.string(), roles: z.array(z.string()) })

export const ownedSessionShape = z
  .strictObject({ ...session, user: ownerShape.nullable() })
  .describe('A session and whose it is; null when the account is gone')

export const tokensShape = z
  .strictObject({
    accessToken: z.string(),
    tokenType: z.literal('Bearer'),
    expiresIn: z.int().describe('Seconds'),
    refreshToken: z.string().optional(),
    refreshExpiresIn: z.int().optional().describe('Seconds'),
  })
  .describe('Only with transport "bearer"')

export const signedInShape = z.strictObject({ user: userShape, session: sessionShape, tokens: tokensShape.optional() })

export const reissuedShape = z
  .strictObject({ session: sessionShape, tokens: tokensShape.optional() })
  .describe('The session goes on under a new token; the old one is dead')

export const eventShape = z.strictObject({
  id,
  type: z.string(),
  severity: z.enum(['info', 'notice', 'warning', 'error']),
  at: time,
  outcome: z.enum(['success', 'failure']),
  actor: z.string().nullable(),
  subject: z.string().nullable(),
  session: z.string().nullable().describe('A keyed reference, not the id'),
  source: z.string().nullable(),
  requestId: z.string().nullable(),
  reason: z.string().nullable(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})

export const endedShape = z.strictObject({ ended: z.int().describe('How many sessions this call ended') })

export const endedOthersShape = endedShape.extend({
  session: sessionShape.optional().describe('Where the session had to go on under a new token'),
  tokens: tokensShape.optional(),
})

/** A page of a list. `nextCursor` leads to the next one and is null on the last; a page before that may be short, or empty. */
export function pageShape(item: z.ZodType) {
  return z.strictObject({
    items: z.array(item),
    nextCursor: z.string().nullable(),
    total: z.int().optional().describe('Of all pages, where it is known without counting: the list fits into one'),
  })
}

const fieldErrorShape = z.strictObject({ path: z.string(), code: z.string(), detail: z.string() })

export const problemShape = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    code: z.enum(Object.keys(CODES) as [string, ...string[]]),
    requestId: z.string(),
    errors: z.array(fieldErrorShape).optional(),
    count: z.int().optional().describe('How many there are, where another number was expected'),
  })
  .describe('RFC 9457. `code` is stable; titles and details are for people')

/** The shapes that the OpenAPI document gives a name of their own. */
export const NAMED: ReadonlyMap<z.core.$ZodType, string> = new Map<z.core.$ZodType, string>([
  [userShape, 'User'],
  [sessionShape, 'Session'],
  [ownedSessionShape, 'OwnedSession'],
  [tokensShape, 'Tokens'],
  [signedInShape, 'SignedIn'],
  [reissuedShape, 'Reissued'],
  [eventShape, 'Event'],
  [entryShape, 'Entry'],
  [problemShape, 'Problem'],
])
