import { type Clock, systemClock } from '../clock.ts'
import { ConfigurationError } from '../errors.ts'

/** Which server is believed, who asks it, and what for. All but the first and `service` have defaults that are safe. */
export type VerifierOptions = {
  /** The origin of the server, exactly as its tokens have it in `iss`: `https://auth.example`. */
  readonly issuer: string
  /**
   * Where the server is reached from here, when that is another address than the issuer: `https://auth.internal:3000`.
   * @default the issuer
   */
  readonly url?: string
  /**
   * Where its API is.
   * @default '/auth'
   */
  readonly basePath?: string
  /** What `sallyport services create` printed. Every service has its own. */
  readonly service: {
    /** Which service it is; no secret. */
    readonly id: string
    /** Shown once, when the service was made. */
    readonly secret: string
  }
  /**
   * For whom tokens have to be, as in `aud`.
   * @default the issuer
   */
  readonly audience?: string
  /**
   * Cookies in which a token may come, for a service of the same site behind one proxy: `['__Host-at', '__Host-sid']`. Unsafe requests
   * that came with one need proof of where they come from, which is the service's to ask for.
   * @default []
   */
  readonly cookies?: readonly string[]
  /**
   * Sessions kept in memory at most, some 500 bytes each.
   * @default 100000
   */
  readonly sessions?: number
  /**
   * Lets the way to the server be plain http, where something else protects it. Loopback needs no leave.
   * @default false
   */
  readonly insecure?: boolean
  /**
   * What asks the server.
   * @default the global `fetch`
   */
  readonly fetch?: typeof fetch
  /**
   * Where the time comes from.
   * @default the machine's
   */
  readonly clock?: Clock
  /**
   * Hears of what went wrong in the background: nothing of it holds a secret.
   * @default none
   */
  readonly onFault?: (fault: unknown, doing: string) => void
}

/** The options, judged: a mistake stops the start, not a request. */
export type Setting = {
  readonly issuer: string
  readonly audience: string
  /** `https://auth.example/auth` */
  readonly api: string
  /** Of the key set. */
  readonly keySet: string
  readonly authorization: string
  readonly cookies: readonly string[]
  readonly sessions: number
  readonly fetch: typeof fetch
  readonly clock: Clock
  readonly onFault: (fault: unknown, doing: string) => void
}

/** @throws ConfigurationError that says what to write instead. */
export function setting(options: VerifierOptions): Setting {
  const { issuer, basePath = '/auth', service, cookies = [], sessions = 100_000, insecure = false } = options
  const own = origin(issuer, 'issuer')
  if (own.origin !== issuer) {
    throw new ConfigurationError(`issuer is '${issuer}': write the origin alone, '${own.origin}', as tokens have it`)
  }
  const url = origin(options.url ?? issuer, 'url')
  if (url.protocol !== 'https:' && !insecure && !isLoopback(url.hostname)) {
    throw new ConfigurationError(
      `url is '${url.origin}', over which the service's secret and tokens would go unprotected: write https, or insecure: true where something else protects that way`,
    )
  }
  if (!/^(?:\/[A-Za-z0-9._~-]+)+$/.test(basePath)) {
    throw new ConfigurationError(`basePath is '${basePath}': write the path of the API, such as '/auth'`)
  }
  if (!service?.id || !service.secret) {
    throw new ConfigurationError("service is not complete: write the id and the secret of 'sallyport services create'")
  }
  if (!Number.isInteger(sessions) || sessions < 1) {
    throw new ConfigurationError(`sessions is ${sessions}: write how many are kept at most, such as 100000`)
  }
  const pair = [service.id, service.secret].map((part) => encodeURIComponent(part)).join(':')
  return {
    issuer,
    audience: options.audience ?? issuer,
    api: `${url.origin}${basePath}`,
    keySet: `${url.origin}/.well-known/jwks.json`,
    authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
    cookies,
    sessions,
    fetch: options.fetch ?? fetch,
    clock: options.clock ?? systemClock,
    onFault: options.onFault ?? (() => {}),
  }
}

function origin(text: string, option: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.pathname === '/' &&
    url.search === '' &&
    url.username === ''
  )
    return url
  throw new ConfigurationError(`${option} is '${text}': write an origin, such as 'https://auth.example'`)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)
}
