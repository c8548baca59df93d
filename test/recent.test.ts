import { describe, expect, it } from 'vitest'
import { recent } from '../src/recent.ts'

describe('what is remembered of recent texts', () => {
  it('is made once, and never for what has no form', () => {
    let made = 0
    const find = recent((text) => {
      made += 1
      return text.startsWith('good') ? { text } : null
    })
    expect(find('good')).toBe(find('good'))
    expect(made).toBe(1)
    expect(find('bad')).toBeNull()
    expect(find('bad')).toBeNull()
    expect(made).toBe(3)
  })

  it('is bounded: the longest unused go, what is used again stays', () => {
    let made = 0
    const find = recent((text) => {
      made += 1
      return { text }
    })
    for (let n = 0; n < 10_000; n++) find(`a${n}`)
    find('a0') // still in the young generation
    for (let n = 0; n < 10_000; n++) find(`b${n}`)
    const before = made
    find('a1') // the older generation is not forgotten yet, and this brings it into the young one
    expect(made).toBe(before)
    for (let n = 0; n < 9_999; n++) find(`c${n}`)
    find('a1')
    expect(made).toBe(before + 9_999)
    find('a2')
    expect(made).toBe(before + 10_000)
  })

  it('keeps no text that is long, and none that it cannot copy', () => {
    let made = 0
    const find = recent((text) => {
      made += 1
      return { text }
    })
    const [long, longer] = ['x'.repeat(1024), 'x'.repeat(1025)]
    expect(find(long)).toBe(find(long))
    expect(made).toBe(1)
    expect(find(longer)).not.toBe(find(longer))
    expect(made).toBe(3)
    // U+0141 ends in the byte of an A: a copy in one byte a character would be found by another text.
    find('\u0141')
    expect(find('A')).toEqual({ text: 'A' })
    expect(find('\u0141')).toEqual({ text: '\u0141' })
    expect(made).toBe(6)
  })
})
