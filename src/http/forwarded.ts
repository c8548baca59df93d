import type { Setting } from '../auth.ts'
import { CODES } from '../errors.ts'
import { ok, type Result } from '../result.ts'
import { returnTarget } from '../wire/return-target.ts'
import type { Arrival } from './arrival.ts'
import { isUnsafeOriginal, statedTargets } from './original.ts'
import type { Answer, Route } from './route.ts'

/** The row, as the steps before the handler have to judge it: by what the original request does. */
export function standIn(route: Route, { request, url }: Arrival): Route {
  const method = isUnsafeOriginal(request.method, request.headers) ? 'POST' : 'GET'
  return { ...route, method, ...(url.searchParams.has('passive') && { passive: true }) }
}

/**
 * What a gateway hands on to whoever is not let in: with `?rd`, people who open a page are sent to prove who they are and come
 * back; everything else gets the refusal. An address that is none of ours to go to is left out (CS-10).
 */
export function towards(setting: Setting, arrived: Arrival, result: Result<Answer>): Result<Answer> {
  const { request, url } = arrived
  const rd = url.searchParams.get('rd')
  if (result.ok || rd === null || CODES[result.refusal.code][0] !== 401 || !isNavigation(request.headers)) return result
  const unsafe = isUnsafeOriginal(request.method, request.headers)
  // Whoever sent a form would come back to an address that shows nothing.
  const back = unsafe ? null : returnTarget(rd === '' ? originalTarget(request.headers) : rd, setting.origins)
  const page = result.refusal.code === 'token_stale' && setting.refreshes ? 'continue' : 'sign-in'
  const query = back === null ? '' : `?${new URLSearchParams({ return: back })}`
  // Where the page that was asked for is on another origin of ours, signing in is not.
  const away = back !== null && !back.startsWith('/') && !back.startsWith(`${setting.baseUrl.origin}/`)
  const location = `${away ? setting.baseUrl.origin : ''}${setting.basePath}/${page}${query}`
  return ok({ status: 303, headers: { Location: location } })
}

function originalTarget(headers: Headers): string | null {
  const targets = statedTargets(headers)
  return targets.ok ? (targets.value[0] ?? null) : null
}

/**
 * Whether a person may be opening a page with this: not a script, by Fetch Metadata, nor a program with a token, nor one that
 * takes no page. Gateways differ in which mode they ask with, so that alone says nothing.
 */
function isNavigation(headers: Headers): boolean {
  if (headers.has('authorization')) return false
  if ((headers.get('sec-fetch-dest') ?? 'document') !== 'document') return false
  return /\btext\/html\b|\*\/\*/i.test(headers.get('accept') ?? '*/*')
}
