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
    for (let n = 0; n < 25_000; n++) find(`a${n}`)
    find('a0') // still in the young generation
    for (let n = 0; n < 25_000; n++) find(`b${n}`)
    const before = made
    find('a1') // the older generation is not forgotten yet, and this brings it into the young one
    expect(made).toBe(before)
    for (let n = 0; n < 24_999; n++) find(`c${n}`)
    find('a1')
    expect(made).toBe(before + 24_999)
    find('a2')
    expect(made).toBe(before + 25_000)
  })
})
