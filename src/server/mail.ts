import type { Config } from '../config.ts'
import { ConfigurationError, type Logger, type Mailer, systemClock } from '../index.ts'
import { smtp } from '../smtp.ts'
import { NOBODY, outbox } from './outbox.ts'

/** How messages leave; null where they do not. */
export type MailSettings =
  | { readonly kind: 'own' }
  | { readonly kind: 'smtp'; readonly where: string; readonly plain: boolean; readonly mailer: Mailer }
  | { readonly kind: 'outbox'; readonly from: string }

const NO_SENDER =
  'MAIL_FROM is missing: write who messages come from, such as no-reply@example.com or Example <no-reply@example.com>'

/**
 * How messages leave, by what is configured: through an SMTP server, or into files in development.
 * @throws ConfigurationError that says in one line what to write, and nothing of the password
 */
export function mailOf({ mailer, smtp: given = {} }: Config, production: boolean): MailSettings | null {
  if (mailer) return { kind: 'own' }
  const { url, from, ...options } = given
  if (url === undefined) return production ? null : { kind: 'outbox', from: from ?? NOBODY }
  if (from === undefined) throw new ConfigurationError(NO_SENDER)
  const made = smtp(url, { ...options, from })
  const { protocol, host } = new URL(url)
  return { kind: 'smtp', where: host, plain: protocol === 'smtp:' && options.insecurePlaintext === true, mailer: made }
}

/** What hands messages on, or nothing. */
export function mailerOf(settings: MailSettings | null, data: string, log: Logger): { readonly mailer?: Mailer } {
  if (settings === null || settings.kind === 'own') return {}
  if (settings.kind === 'smtp') return { mailer: settings.mailer }
  return { mailer: outbox(data, settings.from, systemClock, log) }
}
