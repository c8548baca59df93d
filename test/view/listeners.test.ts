import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/feed.ts'
import { listeners } from '../../src/view/listeners.ts'

const ended = (...sessions: string[]): Change => ({ kind: 'ended', sessions, reason: 'signed_out', at: 0 })

describe('listeners', () => {
  it('hear once of what concerns their session or user, and of everyone, until cancelled', () => {
    const heard = { a: 0, b: 0 }
    const all = listeners()
    const cancel = all.add(['s1', 'u1'], () => {
      heard.a += 1
    })
    all.add(['s2', 'u1'], () => {
      heard.b += 1
    })
    all.tell(ended('s1', 's9'))
    expect(heard).toEqual({ a: 1, b: 0 })
    all.tell({ kind: 'user', user: 'u1', ended: null })
    expect(heard).toEqual({ a: 2, b: 1 })
    all.tell({ kind: 'session', session: 's2' })
    all.tell({ kind: 'everyone', everyone: 1 })
    expect(heard).toEqual({ a: 3, b: 3 })
    cancel()
    cancel()
    all.tell({ kind: 'user', user: 'u1', ended: null })
    all.tell(ended('s1', 's2'))
    expect(heard).toEqual({ a: 3, b: 5 })
  })
})
