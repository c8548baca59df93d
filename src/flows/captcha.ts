import type { RequestContext } from '../carrier.ts'
import type { CaptchaAction, CaptchaOptions, CaptchaWhen } from '../checks.ts'
import type { Clock } from '../clock.ts'
import { milliseconds } from '../duration.ts'
import { ConfigurationError } from '../errors.ts'
import { ok, type Result, refused } from '../result.ts'
import { within } from '../view/within.ts'
import type { Recorder } from './recorder.ts'

/** Longer than any service's token, characters: nothing longer is passed on. */
const LONGEST = 8192

const WHEN = { signUp: 'always', signIn: { failures: 3, fromSource: 10 }, forgot: 'always' } as const

/** Wrong passwords that are not forgotten yet, of the address and of where they came from. */
export type Failures = { readonly failures: number; readonly fromSource: number }

/** Asks whoever is there to show that they are no program, where that is configured. */
export type CaptchaDesk = {
  /** What pages have to know before they ask; null without a captcha. */
  readonly shown: {
    readonly widget: CaptchaOptions['widget'] | null
    readonly signUp: 'always' | 'never'
    readonly signIn: 'always' | 'never' | 'after-failures'
    readonly forgot: 'always' | 'never'
  } | null
  /**
   * Refusals: `captcha_required` when no token came, or one that is no solved task; `unavailable` when nobody could say and
   * `onFault` is `refuse`.
   */
  check(
    action: CaptchaAction,
    token: string | undefined,
    context: RequestContext,
    failures?: Failures,
  ): Promise<Result<null>>
}

const NONE: CaptchaDesk = { shown: null, check: async () => ok(null) }

const REQUIRED = refused({ code: 'captcha_required' })

/** @throws ConfigurationError for options that mean nothing */
export function captchaDesk(options: CaptchaOptions | undefined, clock: Clock, recorder: Recorder): CaptchaDesk {
  if (options === undefined) return NONE
  if (typeof options.verify !== 'function') {
    throw new ConfigurationError('captcha.verify is missing: write captcha: turnstile({ siteKey, secret })')
  }
  const { onFault = 'refuse', widget = null } = options
  if (onFault !== 'allow' && onFault !== 'refuse') {
    throw new ConfigurationError(`captcha.onFault is '${onFault}': write 'refuse' or 'allow'`)
  }
  const patience = milliseconds(options.patience ?? '5s', 'captcha.patience')
  const when = { ...WHEN, ...options.when }
  for (const [name, value] of Object.entries(when)) checkedWhen(name, value)
  const at: Readonly<Record<CaptchaAction, CaptchaWhen>> = {
    'sign-up': when.signUp,
    'sign-in': when.signIn,
    forgot: when.forgot,
  }

  async function isSolved(action: CaptchaAction, token: string, context: RequestContext): Promise<boolean> {
    const { source } = context
    try {
      return await within(clock, patience, options!.verify(token, { action, ...(source !== undefined && { source }) }))
    } catch (fault) {
      recorder.fault(fault, 'verifying a captcha')
      throw fault
    }
  }

  return {
    shown: {
      widget,
      signUp: when.signUp,
      signIn: typeof when.signIn === 'string' ? when.signIn : 'after-failures',
      forgot: when.forgot,
    },
    async check(action, token, context, failures = { failures: 0, fromSource: 0 }) {
      if (!isAsked(at[action], failures)) return ok(null)
      const now = clock.now()
      const say = (reason: string) =>
        recorder.record({ type: 'captcha.refused', outcome: 'failure', reason, data: { action } }, context, now)
      if (token === undefined || token === '' || token.length > LONGEST) {
        say('missing')
        return REQUIRED
      }
      try {
        if ((await isSolved(action, token, context)) === true) return ok(null)
      } catch {
        const happening = { type: 'captcha.unchecked', outcome: 'failure', reason: onFault } as const
        recorder.record({ ...happening, data: { action } }, context, clock.now())
        return onFault === 'allow' ? ok(null) : refused({ code: 'unavailable', retryAfter: 5 })
      }
      say('wrong')
      return REQUIRED
    },
  }
}

function isAsked(when: CaptchaWhen, { failures, fromSource }: Failures): boolean {
  if (typeof when === 'string') return when === 'always'
  return failures >= when.failures || (when.fromSource !== undefined && fromSource >= when.fromSource)
}

function checkedWhen(name: string, value: CaptchaWhen): void {
  if (value === 'always' || value === 'never') return
  const counts = name === 'signIn' && typeof value === 'object' && value !== null ? Object.values(value) : []
  if (counts.length > 0 && counts.every((count) => Number.isInteger(count) && count >= 1)) return
  const also = name === 'signIn' ? ', or { failures: 3 }' : ''
  throw new ConfigurationError(`captcha.when.${name} is ${JSON.stringify(value)}: write 'always' or 'never'${also}`)
}
