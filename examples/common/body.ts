import type { IncomingMessage, ServerResponse } from 'node:http'

const LONGEST = 10_000

/** The body of a request as JSON; null for what is none, or too long. */
export async function bodyOf(request: IncomingMessage): Promise<unknown> {
  try {
    const chunks: Buffer[] = []
    let length = 0
    for await (const chunk of request) {
      length += chunk.length
      if (length > LONGEST) return null
      chunks.push(chunk)
    }
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    return null
  }
}

export function sendHtml(response: ServerResponse, page: string): void {
  response.setHeader('Content-Type', 'text/html; charset=utf-8').end(page)
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}
