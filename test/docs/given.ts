/** Files that every page has beside its blocks. */
export const FILES: Readonly<Record<string, string>> = {
  'auth.ts': `import { createAuth, memory, session } from 'sallyport'
export const auth = createAuth({ store: memory(), strategy: session(), baseUrl: 'https://app.example', secret: '' })`,
  'app.ts': `import { fastify } from 'fastify'\nexport const app = fastify()`,
  'example.ts': `import type { Authenticated } from 'sallyport'
export declare const who: Authenticated
export declare const secretFromYourVault: string
export declare function report(code: string): void`,
}

/** What guides take for granted, and say so: the guard, what a server is asked, and what only a reader has. */
export const GLOBALS = `import type { Auth, Authenticated, Options } from 'sallyport'
declare global {
  const auth: Auth
  /** What every example of options leaves out. */
  const base: Pick<Options, 'store' | 'strategy' | 'baseUrl' | 'secret'>
  const request: Request
  const who: Authenticated
  const userId: string
  const sessionId: string
  const secretFromYourVault: string
}`

/** Of Next and React, what is used of them: for machines on which the example is not installed. */
export const STUBS: Readonly<Record<string, string>> = {
  'next/headers': `export function headers(): Promise<Pick<Headers, 'get' | 'has'>>
export function cookies(): Promise<{ set(cookie: { name: string; value: string; sameSite?: true | false | 'lax' | 'strict' | 'none' }): unknown }>`,
  'next/navigation': 'export function redirect(url: string, type?: "push" | "replace"): never',
  'next/server': `export class NextResponse extends Response {
  static next(init?: { request?: { headers?: Headers } }): NextResponse
}`,
  react: 'export function cache<F extends Function>(ask: F): F',
}
