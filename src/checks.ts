import type { Duration } from './duration.ts'

/*
 * What may be asked of somebody else before a password or a person is accepted. `sallyport/providers` has ready ones; the
 * library itself sends nothing anywhere unless one is configured.
 */

/**
 * The range of breached passwords whose SHA-1 begins with these five upper-case hex digits: lines `SUFFIX:COUNT`, a suffix of 35
 * hex digits each, as the range interface of Have I Been Pwned has them. All that a source learns (PW-07).
 */
export type BreachedRange = (prefix: string) => Promise<string>

/** A source of breached passwords, and how it is used. */
export type BreachedOptions = {
  /** What answers ranges: `haveIBeenPwned()` of `sallyport/providers`, or a source of your own. */
  readonly range: BreachedRange
  /**
   * What happens when the source does not answer. `allow`: the password is taken, and the event `password.unchecked` says so.
   * `refuse`: 503 `unavailable`, and the same event.
   * @default 'allow'
   */
  readonly onFault?: 'allow' | 'refuse'
  /**
   * How long an answer is waited for.
   * @default '2s'
   */
  readonly patience?: Duration
  /**
   * How many ranges are remembered for a day; about 50 KB each.
   * @default 100
   */
  readonly cache?: number
}

/** What somebody is about to do who may be asked whether they are a program. */
export type CaptchaAction = 'sign-up' | 'sign-in' | 'forgot'

/** `always`, `never`, or after so many wrong passwords for the address, or from the source, that are not forgotten yet. */
export type CaptchaWhen = 'always' | 'never' | { readonly failures: number; readonly fromSource?: number }

/** What a page needs to show the task; nothing of it is a secret. */
export type CaptchaWidget = {
  /** Whose task it is, as the service has it. */
  readonly siteKey: string
  /** The script that draws it. */
  readonly script: string
  /** The class of the element it draws into. */
  readonly className: string
  /** The form field it puts its token into. */
  readonly field: string
  /** Origins the page's Content-Security-Policy has to allow, for scripts, frames and connections. */
  readonly origins: readonly string[]
}

/** Who says that a task was solved, when one is asked for, and what becomes of it when nobody answers. */
export type CaptchaOptions = {
  /** Whether the token that came with the request is a solved task. May throw: see `onFault`. */
  verify(token: string, about: { readonly action: CaptchaAction; readonly source?: string }): Promise<boolean>
  /** When a task is asked for. */
  readonly when?: {
    /**
     * At sign-up.
     * @default 'always'
     */
    readonly signUp?: 'always' | 'never'
    /**
     * At sign-in: always, never, or after so many wrong passwords for the address, or from the source, that are not forgotten yet.
     * @default { failures: 3, fromSource: 10 }
     */
    readonly signIn?: CaptchaWhen
    /**
     * For a link that sets a password.
     * @default 'always'
     */
    readonly forgot?: 'always' | 'never'
  }
  /**
   * What happens when whoever verifies does not answer. `refuse`: 503 `unavailable`, as what is skipped by making it fail
   * protects nothing. `allow`: it is passed over. Either way there is an event, `captcha.unchecked`.
   * @default 'refuse'
   */
  readonly onFault?: 'allow' | 'refuse'
  /**
   * How long an answer is waited for.
   * @default '5s'
   */
  readonly patience?: Duration
  /**
   * What the hosted pages need to show the task; nothing of it is a secret.
   * @default none: pages of your own show it
   */
  readonly widget?: CaptchaWidget
}
