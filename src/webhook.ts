import type { Duration } from './duration.ts'
import type { EventType } from './events.ts'

/** Events by their whole name, or all that begin with a word: `session.ended`, `session.*`, `*`. */
export type EventPattern = EventType | `${string}.*` | '*'

/** Where events are sent. Delivered at least once, in the order of the audit log; see docs/operations.md. */
export type WebhookOptions = {
  /** `https:`; plain `http:` to this machine itself while `baseUrl` is on localhost. What is behind the host name is never logged. */
  readonly url: string
  /** `whsec_` and 24 to 64 random bytes in base64, as `webhookSecret()` makes them; newest first: each signs. */
  readonly secret: string | readonly string[]
  /**
   * Which events are sent. Those about webhooks themselves never are.
   * @default ['*']
   */
  readonly events?: readonly EventPattern[]
  /**
   * Lets it be an address of a private network or of this machine. Whoever writes the URL decides what this server connects to.
   * @default false
   */
  readonly allowPrivate?: boolean
  /**
   * How long one attempt may take; 30 seconds at most.
   * @default '10s'
   */
  readonly timeout?: Duration
}

/** What somebody who is configured is: checked, and with its keys made. */
export type Endpoint = {
  readonly url: URL
  /** What it is called in logs and metrics: its host, and port if there is one. */
  readonly name: string
  /** What its place in the audit log is kept under. */
  readonly reader: string
  readonly secrets: readonly string[]
  wants(type: EventType): boolean
  /** Which addresses it may have. */
  readonly reach: 'public' | 'loopback' | 'any'
  /** Milliseconds. */
  readonly timeout: number
}

/** Sends one request. Rejects when there was no answer. */
export type Post = (
  endpoint: Endpoint,
  headers: Readonly<Record<string, string>>,
  body: string,
) => Promise<{ readonly status: number; readonly retryAfter: number | null }>

/** What a node has done for an endpoint since it began. */
export type WebhookStanding = {
  readonly endpoint: string
  readonly delivered: number
  /** Attempts that came to nothing. */
  readonly failed: number
  /** Events that will not be tried again. */
  readonly givenUp: number
  /** When the event happened that is being retried, milliseconds since the epoch; null while all goes well, or on another node. */
  readonly stuckSince: number | null
}
