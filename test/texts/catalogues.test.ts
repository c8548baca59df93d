import { describe, expect, it } from 'vitest'
import { account as deAccount } from '../../src/texts/de/account.ts'
import { pages as dePages } from '../../src/texts/de/pages.ts'
import { refusals as deRefusals } from '../../src/texts/de/refusals.ts'
import { account as enAccount } from '../../src/texts/en/account.ts'
import { pages as enPages } from '../../src/texts/en/pages.ts'
import { refusals as enRefusals } from '../../src/texts/en/refusals.ts'
import { tongue as en } from '../../src/texts/en/tongue.ts'
import { fill, form, overridden } from '../../src/texts.ts'

/** Every text by its path; the forms of a plural as one. */
function texts(catalogue: object, path = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(catalogue)) {
    const at = path === '' ? key : `${path}.${key}`
    if (typeof value === 'string') found.set(at, value)
    else if ('other' in value) found.set(at, value.other)
    else for (const one of texts(value, at)) found.set(...one)
  }
  return found
}

const placeholders = (text: string) => [...text.matchAll(/\{(\w*)\}/g)].map(([, name]) => name).sort()

describe.each([
  ['pages', enPages, dePages],
  ['account', enAccount, deAccount],
  ['refusals', enRefusals, deRefusals],
])('the texts of %s', (_, english, german) => {
  it('are the same in every language, and take the same values', () => {
    const [ours, theirs] = [texts(english), texts(german)]
    expect([...theirs.keys()].sort()).toEqual([...ours.keys()].sort())
    for (const [path, text] of ours) {
      expect([path, placeholders(theirs.get(path) ?? '')]).toEqual([path, placeholders(text)])
    }
  })

  it('say something, without space around it or a brace that is left open', () => {
    for (const catalogue of [english, german]) {
      for (const [path, text] of texts(catalogue)) {
        expect([path, text.trim(), text.replace(/\{\w+\}/g, '').match(/[{}]/)]).toEqual([path, text, null])
        expect(text.length, path).toBeGreaterThan(1)
      }
    }
  })

  it('differ from language to language, but for words both have', () => {
    const same = [...texts(english)].filter(([path, text]) => texts(german).get(path) === text).map(([path]) => path)
    expect(same.filter((path) => !/^(frame\.title|fields\.name|time\.utc)$/.test(path))).toEqual([])
  })
})

describe('filling in', () => {
  it('puts values where their names are, and nowhere else', () => {
    expect(fill<'a' | 'b'>('{a} and {b} and {a}', { a: 1, b: '{a}' })).toBe('1 and {a} and 1')
    expect(fill<'a'>('{a} $& {toString}', { a: '$1' })).toBe('$1 $& {toString}')
  })

  it('counts as the language does', () => {
    const arabic = { locale: 'ar' }
    const plural = { one: 'one', two: 'two', few: 'few', other: 'other' }
    expect([1, 2, 3, 100].map((count) => form(arabic, plural, count))).toEqual(['one', 'two', 'few', 'other'])
    expect([0, 1, 2].map((count) => form(en, plural, count))).toEqual(['other', 'one', 'other'])
  })

  it('takes what a configuration says otherwise, and leaves the rest', () => {
    const changed = overridden(enPages, { signIn: { title: 'Come in' }, home: { elsewhere: { other: '{count}' } } })
    expect(changed.signIn).toEqual({ ...enPages.signIn, title: 'Come in' })
    expect(changed.home).toEqual({ ...enPages.home, elsewhere: { other: '{count}' } })
    expect(changed.forgot).toEqual(enPages.forgot)
  })
})
