import type { MailFacts } from '../../mailer.ts'
import type { MailTexts } from '../mail.ts'

let format: Intl.DateTimeFormat | null = null

/** Made with the first message: to find out how a language writes times takes longer than to load all the rest of this. */
function moment(at: number): string {
  format ??= new Intl.DateTimeFormat('de-DE', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
  return format.format(at)
}

/** One and several, in the case that `innerhalb von` asks for. */
const UNITS = [
  ['einem Tag', 'Tagen', 86_400_000],
  ['einer Stunde', 'Stunden', 3_600_000],
  ['einer Minute', 'Minuten', 60_000],
] as const

function span(ms: number): string {
  const [one, many, length] = UNITS.find(([, , unit]) => ms >= unit && ms % unit === 0) ?? UNITS[2]
  const count = Math.max(1, Math.floor(ms / length))
  return count === 1 ? one : `${count} ${many}`
}

function good({ life }: MailFacts): string {
  return life === null
    ? 'Der Link funktioniert nur einmal.'
    : `Der Link funktioniert nur einmal und nur innerhalb von ${span(life)}.`
}

const NOT_YOU = 'Wenn Sie das waren, brauchen Sie nichts zu tun.'

const SET_ANEW =
  'Wenn Sie das nicht waren, legen Sie sofort ein neues Passwort fest (»Passwort vergessen?« auf der Anmeldeseite). Dabei werden alle Geräte abgemeldet.'

/** German, addressing people formally. */
export const MAIL_DE: MailTexts = {
  language: 'de',
  direction: 'ltr',
  greeting: 'Guten Tag,',
  writtenOut: 'Falls die Schaltfläche nicht funktioniert, öffnen Sie diese Adresse:',
  time: 'Zeitpunkt',
  device: 'Gerät',
  address: 'Netzwerkadresse',
  unknown: 'unbekannt',
  footer: (brand) => `Diese Nachricht wurde automatisch von ${brand} verschickt. Bitte antworten Sie nicht darauf.`,
  moment: (at) => `${moment(at)} Uhr UTC`,
  letters: {
    verification: (facts) => ({
      subject: `Bestätigen Sie Ihre E-Mail-Adresse für ${facts.brand}`,
      before: [
        `Mit dieser E-Mail-Adresse hat sich jemand bei ${facts.brand} registriert. Wenn Sie das waren, bestätigen Sie bitte die Adresse:`,
      ],
      action: 'Adresse bestätigen',
      after: [
        good(facts),
        'Wenn Sie das nicht waren, öffnen Sie den Link nicht. Dann geschieht nichts, und Sie hören nicht wieder von uns.',
      ],
      details: false,
    }),
    address_taken: (facts) => ({
      subject: `Sie haben bereits ein Konto bei ${facts.brand}`,
      before: [
        `Jemand wollte diese E-Mail-Adresse für ein Konto bei ${facts.brand} verwenden. Sie haben dort bereits ein Konto; daran wurde nichts geändert.`,
        'Wenn Sie das waren, melden Sie sich wie gewohnt an. Falls Sie Ihr Passwort nicht mehr wissen, fordern Sie auf der Anmeldeseite ein neues an.',
      ],
      after: ['Wenn Sie das nicht waren, brauchen Sie nichts zu tun.'],
      details: true,
    }),
    reset: (facts) => ({
      subject: `Neues Passwort für ${facts.brand}`,
      before: [
        `Jemand hat ein neues Passwort für Ihr Konto bei ${facts.brand} angefordert. Wenn Sie das waren, legen Sie es hier fest:`,
      ],
      action: 'Neues Passwort festlegen',
      after: [
        `${good(facts)} Danach sind Sie auf allen Geräten abgemeldet.`,
        'Wenn Sie das nicht waren, brauchen Sie nichts zu tun: Ihr Passwort bleibt, wie es ist. Geben Sie den Link niemals weiter.',
      ],
      details: true,
    }),
    invitation: (facts) => ({
      subject: `Ihr Konto bei ${facts.brand}`,
      before: [
        `Für Sie wurde ein Konto bei ${facts.brand} angelegt. Legen Sie zunächst ein Passwort fest; niemand außer Ihnen kennt oder sieht es:`,
      ],
      action: 'Passwort festlegen',
      after: [good(facts), 'Ist er abgelaufen, fordern Sie auf der Anmeldeseite ein neues Passwort an.'],
      details: false,
    }),
    email_confirmation: (facts) => ({
      subject: `Bestätigen Sie Ihre neue E-Mail-Adresse für ${facts.brand}`,
      before: [
        `Dies soll die E-Mail-Adresse eines Kontos bei ${facts.brand} werden. Wenn Sie das veranlasst haben, bestätigen Sie bitte die Adresse:`,
      ],
      action: 'Adresse bestätigen',
      after: [
        `${good(facts)} Bis dahin gilt die bisherige Adresse.`,
        'Wenn Sie das nicht veranlasst haben, öffnen Sie den Link nicht.',
      ],
      details: false,
    }),
    email_requested: (facts) => ({
      subject: `Ihre E-Mail-Adresse bei ${facts.brand} soll geändert werden`,
      before: [
        `Ihr Konto bei ${facts.brand} soll künftig die E-Mail-Adresse ${facts.email} haben. Diese Adresse muss das noch bestätigen.`,
        'Wenn Sie das nicht waren, widersprechen Sie jetzt. Damit verhindern Sie die Änderung, alle Geräte werden abgemeldet, und das Passwort wird ungültig; Sie erhalten dann einen Link, um ein neues festzulegen:',
      ],
      action: 'Das war ich nicht',
      after: [NOT_YOU, `Mit diesem Link können Sie auch noch nach der Änderung widersprechen. ${good(facts)}`],
      details: true,
    }),
    email_changed: (facts) => ({
      subject: `Ihre E-Mail-Adresse bei ${facts.brand} wurde geändert`,
      before: [
        `Ihr Konto bei ${facts.brand} hat jetzt die E-Mail-Adresse ${facts.email}. Die Adresse, an die diese Nachricht geht, wird dafür nicht mehr verwendet.`,
        'Wenn Sie das nicht waren, widersprechen Sie. Ihr Konto bekommt dann wieder diese Adresse, alle Geräte werden abgemeldet, und das Passwort wird ungültig; Sie erhalten einen Link, um ein neues festzulegen:',
      ],
      action: 'Das war ich nicht',
      after: [NOT_YOU, good(facts)],
      details: true,
    }),
    email_restored: (facts) => ({
      subject: `Ihr Konto bei ${facts.brand} ist gesichert`,
      before: [
        'Sie haben der Änderung Ihrer E-Mail-Adresse widersprochen. Ihr Konto hat diese Adresse, alle Geräte wurden abgemeldet, und das bisherige Passwort ist ungültig. Legen Sie ein neues fest:',
      ],
      action: 'Neues Passwort festlegen',
      after: [good(facts)],
      details: false,
    }),
    sign_in: (facts) => ({
      subject: `Neue Anmeldung bei ${facts.brand}`,
      before: [
        facts.failures > 0
          ? `Jemand hat sich nach ${facts.failures} fehlgeschlagenen Versuchen bei Ihrem Konto bei ${facts.brand} angemeldet.`
          : `Jemand hat sich von einem bisher nicht bekannten Gerät bei Ihrem Konto bei ${facts.brand} angemeldet.`,
      ],
      after: [NOT_YOU, SET_ANEW],
      details: true,
    }),
    password_changed: (facts) => ({
      subject: `Ihr Passwort für ${facts.brand} wurde geändert`,
      before: [`Das Passwort Ihres Kontos bei ${facts.brand} wurde geändert.`],
      after: [NOT_YOU, SET_ANEW],
      details: true,
    }),
    token_theft: (facts) => ({
      subject: `Eine Anmeldung bei ${facts.brand} wurde zu Ihrer Sicherheit beendet`,
      before: [
        `Eine Anmeldung bei Ihrem Konto bei ${facts.brand} wurde möglicherweise kopiert: Ein bereits verbrauchter Teil davon wurde noch einmal verwendet. Wir haben die Anmeldung beendet; das betroffene Gerät ist abgemeldet.`,
      ],
      after: [
        'Wenn das noch einmal vorkommt oder Sie das Gerät nicht kennen, legen Sie ein neues Passwort fest (»Passwort vergessen?« auf der Anmeldeseite). Dabei werden alle Geräte abgemeldet.',
      ],
      details: true,
    }),
    account_deleted: (facts) => ({
      subject: `Ihr Konto bei ${facts.brand} wurde gelöscht`,
      before: [
        `Ihr Konto bei ${facts.brand} wurde gelöscht, mit allem, was dazugehörte. Alle Geräte wurden abgemeldet.`,
      ],
      after: ['Dies ist die letzte Nachricht dazu.'],
      details: true,
    }),
  },
}
