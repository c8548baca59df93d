import { describe, expect, it } from 'vitest'
import { safeText } from '../../src/wire/text.ts'

describe('safeText', () => {
  it.each([
    ['CRLF', 'a\r\nb', 'ab'],
    ['NUL and other controls', 'a\0\x07\x08\x0b\x0c\x7fb', 'ab'],
    ['ANSI', '\x1b[31mred\x1b[0m', '[31mred[0m'],
    ['C1 controls', 'a\x85\x9b31mb', 'a31mb'],
    ['line and paragraph separators', 'a\u2028b\u2029c', 'abc'],
    ['bidirectional overrides', 'a\u202eb\u2066c\u2069\u200e\u200f\u061cd', 'abcd'],
    ['byte order mark and zero widths', '\ufeffa\u200bb\u200d', 'ab'],
    ['halves of pairs', 'a\ud800b\udc00c', 'abc'],
  ])('LG-04: takes out %s', (_, text, expected) => {
    expect(safeText(text, 100)).toBe(expected)
  })

  it('leaves what is readable', () => {
    const text = 'Zoë "quoted" <b> 漢字 😀 \\ %0a'
    expect(safeText(text, 100)).toBe(text)
  })

  it('LG-04: is bounded, and cuts no character in two', () => {
    expect(safeText('x'.repeat(1_000_000), 64)).toBe('x'.repeat(64))
    expect(safeText('abc😀', 4)).toBe('abc')
    expect(safeText('', 10)).toBe('')
  })
})
