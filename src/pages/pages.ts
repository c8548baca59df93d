import type { Auth, Connection } from '../auth.ts'
import { type Refusal, StoreUnavailable } from '../errors.ts'
import { type Arrival, arrival } from '../http/arrival.ts'
import { sized } from '../http/limits.ts'
import { isForm } from '../wire/form.ts'
import { returnTarget } from '../wire/return-target.ts'
import { showAccount, submitAccount } from './account.ts'
import { brand as brandOf } from './brand.ts'
import { showExpired, submitExpired } from './expired.ts'
import { showForgot, submitForgot } from './forgot.ts'
import { readForm } from './form.ts'
import { showHome, submitHome } from './home.ts'
import { showObjection, showVerify, submitObjection, submitVerify } from './links.ts'
import { mayBeTaken, provenance } from './provenance.ts'
import { type Reply, respond, withCookies } from './reply.ts'
import { showReset, submitReset } from './reset.ts'
import { showSetup, submitSetup } from './setup.ts'
import { showSignIn, submitSignIn } from './sign-in.ts'
import { showSignUp, submitSignUp } from './sign-up.ts'
import { CHOICE, spoken } from './tongue.ts'
import { trouble } from './trouble.ts'
import { own, type Submission, type Visit } from './visit.ts'

/** What `pages()` may be told besides the guard. */
export type PagesOptions = {
  /**
   * Prefixes the pages are served under: empty for the root, or the base path, where the API lives too.
   * @default the base path
   */
  readonly under?: readonly string[]
}

/** The response of a page, or null when the request is for none: then ask the next one. */
export type PageHandler = (request: Request, connection?: Connection) => Promise<Response | null>

type PageRoute = {
  readonly show: (auth: Auth, visit: Visit) => Promise<Reply>
  readonly submit: (auth: Auth, submission: Submission) => Promise<Reply>
}

const ROUTES: ReadonlyMap<string, PageRoute> = new Map([
  ['/', { show: showHome, submit: submitHome }],
  ['/sign-in', { show: showSignIn, submit: submitSignIn }],
  ['/sign-up', { show: showSignUp, submit: submitSignUp }],
  ['/account', { show: showAccount, submit: submitAccount }],
  ['/forgot', { show: showForgot, submit: submitForgot }],
  ['/reset', { show: showReset, submit: submitReset }],
  ['/verify', { show: showVerify, submit: submitVerify }],
  ['/object', { show: showObjection, submit: submitObjection }],
  ['/setup', { show: showSetup, submit: submitSetup }],
  ['/expired', { show: showExpired, submit: submitExpired }],
])

/**
 * The hosted pages: sign-in, sign-up, recovery and the own account, as HTML that works without a script. Forms post to their
 * own path; a GET changes nothing.
 * @throws ConfigurationError when the brand cannot be shown, or not be read: colours are checked for their contrast
 */
export function pages(auth: Auth, options: PagesOptions = {}): PageHandler {
  const { setting } = auth
  const under = options.under ?? [setting.basePath]
  const brand = brandOf(setting.brand, setting.baseUrl)
  const refreshing = under.includes(setting.basePath) ? setting.basePath : null

  return async (request, connection = {}) => {
    const arrived = arrival(request, connection, setting.trustedProxies)
    const found = locate(arrived.url.pathname, under)
    if (found === null || isForApi(found.at, setting.basePath, arrived, setting.origins)) return null
    const { at, path, route } = found
    connection.matched?.(arrived.url.pathname, arrived.requestId)
    const { searchParams: query } = arrived.url
    const { headers: carrier, method } = request
    const { language, cookies } = spoken(brand, query, carrier, setting)
    query.delete(CHOICE)
    if (returnTarget(query.get('return'), setting.origins) === null) query.delete('return')
    const context = { ...arrived.context, languages: language.lang }
    const visit: Visit = { at, path, query, carrier, context, language, refreshing }
    const reply = withCookies(cookies, await served(auth, route, visit, arrived))
    const isLook = method === 'GET' || method === 'HEAD'
    const inLanguage = (lang: string) => own({ ...visit, query: new URLSearchParams([...query, [CHOICE, lang]]) })
    return respond(reply, setting, { brand, language, at, inLanguage: isLook ? inLanguage : null }, arrived.requestId)
  }
}

type Located = { readonly at: string; readonly path: string; readonly route: PageRoute }

function locate(pathname: string, under: readonly string[]): Located | null {
  for (const at of under) {
    const path = pathname.slice(at.length) || '/'
    const route = pathname.startsWith(at) ? ROUTES.get(path) : undefined
    if (route) return { at, path, route }
  }
  return null
}

/**
 * Under the base path both answer on the same addresses. A page is for whoever takes HTML; a form is a page's when it is
 * one, and comes from something that behaves like a browser. Everything else is the API's, also to refuse.
 */
function isForApi(at: string, basePath: string, arrived: Arrival, origins: ReadonlySet<string>): boolean {
  if (at !== basePath) return false
  const { method, headers } = arrived.request
  const accept = headers.get('accept') ?? '*/*'
  if (method === 'GET' || method === 'HEAD') return !/text\/html|\*\/\*/i.test(accept)
  if (method !== 'POST' || !isForm(headers.get('content-type'))) return true
  return provenance(arrived, origins) === 'none' && !/text\/html/i.test(accept)
}

async function served(auth: Auth, route: PageRoute, visit: Visit, arrived: Arrival): Promise<Reply> {
  try {
    const size = sized(arrived.request)
    if (!size.ok) return trouble(visit, size.refusal)
    const { method } = arrived.request
    if (method === 'GET' || method === 'HEAD') return await route.show(auth, visit)
    return method === 'POST'
      ? await submitted(auth, route, visit, arrived)
      : trouble(visit, { code: 'method_not_allowed' })
  } catch (fault) {
    if (fault instanceof StoreUnavailable) return trouble(visit, { code: 'unavailable' })
    auth.fault(fault, 'serving a page')
    return trouble(visit, { code: 'internal' })
  }
}

async function submitted(auth: Auth, route: PageRoute, visit: Visit, arrived: Arrival): Promise<Reply> {
  if (!isForm(arrived.request.headers.get('content-type'))) return trouble(visit, { code: 'unsupported_media_type' })
  const form = await readForm(arrived.request)
  if (!form.ok) return trouble(visit, form.refusal)
  if (!(await mayBeTaken(auth, arrived, form.value))) return trouble(visit, { code: 'csrf_rejected' })
  // Beside that header no cookie counts (CS-11), and cookies are what forms are about.
  if (arrived.request.headers.has('authorization')) return trouble(visit, INVALID, visit.language.refusals.help.bearer)
  // No session cookie goes out over plain http (CK-12); browsers would drop it without a word.
  if (auth.setting.baseUrl.protocol === 'https:' && arrived.proto === 'http')
    return trouble(visit, INVALID, visit.language.refusals.help.plain_http)
  return route.submit(auth, { ...visit, form: form.value })
}

const INVALID: Refusal = { code: 'invalid_request' }
