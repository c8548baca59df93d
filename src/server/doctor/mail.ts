import type { Facts } from './facts.ts'
import { bad, type Finding, ok, warn } from './finding.ts'

/** Whether people can be told of anything, and how safe messages are on their way. */
export function mail({ mail }: Facts): readonly Finding[] {
  if (mail === null) {
    const what =
      'no mail is sent: nobody can recover an account or verify an address, and nobody is told what happens to theirs'
    return [warn(what, 'write SMTP_URL and MAIL_FROM')]
  }
  if (mail.kind === 'own') return [ok('mail is sent by the mailer of the configuration')]
  if (mail.kind === 'smtp') {
    if (!mail.plain) return [ok(`mail is sent through ${mail.where}`)]
    const what = `mail goes to ${mail.where} unprotected: who sits on the way can read the links in it, and take over accounts`
    return [bad(what, 'leave smtp.insecurePlaintext out, or write an smtps address')]
  }
  return [ok('messages are files in the outbox, as this is development')]
}
