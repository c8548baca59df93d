import { CODES, type Code, END_REASONS } from '../errors.ts'
import type { Route } from './route.ts'

type Words = readonly Code[]

/** There is no session behind a credential. What is only stale still has one, or had its successor take its place. */
export const OVER: Words = ['unauthenticated', ...END_REASONS.filter((reason) => reason !== 'token_stale')]

/** Where a password is checked. */
export const CHECKED = ['invalid_credentials', 'password_too_long', 'throttled', 'overloaded'] as const satisfies Words

/** Where one is chosen. */
export const CHOSEN = [
  'password_too_short',
  'password_too_long',
  'password_common',
  'password_breached',
  'password_guessable',
  'overloaded',
] as const satisfies Words

const ANYWHERE: Words = ['uri_too_long', 'headers_too_large', 'internal', 'unavailable']
const OF_A_BODY: Words = ['payload_too_large', 'unsupported_media_type', 'invalid_request']
const OF_A_SESSION: Words = [...OVER, 'token_stale', 'throttled']
const OF_A_SERVICE: Words = ['unauthenticated', 'throttled']

/** Every word this row can refuse with: those of the steps before its handler, and its own. In the order of `CODES`. */
export function refusalsOf(route: Route): Words {
  const words = new Set<Code>([...ANYWHERE, ...ofSteps(route), ...(route.refuses ?? [])])
  return (Object.keys(CODES) as Code[]).filter((code) => words.has(code))
}

function ofSteps({ method, access, credential, fresh, proving, forwarded, query }: Route): Words {
  const isUnsafe = method !== 'GET' || forwarded === true
  const isForPeople = access !== 'public' && access !== 'service'
  // `onContextChange` may want a proof of anybody, but where one is given.
  const wantsProof = fresh || (isForPeople && proving === undefined)
  const readsCookies = isForPeople || (access === 'public' && credential !== undefined)
  return [
    ...(method === 'GET' ? [] : OF_A_BODY),
    ...(query ? (['invalid_request'] as const) : []),
    ...(isUnsafe && readsCookies ? (['csrf_rejected'] as const) : []),
    ...ofCaller(access, credential),
    ...(access === 'admin' || access === 'auditor' ? (['forbidden'] as const) : []),
    ...(wantsProof ? (['reauth_required'] as const) : []),
  ]
}

/** A request to sign out or to refresh has its session looked at where nothing else says where it comes from. */
function ofCaller(access: Route['access'], credential: Route['credential']): Words {
  if (access === 'service') return OF_A_SERVICE
  if (access !== 'public') return OF_A_SESSION
  return credential === 'removed' || credential === 'refreshed' ? ['throttled'] : []
}
