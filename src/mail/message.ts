import type { SendMailOptions } from 'nodemailer'
import { ConfigurationError } from '../errors.ts'
import type { Mail } from '../mailer.ts'
import { isEmail } from '../user.ts'

/** Who messages come from: an address, with a name or without. */
export type Sender = { readonly name: string; readonly address: string }

/** @throws ConfigurationError naming the option when it is not `name@example.com` or `Name <name@example.com>`. */
export function senderOf(from: string, option: string): Sender {
  const [, name = '', bracketed, bare] = /^(?:(.*?)\s*<([^<>]*)>|(.*))$/su.exec(from.trim()) ?? []
  const address = bracketed ?? bare ?? ''
  const isPlain = !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(name)
  if (isEmail(address) && isPlain) return { name: name.replace(/^"(.*)"$/, '$1'), address }
  throw new ConfigurationError(
    `${option} is no sender: write an address, such as 'no-reply@example.com' or 'Example <no-reply@example.com>'`,
  )
}

/**
 * A message as nodemailer takes it. Addresses are given in parts and not as one text, so nothing in them is read as another
 * recipient or header; nothing is fetched or read from files. Machines are told that a machine wrote it (RFC 3834).
 */
export function messageOf(mail: Mail, from: Sender): SendMailOptions {
  const host = from.address.slice(from.address.lastIndexOf('@') + 1)
  return {
    from,
    to: { name: '', address: mail.to },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: `<${mail.id}@${host}>`,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'Content-Language': mail.language,
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
