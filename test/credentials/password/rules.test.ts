import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isCommon } from '../../../src/credentials/password/common.ts'
import { COMMON_PASSWORDS } from '../../../src/credentials/password/common-passwords.ts'
import { passwordRules } from '../../../src/credentials/password/rules.ts'
import { ConfigurationError } from '../../../src/errors.ts'
import { commonPasswords, moduleText } from '../../../tools/common-passwords.ts'

const ILSE = { email: 'ilse.achterberg@example.com', name: 'Ilse Achterberg' }
const STRANGER = { email: '', name: '' }
const rules = passwordRules({})
const code = (password: string, about = STRANGER) => rules(password, about)?.code ?? null

describe('length', () => {
  it('PW-01: fifteen code points at least, eight beside a second factor', () => {
    expect(code('mossy trunk fa')).toBe('password_too_short')
    expect(code('mossy trunk fal')).toBeNull()
    expect(code('mossy trunk fall')).toBeNull()
    const eased = passwordRules({}, true)
    expect(eased('mossytr', STRANGER)?.code).toBe('password_too_short')
    expect(eased('mossytru', STRANGER)).toBeNull()
  })

  it('PW-01: code points count, not UTF-16 units', () => {
    expect(code('😀'.repeat(8))).toBe('password_too_short')
    expect(code('😀'.repeat(14))).toBe('password_too_short')
    expect(code('😀'.repeat(15))).toBeNull()
  })

  it('PW-01: counted after NFC', () => {
    expect(code('e\u0301'.repeat(10))).toBe('password_too_short')
  })

  it('PW-01: never configured below eight', () => {
    for (const minLength of [7, 0, -1, 8.5, Number.NaN, 65]) {
      expect(() => passwordRules({ minLength })).toThrow(ConfigurationError)
    }
    expect(passwordRules({ minLength: 8 })('mossytru', STRANGER)).toBeNull()
  })

  it('PW-02: 64 and 128 characters will do, a megabyte is refused', () => {
    const words = 'lantern under a bridge, '
    expect(code(words.repeat(6).slice(0, 64))).toBeNull()
    expect(code(words.repeat(6).slice(0, 128))).toBeNull()
    expect(code('x'.repeat(1_000_000))).toBe('password_too_long')
  })

  it('PW-04: a lone surrogate is an invalid request', () => {
    expect(code('mossy trunk fall \ud800')).toBe('invalid_request')
  })

  it('PW-05: any script, spaces and a single kind of character are accepted', () => {
    for (const password of [
      'qhwfjwlkdpvzmxncbvgt',
      '雨上がりの庭に白い椅子が三つある',
      'three grey umbrellas dry',
      'дождь идёт по крыше',
      '🌧️🏠🪑🌿🎈🧭🔧📦🧩🪁🎐🧵🪡🧶🪢',
      '7391 5028 4610 9937',
    ]) {
      expect(code(password), password).toBeNull()
    }
  })
})

describe('common passwords', () => {
  const entries = COMMON_PASSWORDS.trim().split(/\s+/)

  it('PW-06: the list holds at least 3000 that meet either minimum, each once', () => {
    expect(new Set(entries).size).toBe(entries.length)
    expect(entries.filter((entry) => entry.length >= 15).length).toBeGreaterThanOrEqual(3000)
    expect(entries.filter((entry) => entry.length >= 8 && entry.length < 15).length).toBeGreaterThanOrEqual(3000)
  })

  it('PW-06: every entry is refused, in capitals too', () => {
    for (const entry of entries.filter((one) => one.length >= 15)) {
      expect(code(entry), entry).toBe('password_common')
      expect(code(entry.toUpperCase()), entry).toBe('password_common')
    }
    const short = passwordRules({ minLength: 8 })
    for (const entry of entries.filter((one) => one.length >= 8)) {
      expect(short(entry, STRANGER)?.code, entry).toBe('password_common')
    }
  })

  it('PW-06: the list is what its generator makes', () => {
    expect(moduleText(commonPasswords())).toContain(COMMON_PASSWORDS.replaceAll('\\', '\\\\'))
    expect(commonPasswords()).toEqual(entries)
  })

  it('PW-06: patterns are refused whether listed or not', () => {
    for (const password of [
      'aaaaaaaaaaaaaaa',
      'zzzzzzzzzzzzzzzzz',
      '123456789012345',
      '1234567890123456789',
      '98765432109876543',
      'abcdefghijklmnopqrs',
      'qwertyuiopasdfgh',
      'poiuytrewqlkjhgf',
      '1q2w3e4r5t6y7u8i',
      '!QAZ2wsx#EDC4rfv',
      'zxcvbnm,./asdfghjkl',
      'йцукенгшщзфывапр',
      'abcabcabcabcabcab',
      'xk7q xk7q xk7q xk7q',
      'password password',
      'Password-Password',
      'P@ssw0rdP@ssw0rd',
      'password1234567!',
      '!!!!!Dragon123456789',
      'may the force be with you',
      'May the Force be with you',
    ]) {
      expect(code(password), password).toBe('password_common')
    }
  })

  it('PW-06: only the whole password counts', () => {
    for (const password of [
      'my password hangs behind the door',
      'passwordpassword of the old mill',
      'a dragon 123456789 and its tailor',
      'qwertyuiop is the row I never liked',
      'may the force be with your plumber',
    ]) {
      expect(code(password), password).toBeNull()
    }
  })

  it('PW-06: what chance makes is not taken for a pattern', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'), minLength: 15, maxLength: 24 })
    const uncommon = letters.filter((one) => new Set(one).size >= 8)
    fc.assert(
      fc.property(uncommon, (password) => !isCommon(password)),
      { seed: 20_261_120, numRuns: 200 },
    )
  })
})

describe('context', () => {
  it('PW-08: address, name and service are refused, and their simple derivatives', () => {
    const own = passwordRules({ context: ['Harbour Light'] })
    for (const password of [
      'ilse.achterberg@example.com',
      'ILSE.ACHTERBERG@EXAMPLE.COM',
      'ilse.achterberg2024',
      'ilseachterberg!2024',
      'Ilse Achterberg 1815',
      'grebrethca.esli2024',
      'achterbergachterberg',
      '4chterbergAcht3rb3rg',
      '2024-ilse-achterberg',
      'harbourlight2026',
      'H4rbour L1ght 26!',
      'ilse@harbourlight',
      'example.com/2026',
    ]) {
      expect(own(password, ILSE)?.code, password).toBe('password_guessable')
    }
  })

  it('PW-08: a password that says more is accepted', () => {
    const own = passwordRules({ context: ['Harbour Light'] })
    for (const password of [
      'achterberg walks the dog',
      'harbourlight in the fog',
      'ilse.achterberg2024-2025!',
      'an example of a lamp',
    ]) {
      expect(own(password, ILSE), password).toBeNull()
    }
  })

  it('PW-08: words that look like patterns are words', () => {
    const odd = { email: 'a.b*c+[d]^e@example.com', name: '(.*)+$ ]^-\\' }
    expect(code('three grey umbrellas dry', odd)).toBeNull()
    expect(code('a.b*c+[d]^e@example.com', odd)).toBe('password_guessable')
  })

  it('PW-08: a name of one or two letters forbids nothing', () => {
    expect(code('loose electric eels leap', { email: '', name: 'E L' })).toBeNull()
  })
})

it('every refusal names the field it is about', () => {
  expect(rules('brief', ILSE)?.errors).toEqual([
    { path: 'password', code: 'password_too_short', detail: expect.stringContaining('15') },
  ])
  for (const [password, reason] of [
    ['x'.repeat(2000), 'password_too_long'],
    ['brief', 'password_too_short'],
    ['passwordpassword', 'password_common'],
    ['ilse.achterberg2024', 'password_guessable'],
  ] as const) {
    const refusal = rules(password, ILSE, 'newPassword')
    expect(refusal?.code).toBe(reason)
    expect(refusal?.errors?.map(({ path, code }) => [path, code])).toEqual([['newPassword', reason]])
    expect(JSON.stringify(refusal)).not.toContain(password)
  }
})
