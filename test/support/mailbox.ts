import type { Mail, Mailer, MailKind } from '../../src/mailer.ts'
import type { House } from './house.ts'

/** A mailer that keeps what it is given. */
export type Mailbox = Mailer & {
  readonly mails: Mail[]
  /** Messages of a kind to an address, oldest first. */
  of(kind: MailKind, to?: string): readonly Mail[]
  /** The token in the newest message of a kind. */
  token(kind: MailKind, to?: string): string
}

export function mailbox(): Mailbox {
  const mails: Mail[] = []
  const of: Mailbox['of'] = (kind, to) =>
    mails.filter((mail) => mail.kind === kind && (to === undefined || mail.to === to))
  return {
    mails,
    of,
    token(kind, to) {
      const mail = of(kind, to).at(-1)
      if (!mail)
        throw new Error(`no ${kind} was sent to ${to}: ${mails.map((one) => `${one.kind} to ${one.to}`).join(', ')}`)
      return tokenOf(mail)
    },
    send: async (mail) => void mails.push(mail),
  }
}

export function linkOf({ text }: Pick<Mail, 'text'>): string {
  const [link] = /https?:\/\/\S+/.exec(text) ?? []
  if (!link) throw new Error('there is no link in the message')
  return link
}

export function tokenOf(mail: Pick<Mail, 'text'>): string {
  return new URL(linkOf(mail)).searchParams.get('token') ?? ''
}

/** Lets what was left for after the answer be done, real databases included. */
export async function afterwards({ clock }: Pick<House, 'clock'>): Promise<void> {
  await clock.advance(25)
  await new Promise((resolve) => setTimeout(resolve, 5))
  await clock.advance(25)
}
