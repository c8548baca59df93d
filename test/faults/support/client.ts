/** A whole answer: status, headers and body have arrived. */
export type Answer = { readonly status: number; readonly code: string | undefined; readonly body: Json }

type Json = {
  readonly code?: string
  readonly user?: { readonly id: string; readonly email: string }
  readonly session?: { readonly id: string }
  readonly tokens?: { readonly accessToken: string }
}

export type Sending = { readonly token?: string; readonly body?: unknown }

/** One request by bearer. @throws when the connection breaks before the whole answer is there. */
export async function send(url: string, method: string, path: string, { token, body }: Sending = {}): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const json = (text === '' ? {} : JSON.parse(text)) as Json
  return { status: response.status, code: json.code, body: json }
}

/** The same, null when the connection broke. */
export function attempt(...request: Parameters<typeof send>): Promise<Answer | null> {
  return send(...request).catch(() => null)
}

/** Who the server says holds this token. */
export function whoIs(url: string, token: string): Promise<Answer> {
  return send(url, 'GET', '/auth/session', { token })
}

/** Runs over the items, `width` at a time. Answers in the order of the items. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  run: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length)
  let next = 0
  async function lane(): Promise<void> {
    while (next < items.length) {
      const index = next
      next += 1
      results[index] = await run(items[index] as T, index)
    }
  }
  await Promise.all(Array.from({ length: width }, lane))
  return results
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
