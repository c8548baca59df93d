import type { IncomingMessage } from 'node:http'
import type { WebSocketServer } from 'ws'
import type { PageHandler } from '../../src/adapters/mount.ts'
import type { EventSource } from '../../src/adapters/stream.ts'
import type { Auth } from '../../src/auth.ts'
import type { Authenticated } from '../../src/guard.ts'

/** What the application under test is told. */
export type Setup = {
  /** The API comes after something that has read every JSON and form body. */
  readonly parsed?: boolean
  readonly pages?: PageHandler
}

/** An application that listens. */
export type Served = { readonly port: number; close(): Promise<void> }

/**
 * The same small application in every framework, all of it behind the adapter:
 *
 * | route | |
 * |---|---|
 * | the API | where the adapter puts it |
 * | `GET /open` | for anybody: `open` |
 * | `GET /cookies` | for anybody: sets the cookies `a=1` and `b=2`, each by itself |
 * | `GET /maybe` | for anybody: `{ email }`, null for whom is not signed in |
 * | `GET /me`, `POST /me` | protected; sets the cookie `own=1`; `{ email, sid, transport }` |
 * | `GET /cached` | protected; says `Cache-Control: public, max-age=60` of itself |
 * | `GET /admin` | protected by `role('admin')` |
 * | `GET /fresh` | protected by `fresh('10m')` |
 * | `GET /typo` | protected by `role('typo')` |
 * | `GET /billing/invoices` | protected |
 * | `GET /{area}/list` | protected, `{ area }` as the framework gives the parameter |
 * | `GET /alias` | where it can be: put in place of by `/billing/invoices` before it is routed |
 * | `GET /billing/elsewhere` | where it can be: put in place of by `/me` |
 * | `GET /slow` | protected; answers when `release` was called |
 * | `GET /stream` | protected; server-sent events: `hello` at once |
 * | `GET /live` | a WebSocket that says `hello <email>` and sends back what it gets |
 */
export type Frame = {
  readonly name: string
  serve(auth: Auth, setup: Setup, hooks: Hooks): Promise<Served>
  /** Routes are put in place of others before they are found. */
  readonly rewrites: boolean
  readonly sockets: boolean
}

export type Hooks = {
  /** Told when a protected handler runs. */
  ran(path: string): void
  /** Held up by `GET /slow`. */
  released(): Promise<void>
  /** What `GET /stream` sends. */
  readonly source: EventSource
  /** The server of `GET /live`. */
  sockets(who: (request: IncomingMessage) => Authenticated): WebSocketServer
}
