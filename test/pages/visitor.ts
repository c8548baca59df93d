import { type PageHandler, pages } from '../../src/pages.ts'
import { BASE, type House, house } from '../support/house.ts'

export type Seen = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly cookies: readonly string[]
}

/** How a form is sent: `from` is the `Origin`, null for none; `headers` are set last. */
export type Sending = { readonly from?: string | null; readonly headers?: Record<string, string> }

/** A browser without script that keeps one cookie. */
export type Visitor = {
  cookie: string
  get(path: string, headers?: Record<string, string>): Promise<Seen>
  /** Posts a form; text is sent as it is. */
  post(path: string, fields: Record<string, string> | string, sending?: Sending): Promise<Seen>
  /** Posts a form and follows the redirect. */
  submit(path: string, fields: Record<string, string>): Promise<Seen>
}

export type Pages = House & { readonly page: PageHandler; visitor(): Visitor }

/** An installation seen through its pages. */
export async function site(options: Parameters<typeof house>[0] = {}): Promise<Pages> {
  const base = await house(options)
  const page = pages(base.auth, { under: ['', '/auth'] })
  return { ...base, page, visitor: () => visitor(page) }
}

function visitor(page: PageHandler): Visitor {
  async function send(browser: Visitor, method: string, path: string, headers: Headers, body?: string): Promise<Seen> {
    if (browser.cookie !== '') headers.set('cookie', browser.cookie)
    const request = new Request(BASE + path, { method, headers, ...(body !== undefined && { body }) })
    const response = await page(request, { remote: '192.0.2.7' })
    if (response === null) throw new Error(`no page at ${method} ${path}`)
    const cookies = response.headers.getSetCookie()
    const pair = cookies[0]?.split(';')[0]
    if (pair !== undefined) browser.cookie = pair.endsWith('=') ? '' : pair
    return { status: response.status, headers: response.headers, text: await response.text(), cookies }
  }
  return {
    cookie: '',
    get(path, headers = {}) {
      return send(this, 'GET', path, new Headers({ accept: 'text/html', ...headers }))
    },
    post(path, fields, { from = BASE, headers = {} } = {}) {
      const body = typeof fields === 'string' ? fields : String(new URLSearchParams(fields))
      const type = 'application/x-www-form-urlencoded'
      const origin: Record<string, string> = from === null ? {} : { origin: from }
      const all = new Headers({ accept: 'text/html', 'content-type': type, ...origin, ...headers })
      return send(this, 'POST', path, all, body)
    },
    async submit(path, fields) {
      const answer = await this.post(path, fields)
      return answer.status === 303 ? this.get(answer.headers.get('location') ?? '/') : answer
    },
  }
}

/** The value of a hidden field. */
export function hiddenIn(text: string, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? ''
}
