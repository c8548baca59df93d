import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { entrance } from '../src/entrance.ts'
import { StoreUnavailable } from '../src/errors.ts'

/** What is waited for until it is let go. */
function held() {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  return { promise, letGo: resolve, fail: reject }
}

const nothing = async () => {}

describe('the way into a store', () => {
  it('is closed at first: no verb begins', async () => {
    const { into } = entrance('here')
    let begun = false
    const { verb } = into({
      async verb() {
        begun = true
      },
    })
    await expect(verb()).rejects.toThrow(
      new StoreUnavailable('here is not open: call open() on the source of the store first'),
    )
    expect(begun).toBe(false)
  })

  it('hands on what verbs are given and answer, and leaves what is none as it is', async () => {
    const { ports, open } = entrance('here')
    const source = { name: 'one' }
    const store = ports({ numbers: { add: async (a: number, b: number) => a + b, source } })
    await open(nothing)
    expect(await store.numbers.add(1, 2)).toBe(3)
    expect(store.numbers.source).toBe(source)
  })

  it('opens once for all who ask, and not when what it takes fails', async () => {
    const { into, open } = entrance('here')
    const { verb } = into({ verb: async () => 'answer' })
    const work = held()
    let begun = 0
    const opening = () => {
      begun += 1
      return work.promise
    }
    const both = Promise.allSettled([open(opening), open(opening)])
    await turn()
    work.fail(new Error('not now'))
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(begun).toBe(2)
    await expect(verb()).rejects.toThrow(StoreUnavailable)
    await Promise.all([open(nothing), open(() => Promise.reject(new Error('open already')))])
    await open(() => Promise.reject(new Error('open already')))
    expect(await verb()).toBe('answer')
  })

  it('closes when everybody who came in has come out again, and lets nobody in meanwhile', async () => {
    const { into, open, close } = entrance('here')
    const [first, second] = [held(), held()]
    const inside = into({ verb: (what: Promise<void>) => what })
    await open(nothing)
    const answers = Promise.allSettled([inside.verb(first.promise), inside.verb(second.promise)])
    let closed = false
    const closing = close(() => {
      closed = true
    })
    await expect(inside.verb(Promise.resolve())).rejects.toThrow(StoreUnavailable)
    first.letGo()
    await turn()
    expect(closed).toBe(false)
    // Who fails has come out too.
    second.fail(new Error('failed'))
    await closing
    expect(closed).toBe(true)
    expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  })

  it('closes once for all who ask, and after what is being opened', async () => {
    const { into, open, close } = entrance('here')
    const { verb } = into({ verb: nothing })
    const work = held()
    const said: string[] = []
    const opening = open(() => work.promise.then(() => void said.push('opened')))
    await turn()
    const shut = () => void said.push('closed')
    const both = Promise.all([close(shut), close(shut)])
    await turn()
    expect(said).toEqual([])
    work.letGo()
    await Promise.all([opening, both])
    expect(said).toEqual(['opened', 'closed'])
    await expect(verb()).rejects.toThrow(StoreUnavailable)
  })

  it('is in the end what was asked for last, whatever was under way', async () => {
    const { into, open, close } = entrance('here')
    const { verb } = into({ verb: async () => 'answer' })
    const said: string[] = []
    const opening = () => open(async () => void said.push('opened'))
    const closing = () => close(() => void said.push('closed'))
    await Promise.all([opening(), closing(), opening(), closing()])
    await expect(verb()).rejects.toThrow(StoreUnavailable)
    await Promise.all([opening(), closing(), closing(), opening()])
    expect(await verb()).toBe('answer')
    expect(said).toEqual(['opened', 'closed', 'opened', 'closed', 'opened', 'closed', 'opened'])
  })

  it('opens again after what is being closed, also when closing failed', async () => {
    const { into, open, close } = entrance('here')
    const { verb } = into({ verb: async () => 'answer' })
    await open(nothing)
    const work = held()
    const said: string[] = []
    const closing = close(() => work.promise)
    const opening = open(async () => void said.push('opened'))
    await turn()
    expect(said).toEqual([])
    work.fail(new Error('the disk is gone'))
    await expect(closing).rejects.toThrow('the disk is gone')
    await opening
    expect(await verb()).toBe('answer')
  })
})
