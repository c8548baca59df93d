import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import { createAuth, type Duration, hybrid, type Refusal, type RequestContext } from 'sallyport'
import { gate } from 'sallyport/hono'
import { pages } from 'sallyport/pages'
import { sqlite } from 'sallyport/sqlite'
import { settings } from '../common/settings.ts'

export const own = settings(import.meta.dirname)

/** How long ago somebody may have given their password when money moves. */
export const FRESH = (process.env.FRESH ?? '5m') as Duration

export const auth = createAuth({
  store: sqlite(own.file('auth.db')),
  strategy: hybrid(),
  baseUrl: own.url,
  secret: own.secret,
  roles: ['customer'],
  timeouts: {
    idle: '15m',
    absolute: '8h',
    remember: false,
    roles: { admin: { idle: '10m' } },
    // Card numbers are for who is at the screen: a pause of a minute, anywhere in the bank, and it asks again.
    sections: [{ path: '/cards', idle: (process.env.CARDS_IDLE ?? '1m') as Duration }],
  },
  brand: { name: 'Harbour Bank', colors: { accent: '#0b6b53', dark: { accent: '#7fe0c3' } } },
})

export const { handler, protect, who, authenticate } = gate(auth, { pages: pages(auth), reauthenticate: '/confirm' })

/** From where somebody asks, for throttling and the audit log. */
export function contextOf(c: Context): RequestContext {
  const { address } = getConnInfo(c).remote
  return { userAgent: c.req.header('user-agent') ?? '', ...(address !== undefined && { source: address }) }
}

/**
 * Proves by a password who is signed in: the session goes on under new tokens, which the answer takes along. Null, or why not.
 */
export async function proved(c: Context, password: string): Promise<string | null> {
  const again = await auth.reauthenticate(who(c), password, contextOf(c))
  if (!again.ok) return sentence(again.refusal)
  for (const cookie of again.value.carried.cookies) c.header('Set-Cookie', cookie, { append: true })
  return null
}

function sentence({ code, retryAfter }: Refusal): string {
  if (code === 'invalid_credentials') return 'This is not your password.'
  if (code === 'throttled') return `Too many attempts. Try again in ${retryAfter ?? 60} seconds.`
  return 'This is not possible at the moment.'
}
