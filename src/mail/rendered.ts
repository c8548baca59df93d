import type { Mail } from '../mailer.ts'
import { absent } from '../peer.ts'
import { messageOf, senderOf } from './message.ts'

/**
 * The message as it goes over the wire (RFC 5322), for whoever keeps it instead of sending it. Null where the package `nodemailer`, which
 * makes it, is not installed.
 */
export async function rendered(mail: Mail, from: string): Promise<Uint8Array | null> {
  const composer = await import('nodemailer/lib/mail-composer').catch(absent('nodemailer'))
  if (composer === null) return null
  const { default: MailComposer } = composer
  return await new MailComposer({ ...messageOf(mail, senderOf(from, 'from')), encoding: '8bit' }).compile().build()
}
