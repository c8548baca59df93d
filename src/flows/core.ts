import type { Clock } from '../clock.ts'
import type { BreachCheck, Passwords } from '../credentials/password.ts'
import type { MacKey } from '../crypto.ts'
import type { Refusal } from '../errors.ts'
import type { ContextHook } from '../options.ts'
import type { Policy } from '../policy.ts'
import type { Result } from '../result.ts'
import type { SessionLimit, Store } from '../store.ts'
import type { Strategy } from '../strategy.ts'
import type { Fields } from '../user.ts'
import type { View } from '../view/view.ts'
import type { Attempts } from './attempts.ts'
import type { CaptchaDesk } from './captcha.ts'
import type { Erasing } from './erasing.ts'
import type { Guesses } from './guesses.ts'
import type { Rules } from './judge.ts'
import type { KeyRing } from './keys.ts'
import type { Leftovers } from './leftovers.ts'
import type { Places } from './places.ts'
import type { PolicyRules } from './policy-rules.ts'
import type { Post } from './post.ts'
import type { Quota } from './quota.ts'
import type { Recorder } from './recorder.ts'
import type { Refreshes } from './refreshes.ts'
import type { ServiceDesk } from './services.ts'
import type { tally } from './tally.ts'

/** What the operations are made of; each takes the parts it needs. Made once, by `createAuth`. */
export type Core = {
  readonly clock: Clock
  readonly store: Store
  readonly view: View
  /** The one that issues. */
  readonly strategy: Strategy
  /** All that are honoured, the issuing one first. */
  readonly strategies: readonly Strategy[]
  readonly passwords: Passwords
  readonly passwordRules: (password: string, about: { email: string; name: string }, path?: string) => Refusal | null
  /** Null where no source of breached passwords is configured. */
  readonly breached: BreachCheck | null
  readonly captcha: CaptchaDesk
  readonly attempts: Attempts
  readonly recorder: Recorder
  /** What is done after the answer, messages above all. */
  readonly post: Post
  readonly quota: Quota
  readonly leftovers: Leftovers
  readonly erasing: Erasing
  readonly guesses: Guesses
  /** What this node has seen happen. */
  readonly tally: ReturnType<typeof tally>
  readonly refreshes: Refreshes
  readonly places: Places
  /** Programs that may ask about tokens. */
  readonly services: ServiceDesk
  /** How long a denial of a session without a record is kept: until its longest-lived token is over on every clock. Null when all have records. */
  readonly denialLife: number | null
  /** Of this moment: to be read anew at every use, and never kept. */
  readonly policy: Policy
  /** How this node reads a policy that was stored. */
  readonly policyRules: PolicyRules
  /** Reads the policy that is stored, by a read sent after the call. */
  readonly readPolicy: () => Promise<void>
  /** Signing keys; nothing of them is asked where no strategy signs. */
  readonly keys: KeyRing
  readonly stands: Rules['stands']
  readonly leeway: Rules['leeway']
  readonly roles: readonly string[]
  /** Of this moment, as the policy. */
  readonly sessionLimit: SessionLimit | null
  /** Milliseconds. */
  readonly retention: { readonly ended: number; readonly audit: number }
  readonly signUp: 'open' | 'closed'
  /** Whether an address has to confirm before there is an account. */
  readonly verifyEmail: boolean
  readonly validateFields: {
    readonly user: FieldCheck | null
    readonly session: FieldCheck | null
  }
  /** Keys of the CSRF token, newest first: the first makes, all are accepted. */
  readonly csrfKeys: readonly MacKey[]
  /** Keys of the places that services hold in the feeds, newest first. */
  readonly placeKeys: readonly MacKey[]
  readonly onContextChange: ContextHook | null
}

/** The application's fields as its schema accepts them, or what is wrong with them. */
export type FieldCheck = (value: unknown) => Promise<Result<Fields>>
