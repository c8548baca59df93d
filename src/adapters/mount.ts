import type { Auth, Connection } from '../auth.ts'

/** Answers pages, or null for what is none: `pages(auth)`. */
export type PageHandler = (request: Request, connection?: Connection) => Promise<Response | null>

/** Where the HTTP API is, in every server: below the base path, and where other programs look for it (RFC 8414, RFC 8615). */
export const WELL_KNOWN: ReadonlySet<string> = new Set([
  '/.well-known/jwks.json',
  '/.well-known/oauth-authorization-server',
])

/** Whether a request is the API's to answer, by the text of its path as it is. */
export function isOurs(basePath: string, target: string): boolean {
  if (!target.startsWith(basePath)) return WELL_KNOWN.has(target) || WELL_KNOWN.has(withoutQuery(target))
  const next = target[basePath.length]
  return next === undefined || next === '/' || next === '?'
}

export function withoutQuery(target: string): string {
  const query = target.indexOf('?')
  return query === -1 ? target : target.slice(0, query)
}

/** The pages if there are any, and the API for everything else. */
export function answering(auth: Auth, pages: PageHandler | undefined) {
  return async (request: Request, connection: Connection): Promise<Response> =>
    (await pages?.(request, connection)) ?? auth.handler(request, connection)
}
