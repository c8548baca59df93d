/** What a client without scripts does with cookies: keeps what is set, drops what is cleared, sends the rest. */
export type Jar = {
  /** `name=value` of everything kept. */
  cookies(): string
  /** Sends a request, redirects not followed. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Sends JSON. */
  json(method: string, path: string, body?: unknown): Promise<Response>
}

export function jar(url: string, kept = ''): Jar {
  const cookies = new Map(kept === '' ? [] : [kept.split('=', 2) as [string, string]])
  const header = () => [...cookies].map((pair) => pair.join('=')).join('; ')
  return {
    cookies: header,
    async fetch(path, init = {}) {
      const headers = new Headers(init.headers)
      if (cookies.size > 0) headers.set('cookie', header())
      const answer = await fetch(url + path, { redirect: 'manual', ...init, headers })
      for (const line of answer.headers.getSetCookie()) {
        const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=', 2)
        if (/max-age=0/i.test(line)) cookies.delete(name)
        else cookies.set(name, value)
      }
      return answer
    },
    json(method, path, body) {
      const content = body === undefined ? {} : { body: JSON.stringify(body) }
      return this.fetch(path, { method, headers: { 'content-type': 'application/json', origin: url }, ...content })
    },
  }
}
