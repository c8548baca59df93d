import { CODES, type Code, END_REASONS, type FieldError, type Refusal } from '../errors.ts'
import { safeText } from './text.ts'

/** The body of a refusal, RFC 9457 with members of our own: `code`, `requestId`, `errors`, `count`. */
export type ProblemBody = {
  /**
   * `urn:sallyport:problem:<code>`: a name and no address (RFC 9457 section 3.1.1 allows that), since an installation has
   * no page to point at and a relative reference would mean something else under every URL. Clients branch on `code`.
   */
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  readonly code: Code
  readonly requestId: string
  readonly errors?: readonly FieldError[]
  readonly count?: number
}

export type Problem = {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: ProblemBody
}

/** Refusals only ever told to someone whose credential once was genuine. */
const PRESENTED: ReadonlySet<Code> = new Set<Code>(END_REASONS)

/** RFC 6750 section 3 wants a parameter beside the scheme. The word must not name the product. */
const CHALLENGE = 'Bearer realm="auth"'

/**
 * How a refusal leaves the house (ER-01, ER-03, ER-07). Nothing in a header comes from outside; of a fault (5xx) nothing
 * but its code is told. A code that is not in the catalogue, from a guard in plain JavaScript, is a fault.
 */
export function problem(refusal: Refusal, requestId: string): Problem {
  const code: Code = Object.hasOwn(CODES, refusal.code) ? refusal.code : 'internal'
  const [status, title] = CODES[code]
  const { detail, errors, count } = status < 500 ? refusal : {}
  const headers: Record<string, string> = {
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  }
  if (status === 401 || code === 'insufficient_scope') headers['WWW-Authenticate'] = challenge(code, refusal)
  if (status === 429 || status === 503) headers['Retry-After'] = retryAfter(refusal)
  return {
    status,
    headers,
    body: {
      type: `urn:sallyport:problem:${code}`,
      title,
      status,
      ...(detail !== undefined && { detail }),
      code,
      requestId: safeText(requestId, 128),
      ...(errors !== undefined && { errors }),
      ...(count !== undefined && { count }),
    },
  }
}

/** RFC 6750 section 3.1 and RFC 9470 section 3. No error word for who presented nothing, or presented a password. */
function challenge(code: Code, refusal: Refusal): string {
  if (code === 'insufficient_scope') return `${CHALLENGE}, error="insufficient_scope"`
  if (code === 'reauth_required') {
    const error = `${CHALLENGE}, error="insufficient_user_authentication"`
    return isSeconds(refusal.maxAge) ? `${error}, max_age="${Math.floor(refusal.maxAge)}"` : error
  }
  return refusal.presented || PRESENTED.has(code) ? `${CHALLENGE}, error="invalid_token"` : CHALLENGE
}

/** Rounded up, and never "at once": whoever counts on it must not come too early. */
function retryAfter({ retryAfter }: Refusal): string {
  return String(isSeconds(retryAfter) ? Math.max(1, Math.ceil(retryAfter)) : 1)
}

function isSeconds(value: number | undefined): value is number {
  return value !== undefined && value >= 0 && value <= Number.MAX_SAFE_INTEGER
}
