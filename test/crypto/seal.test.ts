import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mac, macKey, seal, sealedByNewest, sealing, unseal } from '../../src/crypto.ts'
import { fixed } from '../support/property.ts'

const NEW = 'new-secret-0123456789-abcdefghijklmnopq'
const OLD = 'old-secret-9876543210-zyxwvutsrqponmlkj'
const keys = sealing([NEW])

describe('what is sealed', () => {
  it('opens as it was, for its purpose', () => {
    const property = fc.property(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
      fc.string(),
      (text, purpose) => {
        expect(unseal(keys, seal(keys, text, purpose), purpose)).toBe(text)
      },
    )
    fc.assert(property, fixed(200))
  })

  it('KM-09: opens for no other purpose', () => {
    const sealed = seal(keys, 'secret', 'signing key one')
    for (const purpose of ['signing key two', 'signing key on', 'signing key one ', 'Signing key one', '']) {
      expect(unseal(keys, sealed, purpose), purpose).toBeNull()
    }
  })

  it('is another text each time, and as long as it was before', () => {
    const made = Array.from({ length: 500 }, () => seal(keys, 'the same', 'purpose'))
    expect(new Set(made).size).toBe(500)
    expect(new Set(made.map((text) => text.split('.')[2])).size).toBe(500)
    for (const text of made) expect(text).not.toContain(Buffer.from('the same').toString('base64url'))
  })

  it('does not open when a byte of it is different', () => {
    const parts = seal(keys, 'a secret of some length', 'purpose').split('.')
    expect(unseal(keys, parts.join('.'), 'purpose')).toBe('a secret of some length')
    for (let part = 1; part < parts.length; part += 1) {
      const bytes = Buffer.from(parts[part] as string, 'base64url')
      for (let at = 0; at < bytes.length; at += 1) {
        const altered = Buffer.from(bytes)
        altered[at] = (altered[at] as number) ^ 1
        const text = parts.with(part, altered.toString('base64url')).join('.')
        expect(unseal(keys, text, 'purpose'), `part ${part} byte ${at}`).toBeNull()
      }
    }
  })

  it('does not open when it is cut, longer, or of another form', () => {
    const sealed = seal(keys, 'a secret of some length', 'purpose')
    const [form, name, nonce, tag, body] = sealed.split('.') as [string, string, string, string, string]
    const others = [
      '',
      '1',
      sealed.slice(0, -4),
      `${sealed}AAAA`,
      `${sealed}.`,
      ` ${sealed}`,
      `${sealed}\n`,
      ['2', name, nonce, tag, body].join('.'),
      [form, nonce, tag, body].join('.'),
      // A shorter tag is a weaker one.
      [form, name, nonce, tag.slice(0, 6), body].join('.'),
      [form, name, nonce, tag.slice(0, 16), body].join('.'),
      [form, name, nonce.slice(0, 8), tag, body].join('.'),
      [form, name, nonce, tag, ''].join('.'),
      [form, name, tag, nonce, body].join('.'),
    ]
    for (const text of others) expect(unseal(keys, text, 'purpose'), text).toBeNull()
  })

  it('never throws, whatever it is given', () => {
    const property = fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (text, purpose) => {
      expect(unseal(keys, text, purpose)).toBeNull()
    })
    fc.assert(property, fixed())
  })
})

describe('keys that seal', () => {
  it('KM-08: open what an older secret sealed as long as that is listed, and say that it is due for the newer', () => {
    const before = seal(sealing([OLD]), 'secret', 'purpose')
    const both = sealing([NEW, OLD])
    expect(unseal(both, before, 'purpose')).toBe('secret')
    expect(unseal(keys, before, 'purpose')).toBeNull()
    expect(sealedByNewest(both, before)).toBe(false)
    const after = seal(both, 'secret', 'purpose')
    expect(sealedByNewest(both, after)).toBe(true)
    expect(unseal(keys, after, 'purpose')).toBe('secret')
    expect(unseal(sealing([OLD]), after, 'purpose')).toBeNull()
    expect(sealedByNewest(both, 'nonsense')).toBe(false)
  })

  it('KM-08: show nothing of themselves, nor of what they seal', () => {
    const sealed = seal(keys, 'a very secret text', 'purpose')
    const shown = [inspect(keys, { depth: 9, showHidden: true }), JSON.stringify(keys), sealed].join('\n')
    const secrets = [NEW, 'very secret', Buffer.from('very secret').toString('base64url').slice(0, 12)]
    const bytes = keys.map(({ key }) => key.export())
    secrets.push(...bytes.flatMap((one) => [one.toString('hex'), one.toString('base64'), one.toString('base64url')]))
    for (const secret of secrets) expect(shown).not.toContain(secret)
  })

  it('KM-09: are not the keys of another purpose, nor told by their name', () => {
    const [own] = keys
    const exported = own?.key.export().toString('base64url') as string
    for (const purpose of [
      'seal',
      'seal name',
      'csrf',
      'refresh',
      'token encryption',
      'session reference',
      'throttle',
    ]) {
      const other = macKey(NEW, purpose)
      // The purpose `seal` belongs to sealing, and nothing else in the house asks for it.
      if (purpose !== 'seal') expect(other.export().toString('base64url'), purpose).not.toBe(exported)
    }
    expect(exported.startsWith(own?.name as string)).toBe(false)
    expect(mac(macKey(NEW, 'csrf'), 'x')).not.toBe(mac(macKey(NEW, 'refresh'), 'x'))
  })

  it('are not without a secret', () => {
    expect(() => seal(sealing([]), 'secret', 'purpose')).toThrow(RangeError)
  })
})
