import { describe, expect, it } from 'vitest'
import { CODES, type Code, type Refusal } from '../../src/errors.ts'
import { problem } from '../../src/wire/problem.ts'

const codes = Object.keys(CODES) as Code[]
const challenge = (refusal: Refusal) => problem(refusal, 'r1').headers['WWW-Authenticate']

describe('problem', () => {
  it('says what the catalogue says', () => {
    expect(problem({ code: 'not_found' }, 'r1').body).toEqual({
      type: 'urn:sallyport:problem:not_found',
      title: 'Not found',
      status: 404,
      code: 'not_found',
      requestId: 'r1',
    })
  })

  it('hands on details and field errors of what the client can mend', () => {
    const errors = [{ path: 'email', code: 'email_invalid', detail: 'Has no @' }]
    const { body } = problem({ code: 'email_invalid', detail: 'Look again', errors }, 'r1')
    expect(body).toMatchObject({ status: 422, detail: 'Look again', errors })
  })

  it.each(codes)('ER-07: %s has the headers of every answer about a person', (code) => {
    const { status, headers, body } = problem({ code }, 'r1')
    expect(status).toBe(CODES[code][0])
    expect(body.status).toBe(status)
    expect(headers).toMatchObject({
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    })
    expect(status === 429 || status === 503).toBe('Retry-After' in headers)
  })

  it.each(codes)('ER-03: %s carries a challenge when it is a 401, or about scope', (code) => {
    const { status, headers } = problem({ code }, 'r1')
    expect('WWW-Authenticate' in headers).toBe(status === 401 || code === 'insufficient_scope')
  })

  it.each([
    [{ code: 'unauthenticated' }, 'Bearer realm="auth"'],
    [{ code: 'unauthenticated', presented: true }, 'Bearer realm="auth", error="invalid_token"'],
    [{ code: 'unauthenticated', presented: false }, 'Bearer realm="auth"'],
    [{ code: 'invalid_credentials' }, 'Bearer realm="auth"'],
    [{ code: 'session_expired_idle' }, 'Bearer realm="auth", error="invalid_token"'],
    [{ code: 'session_expired_absolute' }, 'Bearer realm="auth", error="invalid_token"'],
    [{ code: 'session_revoked' }, 'Bearer realm="auth", error="invalid_token"'],
    [{ code: 'session_evicted' }, 'Bearer realm="auth", error="invalid_token"'],
    [{ code: 'signed_out' }, 'Bearer realm="auth", error="invalid_token"'],
    [{ code: 'user_locked' }, 'Bearer realm="auth", error="invalid_token"'],
    [{ code: 'token_reused' }, 'Bearer realm="auth", error="invalid_token"'],
    [{ code: 'token_stale' }, 'Bearer realm="auth", error="invalid_token"'],
    [{ code: 'insufficient_scope' }, 'Bearer realm="auth", error="insufficient_scope"'],
    [{ code: 'reauth_required' }, 'Bearer realm="auth", error="insufficient_user_authentication"'],
  ] as const)('ER-03: %j is answered with %s', (refusal, expected) => {
    expect(challenge(refusal)).toBe(expected)
  })

  it.each([
    [600, 'max_age="600"'],
    [0, 'max_age="0"'],
    [59.9, 'max_age="59"'],
  ])('RA-02: reauth_required with %j tells %s', (maxAge, expected) => {
    expect(challenge({ code: 'reauth_required', maxAge })).toMatch(new RegExp(`, ${expected}$`))
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1])('RA-02: reauth_required with %j tells no age', (maxAge) => {
    expect(challenge({ code: 'reauth_required', maxAge })).not.toContain('max_age')
  })

  it('ER-03: nothing from outside gets into a header', () => {
    const hostile = 'x", error="y\r\nSet-Cookie: a=b'
    for (const code of codes) {
      const { headers } = problem({ code, detail: hostile, presented: true }, hostile)
      for (const value of Object.values(headers)) expect(value).toMatch(/^[\x20-\x7e]*$/)
      expect(JSON.stringify(headers)).not.toContain('Set-Cookie')
    }
  })

  it.each([
    [30, '30'],
    [0.2, '1'],
    [1.2, '2'],
    [0, '1'],
    [-5, '1'],
    [Number.NaN, '1'],
    [Number.POSITIVE_INFINITY, '1'],
    [undefined, '1'],
  ])('Retry-After of %j is %s whole seconds', (seconds, expected) => {
    const refusal: Refusal = { code: 'throttled', ...(seconds !== undefined && { retryAfter: seconds }) }
    expect(problem(refusal, 'r1').headers['Retry-After']).toBe(expected)
  })

  it.each(['internal', 'unavailable', 'overloaded'] as const)('ER-01: %s tells nothing of what happened', (code) => {
    const { body } = problem(
      { code, detail: 'SQLITE_CANTOPEN /var/db', errors: [{ path: 'x', code: 'y', detail: 'z' }] },
      'r1',
    )
    expect(Object.keys(body).sort()).toEqual(['code', 'requestId', 'status', 'title', 'type'])
  })

  it.each(['no_such_code', 'toString', '__proto__'])('a code outside the catalogue is a fault: %s', (code) => {
    expect(problem({ code: code as Code, detail: 'x' }, 'r1')).toMatchObject({
      status: 500,
      body: { code: 'internal' },
    })
  })

  it('LG-04: a hostile request id is bounded and plain', () => {
    const { body } = problem({ code: 'not_found' }, `a\r\n\u2028${'b'.repeat(1000)}`)
    expect(body.requestId).toMatch(/^ab+$/)
    expect(body.requestId.length).toBeLessThanOrEqual(128)
  })
})
