import { sha256 } from '../crypto.ts'
import { milliseconds } from '../duration.ts'
import { ConfigurationError } from '../errors.ts'
import { EVENTS, type EventType } from '../events.ts'
import type { Endpoint, EventPattern, WebhookOptions } from '../webhook.ts'
import { isPublicAddress } from '../wire/public-address.ts'
import { webhookKey } from '../wire/webhook.ts'

/** Half as long as a node has the turn: who overruns that sends twice. */
const LONGEST_MS = 30_000

const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]'])

/** @throws ConfigurationError naming the endpoint by its number, as a URL may hold a secret */
export function checkedWebhooks(given: readonly WebhookOptions[] | undefined, baseUrl: URL): readonly Endpoint[] {
  if (given === undefined) return []
  if (!Array.isArray(given)) throw new ConfigurationError('webhooks is no list: write webhooks: [{ url, secret }]')
  const endpoints = given.map((one, i) => endpointOf(one, `webhooks[${i}]`, baseUrl))
  const twice = endpoints.findIndex(({ reader }, i) => endpoints.findIndex((one) => one.reader === reader) !== i)
  if (twice >= 0)
    throw new ConfigurationError(`webhooks[${twice}].url is there already: write each once, with all its events`)
  return endpoints
}

function endpointOf(
  { url: text, secret, events = ['*'], allowPrivate = false, timeout }: WebhookOptions,
  at: string,
  baseUrl: URL,
): Endpoint {
  const url = URL.parse(text)
  if (!url || !['https:', 'http:'].includes(url.protocol) || url.username || url.password || url.hash) {
    throw new ConfigurationError(`${at}.url is no address to send to: write one such as 'https://hooks.example/auth'`)
  }
  const isLocal = url.protocol === 'http:' && baseUrl.protocol === 'http:' && LOCAL_HOSTS.has(url.hostname)
  if (url.protocol === 'http:' && !isLocal) {
    throw new ConfigurationError(
      `${at}.url is plain http, which anybody on the way can read: write https (http is for this machine itself, in development)`,
    )
  }
  const reach = allowPrivate ? 'any' : isLocal ? 'loopback' : 'public'
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (reach === 'public' && /^[\d.]+$|:/.test(literal) && !isPublicAddress(literal)) {
    throw new ConfigurationError(`${at}.url is a private address: write allowPrivate: true if it is meant`)
  }
  return {
    url,
    name: url.host,
    reader: `webhook ${sha256(url.href).slice(0, 32)}`,
    secrets: checkedKeys(secret, at),
    wants: wanted(events, at),
    reach,
    timeout: checkedTimeout(timeout ?? '10s', `${at}.timeout`),
  }
}

function checkedTimeout(value: NonNullable<WebhookOptions['timeout']>, option: string): number {
  const ms = milliseconds(value, option)
  if (ms <= LONGEST_MS) return ms
  throw new ConfigurationError(`${option} is ${JSON.stringify(value)}: write '30s' or less`)
}

function checkedKeys(secret: unknown, at: string): readonly string[] {
  const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret]
  const good = secrets.filter((one): one is string => typeof one === 'string' && webhookKey(one) !== null)
  if (good.length > 0 && good.length === secrets.length) return good
  throw new ConfigurationError(
    `${at}.secret is none: write one made by: node -p "'whsec_' + crypto.randomBytes(32).toString('base64')"`,
  )
}

/** What is about webhooks is not sent: a receiver that fails would be told so for ever. */
function wanted(patterns: readonly EventPattern[], at: string): (type: EventType) => boolean {
  const all = (Object.keys(EVENTS) as EventType[]).filter((type) => !type.startsWith('webhook.'))
  const found = new Set<EventType>()
  for (const pattern of patterns) {
    const meant = all.filter((type) => matches(pattern, type))
    if (meant.length === 0) {
      throw new ConfigurationError(
        `${at}.events has '${pattern}', which is no event: write one such as 'session.ended' or 'session.*'`,
      )
    }
    for (const type of meant) found.add(type)
  }
  return (type) => found.has(type)
}

function matches(pattern: string, type: EventType): boolean {
  return pattern === '*' || pattern === type || (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1)))
}
