import type { Transporter } from 'nodemailer'
import { type Duration, milliseconds } from '../duration.ts'
import { ConfigurationError } from '../errors.ts'
import type { Mail, Mailer } from '../mailer.ts'
import { absent, needs } from '../peer.ts'
import { messageOf, senderOf } from './message.ts'

/** How messages are handed to a server. */
export type SmtpOptions = {
  /** Who messages come from: `no-reply@example.com`, or `Example <no-reply@example.com>`. */
  readonly from: string
  /**
   * Connections at once.
   * @default 4
   */
  readonly connections?: number
  /**
   * How long a connection, a greeting or an answer is waited for.
   * @default '20s'
   */
  readonly patience?: Duration
  /**
   * Certificates (PEM) of authorities that are trusted instead of those of the system.
   * @default none
   */
  readonly ca?: string | readonly string[]
  /**
   * Lets messages, and the links in them, go unprotected over a network, to a server without TLS.
   * @default false
   */
  readonly insecurePlaintext?: boolean
}

/** The server did not take a message. Says nothing of it, nor of whom it was for. */
class MailNotTaken extends Error {
  override readonly name = 'MailNotTaken'
  readonly code: string
  /** Whether another try would be in vain: the server refused this message, and not just for now (RFC 5321 section 4.2.1). */
  readonly permanent: boolean

  constructor(code: string, permanent: boolean) {
    super('the mail server did not take the message')
    this.code = code
    this.permanent = permanent
  }
}

const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Hands messages to an SMTP server, over connections that are kept. `smtps:` is TLS from the start (port 465); `smtp:` begins
 * without (port 587) and must be upgraded, with a certificate that is good for the host, before anything is said; only to this
 * very machine a server without TLS will do. It takes the package `nodemailer`, which `auth.ready()` asks for.
 * @param url `smtps://user:password@mail.example.com`
 * @throws ConfigurationError when what is given makes no sense. It does not repeat the password.
 */
export function smtp(url: string, options: SmtpOptions): Mailer {
  const { host, port, secure, auth } = serverOf(url)
  const from = senderOf(options.from, 'smtp() from')
  const { connections = 4, ca, insecurePlaintext = false } = options
  if (!Number.isInteger(connections) || connections < 1 || connections > 100) {
    throw new ConfigurationError(`smtp() connections is ${connections}: write a whole number from 1 to 100`)
  }
  const patience = milliseconds(options.patience ?? '20s', 'smtp() patience')
  const isPlain = !secure && ca === undefined && (insecurePlaintext || LOCAL.has(host))
  let opening: Promise<Transporter> | null = null

  function opened(): Promise<Transporter> {
    opening ??= open().catch((fault) => {
      opening = null
      throw fault
    })
    return opening
  }

  async function open(): Promise<Transporter> {
    const nodemailer = await import('nodemailer').catch(absent('nodemailer'))
    if (nodemailer === null) throw needs('smtp()', 'nodemailer')
    return nodemailer.createTransport({
      pool: true,
      ...{ host: host.replace(/^\[(.*)\]$/, '$1'), port, secure, maxConnections: connections, maxMessages: 100 },
      ...(auth && { auth }),
      ...{ requireTLS: !secure && !isPlain, ignoreTLS: isPlain && LOCAL.has(host) },
      tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca: [...(typeof ca === 'string' ? [ca] : ca)] }) },
      ...{ connectionTimeout: patience, greetingTimeout: patience, socketTimeout: patience, dnsTimeout: patience },
    })
  }

  return {
    async open(): Promise<void> {
      await opened()
    },
    async send(mail: Mail): Promise<void> {
      const transport = await opened()
      try {
        await transport.sendMail(messageOf(mail, from))
      } catch (fault) {
        throw notTaken(fault)
      }
    },
    async close(): Promise<void> {
      const transport = await opening?.catch(() => null)
      transport?.close()
    },
  }
}

type Server = {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  readonly auth: { readonly user: string; readonly pass: string } | null
}

function serverOf(text: string): Server {
  const url = URL.parse(text)
  const secure = url?.protocol === 'smtps:'
  const bare = url && !url.search && !url.hash && (url.pathname === '' || url.pathname === '/')
  if (!url || !bare || !url.hostname || (!secure && url.protocol !== 'smtp:')) {
    throw new ConfigurationError(
      'smtp() is no address of a mail server: write smtps://user:password@mail.example.com, signs such as @ in the password percent-encoded',
    )
  }
  const user = decoded(url.username)
  const auth = user === '' ? null : { user, pass: decoded(url.password) }
  return { host: url.hostname, port: url.port === '' ? (secure ? 465 : 587) : Number(url.port), secure, auth }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new ConfigurationError(
      'smtp() has a name or password that is not percent-encoded as it should be: write % as %25',
    )
  }
}

/** What a server answered to this message (`EENVELOPE`, `EMESSAGE`) is about the message; all else is about the server. */
function notTaken(fault: unknown): MailNotTaken {
  const { code, responseCode } = (fault ?? {}) as { readonly code?: unknown; readonly responseCode?: unknown }
  const answered = code === 'EENVELOPE' || code === 'EMESSAGE'
  const permanent = answered && typeof responseCode === 'number' && responseCode >= 500
  const word = typeof code === 'string' && /^[A-Z]{1,20}$/.test(code) ? code : 'UNKNOWN'
  return new MailNotTaken(typeof responseCode === 'number' ? `${word} ${responseCode}` : word, permanent)
}
