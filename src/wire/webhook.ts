import type { Carrier } from '../carrier.ts'
import { equal, macBase64, randomText } from '../crypto.ts'

/*
 * Standard Webhooks (standardwebhooks.com, 1.0): what is signed is the id, the time of the attempt in seconds and the body as it
 * is, with dots between, by HMAC-SHA-256; there is a signature for each secret, `v1,` and base64, with spaces between.
 */

const PREFIX = 'whsec_'
const LEAST_BYTES = 24
const MOST_BYTES = 64

/** How old, or how far in the future, a request may be, seconds: what the scheme recommends. */
const TOLERANCE = 300

/** More signatures than anybody rotates through at a time. */
const MOST_SIGNATURES = 16

/** Makes a secret for an endpoint: 32 random bytes. */
export function webhookSecret(): string {
  return PREFIX + Buffer.from(randomText(32), 'base64url').toString('base64')
}

/** The key in a secret; null when it is none that is strong enough. */
export function webhookKey(secret: string): Uint8Array | null {
  if (!secret.startsWith(PREFIX)) return null
  const text = secret.slice(PREFIX.length)
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null
  const bytes = Buffer.from(text, 'base64')
  const isWhole = bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '')
  return isWhole && bytes.length >= LEAST_BYTES && bytes.length <= MOST_BYTES ? bytes : null
}

/** The headers of a request with this body. `at`: seconds since the epoch. */
export function webhookHeaders(
  { id, at, body }: { readonly id: string; readonly at: number; readonly body: string },
  secrets: readonly string[],
): Readonly<Record<string, string>> {
  const signatures = secrets.map((secret) => signature(secret, `${id}.${at}.${body}`))
  return { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': signatures.join(' ') }
}

/** Why a request is not taken. `stale`: the clock of one of the two is wrong, or somebody sends again what they overheard. */
export type WebhookFlaw = 'malformed' | 'stale' | 'signature'

/** What came from a webhook, or why it counts for nothing. `id` is the same at each attempt: deal with each once. */
export type VerifiedWebhook =
  | {
      readonly ok: true
      readonly id: string
      readonly type: string
      readonly timestamp: string
      readonly data: unknown
    }
  | { readonly ok: false; readonly flaw: WebhookFlaw }

/**
 * Judges a request before anything in it is believed.
 * @param body as it came, not as some parser has put it together again
 * @param secret one, or those that are accepted while they are being rotated
 * @param now milliseconds since the epoch
 * @throws TypeError for a secret that is none
 */
export function verifyWebhook(
  headers: Carrier,
  body: string,
  secret: string | readonly string[],
  now: number,
): VerifiedWebhook {
  const secrets = typeof secret === 'string' ? [secret] : secret
  if (secrets.length === 0 || secrets.some((one) => webhookKey(one) === null)) {
    throw new TypeError('the secret of a webhook is whsec_ and at least 24 bytes in base64')
  }
  const [id, time, given] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headers.get(name))
  if (!id || !given || !time || !/^\d{1,11}$/.test(time)) return flawed('malformed')
  const content = `${id}.${time}.${body}`
  const shown = given.split(' ').slice(0, MOST_SIGNATURES)
  const fits = secrets.some((one) => {
    const wanted = signature(one, content)
    return shown.some((text) => equal(text, wanted))
  })
  if (!fits) return flawed('signature')
  if (Math.abs(now / 1000 - Number(time)) > TOLERANCE) return flawed('stale')
  const { type, timestamp, data } = parsed(body) ?? {}
  if (typeof type !== 'string' || typeof timestamp !== 'string') return flawed('malformed')
  return { ok: true, id, type, timestamp, data }
}

function signature(secret: string, content: string): string {
  return `v1,${macBase64(webhookKey(secret) as Uint8Array, content)}`
}

function flawed(flaw: WebhookFlaw): VerifiedWebhook {
  return { ok: false, flaw }
}

function parsed(
  body: string,
): { readonly type?: unknown; readonly timestamp?: unknown; readonly data?: unknown } | null {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}
