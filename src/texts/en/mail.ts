import type { MailFacts } from '../../mailer.ts'
import type { MailTexts } from '../mail.ts'

let format: Intl.DateTimeFormat | null = null

/** Made with the first message: to find out how a language writes times takes longer than to load all the rest of this. */
function moment(at: number): string {
  format ??= new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
  return format.format(at)
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** `1 hour`, `30 minutes`, `3 days`; rounded down to whole units of the largest that is a whole number at least. */
function span(ms: number): string {
  const [name, length] = UNITS.find(([, unit]) => ms >= unit && ms % unit === 0) ?? ['minute', 60_000]
  const count = Math.max(1, Math.floor(ms / length))
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

function good({ life }: MailFacts): string {
  return life === null ? 'The link works once.' : `The link works once, within ${span(life)}.`
}

const NOT_YOU = 'If this was you, there is nothing to do.'

/** English. */
export const MAIL_EN: MailTexts = {
  language: 'en',
  direction: 'ltr',
  greeting: 'Hello,',
  writtenOut: 'If the button does not work, open this address:',
  time: 'Time',
  device: 'Device',
  address: 'Network address',
  unknown: 'unknown',
  footer: (brand) => `This message was sent automatically by ${brand}. Please do not reply to it.`,
  moment: (at) => `${moment(at)} UTC`,
  letters: {
    verification: (facts) => ({
      subject: `Confirm your e-mail address for ${facts.brand}`,
      before: [`Somebody signed up for ${facts.brand} with this e-mail address. If it was you, confirm the address:`],
      action: 'Confirm the address',
      after: [
        good(facts),
        'If it was not you, do not open the link. Without it nothing happens, and you will not hear from us again.',
      ],
      details: false,
    }),
    address_taken: (facts) => ({
      subject: `You already have an account with ${facts.brand}`,
      before: [
        `Somebody wanted to use this e-mail address for an account with ${facts.brand}. You have one already, and nothing about it was changed.`,
        'If it was you, sign in as usual. If you do not remember the password, ask for a new one on the sign-in page.',
      ],
      after: ['If it was not you, there is nothing to do.'],
      details: true,
    }),
    reset: (facts) => ({
      subject: `Set a new password for ${facts.brand}`,
      before: [
        `Somebody asked for a new password for your account with ${facts.brand}. If it was you, choose one here:`,
      ],
      action: 'Choose a new password',
      after: [
        `${good(facts)} Afterwards you are signed out everywhere.`,
        'If it was not you, there is nothing to do: your password stays as it is. Never pass the link on to anyone.',
      ],
      details: true,
    }),
    invitation: (facts) => ({
      subject: `Your account with ${facts.brand}`,
      before: [
        `An account with ${facts.brand} was made for you. Choose a password to begin; nobody else knows or sees it:`,
      ],
      action: 'Choose a password',
      after: [good(facts), 'If it is over, ask for a new password on the sign-in page.'],
      details: false,
    }),
    email_confirmation: (facts) => ({
      subject: `Confirm your new e-mail address for ${facts.brand}`,
      before: [
        `This is to become the e-mail address of an account with ${facts.brand}. If you asked for that, confirm the address:`,
      ],
      action: 'Confirm the address',
      after: [`${good(facts)} Until then the old address counts.`, 'If you did not ask for it, do not open the link.'],
      details: false,
    }),
    email_requested: (facts) => ({
      subject: `Your e-mail address with ${facts.brand} is to be changed`,
      before: [
        `Your account with ${facts.brand} is to have the e-mail address ${facts.email} from now on. That address has to confirm it first.`,
        'If that was not you, object now. It stops the change, signs out every device, and makes the password invalid; you then get a link to choose a new one:',
      ],
      action: 'This was not me',
      after: [NOT_YOU, `You can object, also after the change, with this link. ${good(facts)}`],
      details: true,
    }),
    email_changed: (facts) => ({
      subject: `Your e-mail address with ${facts.brand} was changed`,
      before: [
        `Your account with ${facts.brand} now has the e-mail address ${facts.email}. This address is no longer in use for it.`,
        'If that was not you, object. Your account gets this address back, every device is signed out, and the password becomes invalid; you then get a link to choose a new one:',
      ],
      action: 'This was not me',
      after: [NOT_YOU, good(facts)],
      details: true,
    }),
    email_restored: (facts) => ({
      subject: `Your account with ${facts.brand} is secured`,
      before: [
        'You objected to the change of your e-mail address. Your account has this address, every device was signed out, and the password is no longer valid. Choose a new one:',
      ],
      action: 'Choose a new password',
      after: [good(facts)],
      details: false,
    }),
    sign_in: (facts) => ({
      subject: `New sign-in to ${facts.brand}`,
      before: [
        facts.failures > 0
          ? `Somebody signed in to your account with ${facts.brand} after ${facts.failures} failed attempts.`
          : `Somebody signed in to your account with ${facts.brand} from a device that was not seen before.`,
      ],
      after: [
        NOT_YOU,
        'If it was not you, set a new password at once (“Forgot your password?” on the sign-in page). That signs out every device.',
      ],
      details: true,
    }),
    password_changed: (facts) => ({
      subject: `Your password for ${facts.brand} was changed`,
      before: [`The password of your account with ${facts.brand} was changed.`],
      after: [
        NOT_YOU,
        'If it was not you, set a new password at once (“Forgot your password?” on the sign-in page). That signs out every device.',
      ],
      details: true,
    }),
    token_theft: (facts) => ({
      subject: `A sign-in to ${facts.brand} was ended for your safety`,
      before: [
        `A sign-in to your account with ${facts.brand} may have been copied: an old part of it was used once more. We have ended it, so the device concerned is signed out.`,
      ],
      after: [
        'If it happens again, or you do not know the device, set a new password (“Forgot your password?” on the sign-in page). That signs out every device.',
      ],
      details: true,
    }),
    account_deleted: (facts) => ({
      subject: `Your account with ${facts.brand} was deleted`,
      before: [
        `Your account with ${facts.brand} was deleted, with everything that belonged to it. Every device was signed out.`,
      ],
      after: ['This is the last message about it.'],
      details: true,
    }),
  },
}
