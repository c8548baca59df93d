import { milliseconds } from '../duration.ts'
import { ConfigurationError } from '../errors.ts'
import type { MailOptions } from '../mailer.ts'

/** Where links in messages lead. */
export type Page = 'reset' | 'verify' | 'object'

/** What links are made of: addresses of pages, and how long the links are good, milliseconds. */
export type Links = {
  readonly pages: Readonly<Record<Page, string>>
  readonly lifetimes: Readonly<Record<Page | 'invite', number>>
}

const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]'])
const HOUR = 3_600_000
const DAY = 24 * HOUR

const LIFETIMES = {
  reset: { usual: HOUR, most: DAY },
  verify: { usual: DAY, most: DAY },
  object: { usual: 7 * DAY, most: 30 * DAY },
  invite: { usual: 3 * DAY, most: 7 * DAY },
} as const

/**
 * Links are made of what is configured and of nothing in a request (RC-05).
 * @throws ConfigurationError naming the option and what to write instead.
 */
export function linksOf(baseUrl: URL, basePath: string, { links = {}, lifetimes = {} }: MailOptions): Links {
  const page = (name: Page) => checked(`mail.links.${name}`, links[name] ?? `${baseUrl.origin}${basePath}/${name}`)
  const life = (name: keyof typeof LIFETIMES) => {
    const { usual, most } = LIFETIMES[name]
    const ms = milliseconds(lifetimes[name] ?? usual, `mail.lifetimes.${name}`)
    if (ms <= most) return ms
    throw new ConfigurationError(
      `mail.lifetimes.${name} is ${ms} ms, longer than such a link may open anything: write at most '${most / HOUR}h'`,
    )
  }
  return {
    pages: { reset: page('reset'), verify: page('verify'), object: page('object') },
    lifetimes: { reset: life('reset'), verify: life('verify'), object: life('object'), invite: life('invite') },
  }
}

/** The address of a page with the token in it. */
export function linkTo({ pages }: Pick<Links, 'pages'>, page: Page, token: string): string {
  const url = new URL(pages[page])
  url.searchParams.set('token', token)
  return url.href
}

function checked(option: string, value: string): string {
  const url = URL.parse(value)
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOCAL.has(url.hostname))
  if (url && isSafe && !url.username && !url.password && !url.hash && !url.searchParams.has('token')) return url.href
  throw new ConfigurationError(
    `${option} is no address a link may lead to: write an https address without a fragment, such as 'https://app.example/reset'`,
  )
}
