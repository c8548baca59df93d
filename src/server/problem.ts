/** What is refused before the API sees it, in the form of its own refusals (RFC 9457). */
export type EarlyProblem = { readonly status: number; readonly code: string; readonly title: string }

export const BAD_REQUEST: EarlyProblem = {
  status: 400,
  code: 'invalid_request',
  title: 'The request is not well formed',
}
export const TOO_SLOW: EarlyProblem = {
  status: 408,
  code: 'invalid_request',
  title: 'The request did not arrive in time',
}
export const HEADERS_TOO_LARGE: EarlyProblem = {
  status: 431,
  code: 'headers_too_large',
  title: 'The request headers are too large',
}
export const INTERNAL: EarlyProblem = { status: 500, code: 'internal', title: 'Something went wrong' }

export const NOT_FOUND: EarlyProblem = { status: 404, code: 'not_found', title: 'Not found' }
export const UNAUTHENTICATED: EarlyProblem = { status: 401, code: 'unauthenticated', title: 'Sign in to continue' }

/** A refusal as it goes out. Its id appears in body and header, as in all others, so that one can be told from another. */
export function earlyAnswer({ status, code, title }: EarlyProblem): {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
} {
  const requestId = Buffer.from(crypto.getRandomValues(new Uint8Array(12))).toString('base64url')
  return {
    headers: {
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'X-Request-Id': requestId,
    },
    body: JSON.stringify({ type: `urn:sallyport:problem:${code}`, title, status, code, requestId }),
  }
}
