import type { CaptchaOptions, CaptchaWidget } from '../checks.ts'

/** Longer than any token they make, characters; nothing longer is sent on. */
const LONGEST = 4096

/** A request that nobody waits for any more is broken off, milliseconds. The library waits for less by default. */
const PATIENCE_MS = 10_000

/** What there is to know of an account with a service of this kind. */
export type SiteverifyOptions = {
  /** Public: it is in the page. */
  readonly siteKey: string
  /** Never leaves the server but for the service. */
  readonly secret: string
  /**
   * Host names the task may have been solved on; others are refused.
   * @default any: the service checks its own list
   */
  readonly hostnames?: readonly string[]
  /**
   * Another address of the same interface.
   * @default the service's
   */
  readonly url?: string
}

/** The part of `captcha` that a service answers for: spread it, and add `when` or `onFault` where the defaults do not fit. */
export type Captcha = Pick<CaptchaOptions, 'verify'> & { readonly widget: CaptchaWidget }

/** Cloudflare Turnstile: `createAuth({ captcha: turnstile({ siteKey, secret }) })`. */
export function turnstile(options: SiteverifyOptions): Captcha {
  return siteverify('https://challenges.cloudflare.com/turnstile/v0/siteverify', options, {
    script: 'https://challenges.cloudflare.com/turnstile/v0/api.js',
    className: 'cf-turnstile',
    field: 'cf-turnstile-response',
    origins: ['https://challenges.cloudflare.com'],
  })
}

/** hCaptcha: `createAuth({ captcha: hcaptcha({ siteKey, secret }) })`. */
export function hcaptcha(options: SiteverifyOptions): Captcha {
  return siteverify('https://api.hcaptcha.com/siteverify', options, {
    script: 'https://js.hcaptcha.com/1/api.js',
    className: 'h-captcha',
    field: 'h-captcha-response',
    origins: ['https://hcaptcha.com', 'https://*.hcaptcha.com'],
  })
}

function siteverify(
  standard: string,
  { siteKey, secret, hostnames, url = standard }: SiteverifyOptions,
  widget: Omit<CaptchaWidget, 'siteKey'>,
): Captcha {
  return {
    widget: { siteKey, ...widget },
    async verify(token, { source }) {
      if (token.length > LONGEST) return false
      const form = new URLSearchParams({ secret, response: token, ...(source !== undefined && { remoteip: source }) })
      const response = await fetch(url, {
        method: 'POST',
        body: form,
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      const answer = (await response.json()) as { readonly success?: unknown; readonly hostname?: unknown }
      // Some of them answer a bad token with 400; only what is no answer of theirs is a fault.
      if (typeof answer?.success !== 'boolean') throw new Error(`the captcha service answered ${response.status}`)
      return answer.success && (hostnames === undefined || hostnames.some((name) => name === answer.hostname))
    },
  }
}
