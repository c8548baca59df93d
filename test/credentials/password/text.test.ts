import { expect, it } from 'vitest'
import { MAX_BYTES, passwordText } from '../../../src/credentials/password/text.ts'

it('PW-02: 1024 bytes are accepted in whatever script, one more is not', () => {
  expect(passwordText('a'.repeat(MAX_BYTES)).ok).toBe(true)
  expect(passwordText('a'.repeat(MAX_BYTES + 1))).toMatchObject({ refusal: { code: 'password_too_long' } })
  expect(passwordText('語'.repeat(341)).ok).toBe(true)
  expect(passwordText('語'.repeat(342))).toMatchObject({ refusal: { code: 'password_too_long' } })
})

it('PW-02: the limit counts bytes after NFC, so a decomposed text is not worse off', () => {
  const decomposed = 'é'.normalize('NFD').repeat(MAX_BYTES / 2)
  expect(new TextEncoder().encode(decomposed).length).toBeGreaterThan(MAX_BYTES)
  expect(passwordText(decomposed)).toEqual({ ok: true, value: 'é'.repeat(MAX_BYTES / 2) })
})

it('PW-02: megabytes are refused without being read', () => {
  const untouchable = () => {
    throw new Error('read')
  }
  const huge = { length: 1_000_000, isWellFormed: untouchable, normalize: untouchable } as unknown as string
  expect(passwordText(huge)).toMatchObject({ refusal: { code: 'password_too_long' } })
})

it('PW-04: NFC and NFD of a text are one password; a ligature is not its letters', () => {
  expect(passwordText('caf\u00e9')).toEqual(passwordText('cafe\u0301'))
  expect(passwordText('\ufb01sh')).not.toEqual(passwordText('fish'))
  expect(passwordText('\uff21')).not.toEqual(passwordText('A'))
})

it('PW-04: a lone surrogate is no text', () => {
  for (const broken of ['a\ud800b', '\udc00', `${'x'.repeat(15)}\ud83d`]) {
    expect(passwordText(broken, 'newPassword')).toMatchObject({
      refusal: { code: 'invalid_request', errors: [{ path: 'newPassword', code: 'invalid_request' }] },
    })
  }
})

it('PW-03: nothing is trimmed, folded or cut', () => {
  for (const text of [' leading', 'trailing ', 'Case', 'in\0side', 'tab\tand\nline', 'a'.repeat(1000)]) {
    expect(passwordText(text)).toEqual({ ok: true, value: text })
  }
})
