import { ConfigurationError } from './errors.ts'
import type { Mailer } from './mailer.ts'
import type { CookieOptions } from './options/carrying.ts'
import type { Options } from './options.ts'
import type { Strategy } from './strategy.ts'

/** Roles every installation has: `admin` may do everything, `auditor` may read what administrators see. */
export const BUILT_IN_ROLES = ['admin', 'auditor'] as const

const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]'])

/** The origin people reach the application at. @throws ConfigurationError when cookies could not be kept safe there. */
export function checkedBaseUrl(value: string): URL {
  const url = URL.parse(value)
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password) {
    throw new ConfigurationError(`baseUrl is not a web address: write one such as 'https://app.example'`)
  }
  if (url.pathname !== '/' || url.search || url.hash) {
    throw new ConfigurationError(`baseUrl has a path: write '${url.origin}' and put the path into basePath`)
  }
  if (url.protocol === 'http:' && !LOCAL_HOSTS.has(url.hostname)) {
    throw new ConfigurationError(
      `baseUrl is plain http on ${url.hostname}, where a session cookie can be read on the way: write 'https://${url.host}'`,
    )
  }
  return url
}

export function checkedBasePath(value: string): string {
  if (/^(\/[A-Za-z0-9._~-]+)+$/.test(value)) return value
  throw new ConfigurationError(`basePath is '${value}': write it as '/auth', without a final slash`)
}

/**
 * The master secrets, newest first (KM-07). A secret is judged by its length and by how many different characters it
 * has: enough to turn away what people make up, without pretending to measure randomness.
 */
export function checkedSecrets(value: string | readonly string[] | undefined): readonly string[] {
  const remedy = `write one made by: node -p "crypto.randomBytes(32).toString('base64url')"`
  const secrets = typeof value === 'string' ? [value] : value
  if (!Array.isArray(secrets) || secrets.length === 0) throw new ConfigurationError(`secret is missing: ${remedy}`)
  for (const secret of secrets) {
    if (typeof secret !== 'string' || secret.length < 32) {
      throw new ConfigurationError(`secret is shorter than 32 characters: ${remedy}`)
    }
    if (new Set(secret).size < 12 || /^(.{1,16})\1+$/s.test(secret)) {
      throw new ConfigurationError(`secret repeats itself and can be guessed: ${remedy}`)
    }
  }
  if (new Set(secrets).size !== secrets.length)
    throw new ConfigurationError('secret names the same value twice: write each once, newest first')
  return secrets
}

export function checkedRoles(value: readonly string[] | undefined): readonly string[] {
  const own = value ?? ['member']
  for (const role of own) {
    if (!/^[a-z][a-z0-9_-]{0,31}$/.test(role)) {
      throw new ConfigurationError(`roles has '${role}': write lower-case letters, digits, '-' and '_', at most 32`)
    }
  }
  return [...new Set([...own, ...BUILT_IN_ROLES])]
}

export function checkedCookies(value: Partial<CookieOptions> | undefined, baseUrl: URL): CookieOptions {
  const name = value?.name ?? 'sid'
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
    throw new ConfigurationError(`cookies.name is '${name}': write letters, digits, '-' and '_'`)
  }
  if (/^__(host|secure|http)/i.test(name)) {
    throw new ConfigurationError(
      `cookies.name is '${name}': write it without prefix, which is added where browsers honour it`,
    )
  }
  if (/sallyport/i.test(name)) {
    throw new ConfigurationError(`cookies.name is '${name}', which tells what runs here: write one such as 'sid'`)
  }
  const sameSite = value?.sameSite ?? 'lax'
  if (!['lax', 'strict', 'none'].includes(sameSite)) {
    throw new ConfigurationError(`cookies.sameSite is '${sameSite}': write 'lax', 'strict' or 'none'`)
  }
  if (sameSite === 'none' && baseUrl.protocol !== 'https:') {
    throw new ConfigurationError(`cookies.sameSite 'none' needs https: write 'lax', or an https baseUrl`)
  }
  const domain = value?.domain
  if (domain === undefined) return { name, sameSite }
  const host = baseUrl.hostname
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain) || (host !== domain && !host.endsWith(`.${domain}`))) {
    throw new ConfigurationError(
      `cookies.domain is '${domain}', which does not cover ${host}: write a parent domain of it, or leave it out`,
    )
  }
  return { name, sameSite, domain }
}

export function checkedSessionLimit(
  value: Options['sessionLimit'],
  strategy: Pick<Strategy, 'name' | 'keeps'>,
): (Options['sessionLimit'] & object) | null {
  if (!value) return null
  if (strategy.keeps === 'nothing') {
    throw new ConfigurationError(
      `sessionLimit cannot be held by ${strategy.name}(), which keeps no record of who is signed in: leave it out, or write strategy: hybrid()`,
    )
  }
  if (!Number.isInteger(value.max) || value.max < 1) {
    throw new ConfigurationError(
      `sessionLimit.max is ${value.max}: write a whole number of at least 1, or leave sessionLimit out`,
    )
  }
  if (value.whenFull !== 'end-oldest' && value.whenFull !== 'refuse') {
    throw new ConfigurationError(`sessionLimit.whenFull is '${value.whenFull}': write 'end-oldest' or 'refuse'`)
  }
  return value
}

/** Listed origins, exact: scheme, host and port. */
export function checkedOrigins(value: readonly string[]): ReadonlySet<string> {
  for (const origin of value) {
    if (URL.parse(origin)?.origin !== origin) {
      throw new ConfigurationError(
        `cors.origins has '${origin}': write scheme, host and port only, such as 'https://app.example'`,
      )
    }
  }
  return new Set(value)
}

/** Anything unknown would otherwise count as open. */
export function checkedSignUp(value: 'open' | 'closed'): 'open' | 'closed' {
  if (value === 'open' || value === 'closed') return value
  throw new ConfigurationError(`signUp is ${JSON.stringify(value)}: write 'open' or 'closed'`)
}

/** Nobody could sign up where nothing is sent. */
export function checkedVerifyEmail(value: boolean, mailer: Mailer | null): boolean {
  if (typeof value !== 'boolean') {
    throw new ConfigurationError(`verifyEmail is ${JSON.stringify(value)}: write true or false`)
  }
  if (value && mailer === null) {
    throw new ConfigurationError(`verifyEmail is on, but there is no mailer: write mailer: smtp('smtps://…')`)
  }
  return value
}

/** What people know the service by; the host of its address unless it has a name. */
export function checkedBrand(value: Options['brand'], baseUrl: URL): { readonly name: string } {
  const name = value?.name?.trim() ?? baseUrl.host
  if (name.length >= 1 && name.length <= 100 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(name)) return { name }
  throw new ConfigurationError("brand.name is no name: write one line of at most 100 characters, such as 'Example'")
}
