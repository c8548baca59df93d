import type { Duration } from './duration.ts'

/** What a message is about. Words are stable: templates and events are named by them. */
export type MailKind =
  /** To an address that somebody signed up with, or is to verify. */
  | 'verification'
  /** To the owner of an address that somebody else signed up with, or wanted to change to. */
  | 'address_taken'
  | 'reset'
  /** To whom an administrator has made an account for. */
  | 'invitation'
  /** To the new address of a change. */
  | 'email_confirmation'
  /** To the old address, when a change was asked for: how to object. */
  | 'email_requested'
  /** To the old address, once the new one has confirmed: how to object. */
  | 'email_changed'
  /** To the address that came back by an objection: how to set a password. */
  | 'email_restored'
  /** Somebody signed in from a device that was not seen before, or after many failures. */
  | 'sign_in'
  | 'password_changed'
  | 'token_theft'
  | 'account_deleted'

/** What a message says, whole. */
export type MailContent = { readonly subject: string; readonly text: string; readonly html: string }

/** A message to one person. It may hold a link that opens an account: it belongs into no log. */
export type Mail = MailContent & {
  /** Random; the same when one message is tried again. */
  readonly id: string
  readonly kind: MailKind
  /** One address, without a name, of the form `isEmail` accepts. */
  readonly to: string
  /** BCP 47, such as `de`. */
  readonly language: string
}

/**
 * What hands messages on. `send` rejects when a message was not accepted: it is tried again later, unless the error has
 * `permanent: true`. The guard calls it for several at once, gives up on one that takes longer than a minute, and calls
 * `close` once, when nothing is left to send. `open` is called by `auth.ready()`, which rejects with what that rejects with.
 */
export type Mailer = {
  open?(): Promise<void>
  send(mail: Mail): Promise<void>
  close?(): Promise<void>
}

/** What a template may use. Nothing in here was written by a stranger but the addresses. */
export type MailFacts = {
  readonly kind: MailKind
  /** Name of the service (`brand.name`). */
  readonly brand: string
  /** BCP 47, of the catalogue that was chosen. */
  readonly language: string
  /** Where the message leads; it opens something, once. Null for notices. */
  readonly link: string | null
  /** How long the link is good, milliseconds. */
  readonly life: number | null
  /** When it happened, milliseconds since the epoch. */
  readonly at: number
  /** As the client told: browser and system. Null when it told nothing. */
  readonly device: string | null
  /** Network address the request came from. */
  readonly address: string | null
  /** The new address of a change. */
  readonly email: string | null
  /** Wrong passwords before a sign-in. */
  readonly failures: number
}

/** How messages look, where their links lead, and how long those are good. */
export type MailOptions = {
  /**
   * Where links lead: pages of your own, which get `?token=…` and post it. A GET must consume nothing: mail scanners follow
   * links. By default the hosted pages, below `baseUrl`.
   */
  readonly links?: {
    /**
     * Where a password is set.
     * @default the page `/auth/reset`
     */
    readonly reset?: string
    /**
     * Where an address is confirmed.
     * @default the page `/auth/verify`
     */
    readonly verify?: string
    /**
     * Where a change of address is stopped or undone.
     * @default the page `/auth/object`
     */
    readonly object?: string
  }
  /** How long links are good. */
  readonly lifetimes?: {
    /**
     * A day at most (NIST SP 800-63B-4 section 4.2.1.2).
     * @default '1h'
     */
    readonly reset?: Duration
    /**
     * Of a sign-up, or a change of address, until it is confirmed; a day at most.
     * @default '24h'
     */
    readonly verify?: Duration
    /**
     * For how long the old address can undo a change; 30 days at most.
     * @default '7d'
     */
    readonly object?: Duration
    /**
     * Of an invitation; 7 days at most.
     * @default '3d'
     */
    readonly invite?: Duration
  }
  /**
   * Messages of your own, by kind; null leaves it to the built-in text, for languages you have none for.
   * @default {}
   */
  readonly templates?: { readonly [Kind in MailKind]?: (facts: MailFacts) => MailContent | null }
}
