import type { Auth, Connection } from '../auth.ts'
import { type Refusal, StoreUnavailable } from '../errors.ts'
import { ok, type Result, refused } from '../result.ts'
import { admitted } from './access.ts'
import { type Arrival, arrival } from './arrival.ts'
import { readBody } from './body.ts'
import { carriable } from './carriable.ts'
import { allowed, corsHeaders, options } from './cors.ts'
import { standIn, towards } from './forwarded.ts'
import { judged, readQuery } from './input.ts'
import { sized } from './limits.ts'
import { fullPath, type Match, matcher } from './match.ts'
import { openApi } from './openapi.ts'
import { proven } from './proof.ts'
import { refusalAnswer, respond } from './respond.ts'
import type { Answer, Input, Route } from './route.ts'
import { ROUTES } from './routes.ts'
import { nothingShape } from './shapes.ts'

/**
 * The HTTP API: one function from request to response, for any server that speaks Fetch. It never rejects; a fault is
 * told to the operator's log and answered with 500.
 */
export function app(auth: Auth): (request: Request, connection: Connection) => Promise<Response> {
  const { setting } = auth
  const find = matcher([...ROUTES, openApi(ROUTES, setting)], setting.basePath)

  return async (request, connection) => {
    const arrived = arrival(request, connection, setting.trustedProxies)
    const { requestId } = arrived
    const leave = (result: Result<Answer>) => {
      const answer = result.ok ? result.value : refusalAnswer(result.refusal, requestId)
      return respond(setting, answer, requestId, corsHeaders(setting, request), request.method === 'HEAD')
    }
    const match = find(arrived.url.pathname)
    connection.matched?.(match === null ? 'none' : pathOf(match, setting.basePath), requestId)
    const result = await answered(auth, match, arrived)
    try {
      return leave(result)
    } catch (error) {
      auth.fault(error, 'writing an answer')
      return leave(refused({ code: 'internal' }))
    }
  }
}

/** Finds the row, and turns what is thrown on the way into an answer (ER-01, ER-02). */
async function answered(auth: Auth, match: Match | null, arrived: Arrival): Promise<Result<Answer>> {
  const { request } = arrived
  try {
    const size = sized(request)
    if (!size.ok) return size
    if (match === null) return refused({ code: 'not_found' })
    const asked = match.routes.get('GET')
    if (asked?.forwarded) return towards(auth.setting, arrived, await passed(auth, asked, match.params, arrived))
    if (request.method === 'OPTIONS') return ok(options(auth.setting, request, match))
    const route = match.routes.get(request.method === 'HEAD' ? 'GET' : request.method)
    if (!route) return methodNotAllowed(match, arrived.requestId)
    return await passed(auth, route, match.params, arrived)
  } catch (error) {
    if (error instanceof StoreUnavailable) return refused({ code: 'unavailable', retryAfter: 1 })
    auth.fault(error, `serving ${request.method} ${pathOf(match, auth.setting.basePath)}`)
    return refused({ code: 'internal' })
  }
}

/** Every step that stands before a handler, in this order; the first that refuses has the word. */
async function passed(auth: Auth, route: Route, params: Match['params'], arrived: Arrival): Promise<Result<Answer>> {
  const { request, url } = arrived
  const content = route.method === 'GET' ? ok({}) : await readBody(request, route.form ?? false, route.limits)
  if (!content.ok) return content
  const row = route.forwarded ? standIn(route, arrived) : route
  const proof = await proven(auth, row, arrived)
  if (!proof.ok) return proof
  const caller = await admitted(auth, row, arrived)
  if (!caller.ok) return route.access === 'service' ? unknownService(caller.refusal, arrived.requestId) : caller
  const { who, service, actor } = caller.value
  const body = judged(route.body ?? nothingShape, content.value)
  if (!body.ok) return body
  const query = route.query ? queryOf(route.query, url) : ok({})
  if (!query.ok) return query
  const safe = carriable(auth.setting, route, arrived, who, body.value)
  if (!safe.ok) return safe

  const context = { ...arrived.context, ...(actor !== null && { actor }) }
  const input: Input = {
    who,
    service,
    params,
    body: body.value,
    query: query.value,
    carrier: request.headers,
    context,
    get signal() {
      return request.signal
    },
  }
  return route.handle(auth, input)
}

function queryOf(schema: NonNullable<Route['query']>, url: URL): Result<unknown> {
  const read = readQuery(url.searchParams)
  return read.ok ? judged(schema, read.value) : read
}

function methodNotAllowed(match: Match, requestId: string): Result<Answer> {
  const { headers, ...answer } = refusalAnswer({ code: 'method_not_allowed' }, requestId)
  return ok({ ...answer, headers: { ...headers, Allow: allowed(match) } })
}

/** Programs are asked for credentials in the way that RFC 6749 section 2.3.1 has for them. */
function unknownService(refusal: Refusal, requestId: string): Result<Answer> {
  const { headers, ...answer } = refusalAnswer(refusal, requestId)
  const challenge = answer.status === 401 ? { 'WWW-Authenticate': 'Basic realm="auth"' } : {}
  return ok({ ...answer, headers: { ...headers, ...challenge } })
}

function pathOf(match: Match | null, basePath: string): string {
  const [first] = match?.routes.values() ?? []
  return first ? fullPath(first, basePath) : 'nothing'
}
