import { describe, expect, it } from 'vitest'
import { telling } from '../../../src/credentials/password/telling.ts'

/** One answer after the other, each of which took so long, milliseconds; all were asked for at the beginning. */
function told(took: readonly number[]): readonly (readonly number[])[] {
  const all: (readonly number[])[] = []
  const done = telling<number>((answers) => all.push(answers))
  let now = 1000
  for (const [i, ms] of took.entries()) {
    const began = now
    now += ms
    done(i, { waiting: took.length - 1 - i, began, now })
  }
  return all
}

describe('how a thread that hashes tells of what it has done', () => {
  it('TH-10: tells of as many at once as there are left to do', () => {
    expect(told([8, 8, 8, 8, 8, 8, 8, 8])).toEqual([[0, 1, 2, 3], [4, 5], [6], [7]])
  })

  it('TH-10: keeps nothing from whoever asks for one or two', () => {
    expect(told([8])).toEqual([[0]])
    expect(told([8, 8])).toEqual([[0], [1]])
  })

  it('TH-10: keeps an answer for 50 ms at most', () => {
    expect(told(Array.from({ length: 20 }, () => 10)).at(0)).toEqual([0, 1, 2, 3, 4, 5])
    expect(told([30, 30, 30, 30, 30])).toEqual([[0, 1], [2, 3], [4]])
  })

  it('TH-10: keeps no answer while another one takes longer than that', () => {
    expect(told([60, 60, 60, 60])).toEqual([[0], [1], [2], [3]])
  })

  it('tells of each once, whenever it is asked for more', () => {
    const all: number[] = []
    const done = telling<number>((answers) => all.push(...answers))
    for (const [i, waiting] of [3, 2, 7, 6, 5, 4, 3, 2, 1, 0].entries()) done(i, { waiting, began: i, now: i + 1 })
    expect(all).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })
})
