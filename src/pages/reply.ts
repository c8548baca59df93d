import type { Setting } from '../auth.ts'
import type { Refusal } from '../errors.ts'
import { problem } from '../wire/problem.ts'
import { wholeResponse } from '../wire/whole.ts'
import type { Brand } from './brand.ts'
import { document, type Frame, type Page } from './layout.ts'
import { type Task, taskSources } from './task.ts'

/** What a page answers with, as a value. `cookies` are whole `Set-Cookie` values. */
export type Reply = { readonly cookies?: readonly string[] } & (
  | { readonly page: Page; readonly refusal?: Refusal }
  /**
   * On to somewhere else: by GET (303), so that loading the page again repeats nothing; with `again` what was sent is sent
   * there anew (307).
   */
  | { readonly to: string; readonly signedOut?: true; readonly again?: true }
  /** A file to keep. */
  | { readonly file: string; readonly name: string }
)

/** The reply with cookies that were to be set before it. */
export function withCookies(cookies: readonly string[], reply: Reply): Reply {
  return cookies.length === 0 ? reply : { ...reply, cookies: [...cookies, ...(reply.cookies ?? [])] }
}

/** One year, the least that browsers' preload lists take (ASVS 3.4.1). Seconds. */
const HSTS = 'max-age=31536000'

/**
 * The headers of every page (CS-09). No script and no other place can take part in one, but the task of a captcha where there is one; forms lead only here and to the
 * origins a return target may be of, which browsers check on redirects too. `no-referrer` makes form posts say
 * `Origin: null`, so `Sec-Fetch-Site` is what proves theirs.
 */
export function pageHeaders(
  setting: Pick<Setting, 'baseUrl' | 'corsOrigins'>,
  { styleSources, imageSources }: Pick<Brand, 'styleSources' | 'imageSources'>,
  task?: Task | null,
): Readonly<Record<string, string>> {
  const forms = ["'self'", ...setting.corsOrigins].join(' ')
  return {
    'Cache-Control': 'no-store',
    'Content-Security-Policy': `default-src 'none';${taskSources(task)} style-src ${styleSources}; img-src ${imageSources}; object-src 'none'; base-uri 'none'; form-action ${forms}; frame-ancestors 'none'`,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    ...(setting.baseUrl.protocol === 'https:' && { 'Strict-Transport-Security': HSTS }),
  }
}

/** The reply as it leaves the house. A refusal gives the status and the headers it has on the API too. */
export async function respond(reply: Reply, setting: Setting, frame: Frame, requestId: string): Promise<Response> {
  const task = 'page' in reply ? reply.page.task : null
  const headers = new Headers({ ...pageHeaders(setting, frame.brand, task), 'X-Request-Id': requestId })
  for (const cookie of oncePerName(reply.cookies ?? [])) headers.append('Set-Cookie', cookie)
  if ('to' in reply) {
    headers.set('Location', reply.to)
    const clears = reply.signedOut && setting.clearSiteData && setting.baseUrl.protocol === 'https:'
    if (clears) headers.set('Clear-Site-Data', '"cache", "storage"')
    return new Response(null, { status: reply.again ? 307 : 303, headers })
  }
  if ('file' in reply) {
    headers.set('Content-Type', 'application/json; charset=utf-8')
    headers.set('Content-Disposition', `attachment; filename="${reply.name}"`)
    return new Response(reply.file, { headers })
  }
  const refused = reply.refusal ? problem(reply.refusal, requestId) : null
  for (const name of ['WWW-Authenticate', 'Retry-After']) {
    const value = refused?.headers[name]
    if (value !== undefined) headers.set(name, value)
  }
  if (refused?.status === 405) headers.set('Allow', 'GET, HEAD, POST')
  headers.set('Content-Type', 'text/html; charset=utf-8')
  headers.set('Content-Language', frame.language.lang)
  const markup = await document(reply.page, frame)
  return wholeResponse(markup.toString(), { status: refused?.status ?? 200, headers })
}

/** The last one of each name (CK-11): strategies that are accepted side by side may share one. */
function oncePerName(cookies: readonly string[]): Iterable<string> {
  return new Map(cookies.map((cookie) => [cookie.slice(0, cookie.indexOf('=')), cookie])).values()
}
