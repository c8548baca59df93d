import type { RequestContext } from '../carrier.ts'
import type { Clock } from '../clock.ts'
import { randomText } from '../crypto.ts'
import { composed, languageOf } from '../mail/compose.ts'
import { type Links, linkTo, type Page } from '../mail/links.ts'
import { mailQueue, type Outcome, type Posted } from '../mail/queue.ts'
import type { Mailer, MailFacts, MailKind, MailOptions } from '../mailer.ts'
import type { Logger } from '../options.ts'
import type { UserId } from '../user.ts'
import { device } from '../wire/device.ts'
import { background } from './background.ts'
import type { Recorder } from './recorder.ts'

/** How long messages and work left behind may take when the process ends, milliseconds. */
const CLOSE_MS = 10_000

/** How long a notice without a link is worth sending, milliseconds. */
const NOTICE_MS = 24 * 3_600_000

/** What somebody is to be told. */
export type Message = {
  readonly kind: MailKind
  readonly to: string
  /** Whom it concerns; null for somebody who has no account yet. */
  readonly userId: UserId | null
  readonly at: number
  /** Which page the link leads to, with what token, and how long it is good. */
  readonly link?: { readonly page: Page; readonly token: string; readonly life: number }
  readonly email?: string
  readonly failures?: number
}

type PostOptions = {
  readonly mailer: Mailer | null
  readonly templates: MailOptions['templates']
  readonly links: Links
  readonly brand: string
  readonly clock: Clock
  readonly recorder: Recorder
  readonly log: Logger
}

/** Everything that is done after the answer: work that a request leaves behind, and messages. */
export function post({ mailer, templates, links, brand, clock, recorder, log }: PostOptions) {
  const left = background(clock, recorder.fault)
  const queue = mailer && mailQueue({ mailer, clock, told })

  function told({ mail: { kind }, userId }: Posted, outcome: Outcome): void {
    const happening = { actor: 'system', subject: userId } as const
    const now = clock.now()
    if (outcome.kind === 'sent') {
      recorder.record({ type: 'mail.sent', ...happening, data: { kind, attempts: outcome.attempts } }, {}, now)
    } else if (outcome.kind === 'delayed') {
      recorder.record({ type: 'mail.delayed', ...happening, outcome: 'failure', data: { kind } }, {}, now)
    } else {
      const { why, attempts } = outcome
      recorder.record(
        { type: 'mail.failed', ...happening, outcome: 'failure', reason: why, data: { kind, attempts } },
        {},
        now,
      )
      // The fault of a mailer may quote the address or the message: its kind is all that is told.
      const fault = outcome.fault instanceof Error ? outcome.fault.name : null
      log.warn({ kind, why, attempts, fault }, 'a message was given up')
    }
  }

  function factsOf(message: Message, context: RequestContext): MailFacts {
    const { kind, at, link, email = null, failures = 0 } = message
    return {
      kind,
      brand,
      language: languageOf(context.languages),
      link: link === undefined ? null : linkTo(links, link.page, link.token),
      life: link?.life ?? null,
      at,
      device: deviceName(context.userAgent),
      address: context.source ?? null,
      email,
      failures,
    }
  }

  return {
    /** Whether there is anything that hands messages on. */
    able: mailer !== null,
    lifetimes: links.lifetimes,

    /** Rejects when what hands messages on cannot do that at all. */
    async open(): Promise<void> {
      await mailer?.open?.()
    },

    /** Leaves work behind for after the answer. */
    later(doing: string, job: () => Promise<void>): void {
      if (left.add(doing, job)) return
      recorder.record(
        { type: 'mail.failed', actor: 'system', outcome: 'failure', reason: 'full', data: { attempts: 0 } },
        {},
        clock.now(),
      )
      log.warn({ doing }, 'work that was left behind is given up: there is too much of it')
    },

    /** Sends a message, in the language of the request that caused it. */
    send(message: Message, context: RequestContext): void {
      const { to, kind, userId, at, link } = message
      if (!queue) return
      const facts = factsOf(message, context)
      const mail = { id: randomText(16), kind, to, language: facts.language, ...composed(facts, templates) }
      queue.add({ mail, userId, until: at + (link?.life ?? NOTICE_MS) })
    },

    forget(userId: UserId): void {
      queue?.forget(userId)
    },

    async close(): Promise<void> {
      await left.finish()
      await queue?.close(CLOSE_MS)
      await mailer?.close?.()
    },
  }
}

export type Post = ReturnType<typeof post>

/** `Firefox, Windows`; null for a client that told nothing. */
export function deviceName(userAgent: string | undefined): string | null {
  const { browser, os } = device(userAgent)
  const known = [browser, os].filter((word) => word !== 'unknown')
  return known.length === 0 ? null : known.join(', ')
}
