import { z } from 'zod'
import type { Setting } from '../auth.ts'
import { type Authenticated, type Guard, role } from '../guard.ts'
import { type Result, refused } from '../result.ts'
import { sectionGuards } from '../sections.ts'
import { statedTargets } from './original.ts'
import { type Answer, answer, route } from './route.ts'

/** A flag: `?passive`. */
const flag = z.enum(['', '1', 'true']).optional()

/**
 * Asked by a gateway whether to let another request through, and who it is from. What it is asked stands in the query, which is
 * the gateway's; what the other request is like, in the headers (`original.ts`).
 */
export const forwardRoutes = [
  route({
    method: 'GET',
    path: '/forward',
    summary: 'Whether a gateway lets a request through, by any method; who it is from in X-Auth-* (docs/gateway.md)',
    access: 'signed-in',
    forwarded: true,
    query: z.strictObject({
      roles: z.string().min(1).optional().describe('Names with commas between: one of them is needed'),
      section: z.string().startsWith('/').optional().describe('A path whose section of the policy applies besides'),
      passive: flag.describe('Does not count as activity'),
      rd: z.string().optional().describe('Send people to sign in and back here; empty: to what they asked for'),
      refused: flag.describe('Asked again for what to tell whoever was refused: lets nobody in'),
    }),
    refuses: ['forbidden', 'role_unknown'],
    responses: { 200: null, 303: null },
    handle(auth, { who, query, carrier, context }) {
      const targets = statedTargets(carrier)
      if (!targets.ok) return targets
      const wanted = query.roles === undefined ? [] : roleGuards(auth.setting, query.roles)
      if (wanted === null) return refused({ code: 'role_unknown' })
      const paths = [...targets.value.map(withoutQuery), ...(query.section === undefined ? [] : [query.section])]
      const enough = auth.guard(who, [...sectionGuards(who.policy, paths), ...wanted], context)
      if (!enough.ok) return enough
      return query.refused === undefined ? admission(who) : refused({ code: 'unavailable', retryAfter: 1 })
    },
  }),
]

function roleGuards({ roles }: Setting, list: string): readonly Guard[] | null {
  const names = list.split(',').map((name) => name.trim())
  return names.every((name) => roles.includes(name)) ? [role(...names)] : null
}

/** All of them, always: a gateway that copies them then overwrites whatever the client sent under these names (AZ-05). */
function admission({ user, session }: Authenticated): Result<Answer> {
  const headers = {
    'X-Auth-User': user.id,
    'X-Auth-Roles': user.roles.join(','),
    'X-Auth-Session': session.id,
    'X-Auth-Email': bytesOf(user.email),
  }
  return answer(200, undefined, { headers })
}

/** A header holds bytes: those of UTF-8, so that no two addresses look alike. Nothing of what no header can hold. */
function bytesOf(text: string): string {
  if (/\p{Cc}/u.test(text)) return ''
  return Buffer.from(text, 'utf8').toString('latin1')
}

function withoutQuery(target: string): string {
  return target.replace(/[?#].*$/, '')
}
