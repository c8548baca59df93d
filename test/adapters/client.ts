import { request } from 'node:http'

/** A request exactly as it is written: no path is tidied, no header is added but `Host`. */
export type Asking = {
  readonly method?: string
  readonly cookie?: string | undefined
  readonly bearer?: string
  /** A list sends the header so many times. */
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly json?: unknown
  readonly form?: Readonly<Record<string, string>>
  /** A body as it is; its type is in `headers`. */
  readonly content?: string
}

export type Answer = {
  readonly status: number
  /** Every header, lower case; lines of one name joined, but for cookies. */
  readonly headers: Readonly<Record<string, string>>
  /** Whole `Set-Cookie` lines, as many as were sent. */
  readonly cookies: readonly string[]
  /** What a browser sends back that keeps them: `a=1; b=2`. */
  readonly jar: string
  readonly text: string
  /** Null where the body is no JSON. */
  readonly body: { readonly [key: string]: unknown } | null
  readonly code: unknown
}

export function ask(port: number, path: string, asking: Asking = {}): Promise<Answer> {
  const { method = 'GET', cookie, bearer, json, form } = asking
  const content =
    json !== undefined ? JSON.stringify(json) : form ? new URLSearchParams(form).toString() : asking.content
  const type = json !== undefined ? 'application/json' : 'application/x-www-form-urlencoded'
  const headers = {
    ...(cookie !== undefined && { cookie }),
    ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    ...(content !== undefined && { 'content-type': type, 'content-length': String(Buffer.byteLength(content)) }),
    ...asking.headers,
  }
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const { 'set-cookie': cookies = [], ...rest } = response.headers
        const body = /json/.test(response.headers['content-type'] ?? '') && text !== '' ? JSON.parse(text) : null
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)])),
          cookies,
          jar: jarOf(cookies),
          text,
          body,
          code: body?.code,
        })
      })
    })
    asked.on('error', reject)
    asked.end(content)
  })
}

export function jarOf(cookies: readonly string[]): string {
  return cookies.map((cookie) => cookie.split(';')[0]).join('; ')
}
