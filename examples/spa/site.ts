import { readFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'

const TYPES = { html: 'text/html', css: 'text/css', ts: 'text/javascript' } as const

const FILES = ['index.html', 'style.css', 'app.ts', 'session.ts', 'events.ts'] as const

/** The files in `site/`, as they are: of TypeScript the types are taken out, and nothing is built. */
export function site(api: string): RequestListener {
  const policy = `default-src 'none'; script-src 'self'; style-src 'self'; connect-src ${api}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
  const answers = new Map<string, readonly [type: string, text: string]>()
  for (const file of FILES) {
    const text = readFileSync(join(import.meta.dirname, 'site', file), 'utf8')
    const kind = file.slice(file.lastIndexOf('.') + 1) as keyof typeof TYPES
    answers.set(`/${file}`, [TYPES[kind], kind === 'ts' ? stripTypeScriptTypes(text) : text.replace('{api}', api)])
  }

  return ({ url = '/' }, response) => {
    const [path] = url.split('?') as [string]
    const found = answers.get(path === '/' ? '/index.html' : path)
    if (!found) return void response.writeHead(404).end()
    const [type, text] = found
    response.writeHead(200, {
      'Content-Type': `${type}; charset=utf-8`,
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-cache',
    })
    response.end(text)
  }
}
