import { request } from 'node:http'

/** What a client of server-sent events, or of a long answer, has heard so far. */
export type Open = {
  text(): string
  /** How it came to an end: whole, or cut off; null while it goes on. */
  over(): 'whole' | 'cut' | null
  leave(): void
}

export function open(port: number, path: string, headers: Readonly<Record<string, string>>): Promise<Open> {
  let text = ''
  let over: 'whole' | 'cut' | null = null
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.on('error', () => {})
      response.on('close', () => {
        over = response.complete ? 'whole' : 'cut'
      })
      resolve({ text: () => text, over: () => over, leave: () => asked.destroy() })
    })
    asked.on('error', reject).end()
  })
}
